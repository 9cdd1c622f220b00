package io.dfc.algorithms.model;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.train.Evaluation;
import io.dfc.algorithms.train.Evaluator;
import io.dfc.api.network.Parameters;
import io.dfc.api.spi.Engine;
import io.dfc.api.tensor.Tensor;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/** An engine that predicts with whatever parameters a caller holds. Thread-safe. */
final class PredictionEngine implements AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private final Engine engine;
    private @Nullable Parameters loaded;

    /**
     * An engine.
     *
     * @param engine an engine of a plan that predicts; closed with this one
     */
    PredictionEngine(Engine engine) {
        this.engine = engine;
    }

    /**
     * Outputs of samples, all with the same parameters.
     *
     * @param parameters the parameters
     * @param inputs inputs of the network, row-major
     * @param samples number of samples, at least 1
     * @return the outputs, row-major
     */
    double[] outputs(Parameters parameters, double[] inputs, int samples) {
        int width = engine.plan().network().inputs();
        int units = engine.plan().network().outputs();
        int most = engine.plan().maxBatch();
        double[] outputs = new double[samples * units];
        for (int from = 0; from < samples; from += most) {
            int count = Math.min(most, samples - from);
            Tensor some =
                    Tensor.wrap(
                            Arrays.copyOfRange(inputs, from * width, (from + count) * width),
                            count,
                            width);
            double[] out = outputs(parameters, some);
            System.arraycopy(out, 0, outputs, from * units, count * units);
        }
        return outputs;
    }

    /** One minibatch: others may come in between, with other parameters. */
    private double[] outputs(Parameters parameters, Tensor inputs) {
        lock.lock();
        try {
            load(parameters);
            int last = engine.plan().network().depth() - 1;
            return engine.infer(inputs).rate(last).toDoubles();
        } finally {
            lock.unlock();
        }
    }

    /** Loss and error on samples; others wait meanwhile. */
    Evaluation evaluate(Parameters parameters, DataSet samples) {
        lock.lock();
        try {
            load(parameters);
            return Evaluator.evaluate(engine, samples);
        } finally {
            lock.unlock();
        }
    }

    private void load(Parameters parameters) {
        if (isLoaded(parameters)) {
            return;
        }
        loaded = null;
        engine.setParameters(engine.plan().select(parameters));
        loaded = parameters;
    }

    /** To compare all numbers would take as long as to load them. */
    @SuppressWarnings("ReferenceEquality")
    private boolean isLoaded(Parameters parameters) {
        return loaded == parameters;
    }

    @Override
    public void close() {
        engine.close();
    }
}
