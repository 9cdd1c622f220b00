package io.dfc.algorithms.model;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.train.Evaluation;
import io.dfc.api.error.MisuseException;
import io.dfc.api.error.PlanUnsupportedException;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The open backend of a model, and the engine on which it predicts. Any number of threads may
 * predict; what changes or closes the backend waits for them.
 */
final class ModelBackend implements AutoCloseable {
    private final Backends.Request request;
    private final ReadWriteLock inUse = new ReentrantReadWriteLock();
    private Backends.Selection selection;
    private @Nullable PredictionEngine predictions;
    private volatile String explanation;
    private boolean closed;

    /**
     * Opens a backend.
     *
     * @param request which
     * @param plans plans that it has to run
     */
    ModelBackend(Backends.Request request, List<Plan> plans) {
        this.request = request;
        open(plans);
    }

    /** A backend for what was learnt elsewhere: one that goes on with it, or else predicts. */
    static ModelBackend of(Backends.Request request, Learnt learnt) {
        Plan predicting = learnt.predicting();
        try {
            return new ModelBackend(
                    request, List.of(predicting, learnt.definition().learningPlan()));
        } catch (PlanUnsupportedException e) {
            return new ModelBackend(request, List.of(predicting));
        }
    }

    private void open(List<Plan> plans) {
        selection = request.open(plans);
        explanation = selection.explanation() + reason();
    }

    private String reason() {
        if (!request.name().equals(Backends.AUTO)) {
            return ", as asked for";
        }
        String property = System.getProperty(Backends.PROPERTY, Backends.AUTO);
        if (!property.equals(Backends.AUTO)) {
            return ", as the system property " + Backends.PROPERTY + " asks for";
        }
        return ", the first that runs network and method of: "
                + Backends.discover().listings().stream()
                        .map(Backends.Listing::name)
                        .collect(Collectors.joining(", "));
    }

    /** Which backend was taken, and why, in one line. */
    String explanation() {
        return explanation;
    }

    /**
     * Compiles an engine that learns; no other may be open. A backend that does not run the plan
     * gives way to one that does, where the choice was free.
     */
    Engine compile(Plan learning) {
        inUse.writeLock().lock();
        try {
            requireOpen();
            boolean free = request.name().equals(Backends.AUTO);
            if (free && !selection.backend().supports(learning).isSupported()) {
                Backends.Selection next = request.open(List.of(learning));
                closeBackend();
                selection = next;
                explanation = next.explanation() + reason();
            }
            return selection.backend().compile(learning);
        } finally {
            inUse.writeLock().unlock();
        }
    }

    /** Outputs of samples. */
    double[] outputs(Learnt learnt, double[] inputs, int samples) {
        return predict(
                learnt, engine -> engine.outputs(learnt.state().parameters(), inputs, samples));
    }

    /** Loss and error on samples. */
    Evaluation evaluate(Learnt learnt, DataSet samples) {
        return predict(learnt, engine -> engine.evaluate(learnt.state().parameters(), samples));
    }

    private <T> T predict(Learnt learnt, Function<PredictionEngine, T> use) {
        inUse.readLock().lock();
        try {
            requireOpen();
            return use.apply(predictions(learnt.predicting()));
        } finally {
            inUse.readLock().unlock();
        }
    }

    private synchronized PredictionEngine predictions(Plan predicting) {
        PredictionEngine known = predictions;
        if (known == null) {
            known = new PredictionEngine(selection.backend().compile(predicting));
            predictions = known;
        }
        return known;
    }

    private void requireOpen() {
        if (closed) {
            throw new MisuseException("the model is closed; create or load another");
        }
    }

    private void closeBackend() {
        if (predictions != null) {
            predictions.close();
            predictions = null;
        }
        selection.backend().close();
    }

    @Override
    public void close() {
        inUse.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                closeBackend();
            }
        } finally {
            inUse.writeLock().unlock();
        }
    }
}
