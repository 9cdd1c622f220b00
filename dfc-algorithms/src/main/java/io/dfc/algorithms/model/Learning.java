package io.dfc.algorithms.model;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.MinibatchCopy;
import io.dfc.algorithms.diagnostics.run.LoopStability;
import io.dfc.algorithms.train.BestEpoch;
import io.dfc.algorithms.train.EpochReport;
import io.dfc.algorithms.train.Evaluation;
import io.dfc.algorithms.train.OnlineTrainer;
import io.dfc.algorithms.train.Progress;
import io.dfc.algorithms.train.Trainer;
import io.dfc.algorithms.train.TrainingListener;
import io.dfc.algorithms.train.TrainingResult;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.algorithms.train.TrainingSpec;
import io.dfc.api.error.MisuseException;
import io.dfc.api.network.Parameters;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * What changes the parameters of a model, one call at a time. What was learnt last is published as
 * a whole, for other threads to predict with: after every epoch, and after every minibatch of a
 * stream that somebody has predicted since.
 */
final class Learning implements AutoCloseable {
    /** Minibatches that nobody looks at are published now and then, to fall back to. */
    private static final int UNPUBLISHED = 256;

    private static final long LOOK_AGAIN_NANOS = 20_000;

    /** Samples whose loops are judged before the first fit. */
    private static final int JUDGED = 8;

    private final ReentrantLock lock = new ReentrantLock();
    private final ModelBackend backend;
    private final Optional<ModelSettings> settings;
    private final long seed;

    @SuppressWarnings("NullAway.Init") // null before anything is learnt
    private volatile Learnt learnt;

    /** Whether the engine is ahead of what is published. */
    private volatile boolean ahead;

    /** Whether somebody has predicted since the last publication. */
    private volatile boolean read;

    @SuppressWarnings("NullAway.Init") // null while none is compiled
    private Engine engine;

    @SuppressWarnings("NullAway.Init") // of the engine
    private OnlineTrainer online;

    private int unpublished;
    private volatile boolean closed;

    /** Learning of a model that knows no samples yet. */
    Learning(ModelBackend backend, ModelSettings settings) {
        this.backend = backend;
        this.settings = Optional.of(settings);
        seed = settings.seed();
    }

    /** Learning that goes on. */
    Learning(ModelBackend backend, Learnt learnt) {
        this.backend = backend;
        settings = Optional.empty();
        seed = learnt.definition().configuration().seed();
        this.learnt = learnt;
    }

    /** {@return whether there is anything to predict with} */
    boolean hasLearnt() {
        return learnt != null;
    }

    /** What was learnt last; a minibatch that is being learnt does not count yet. */
    Learnt current() {
        requireOpen();
        read = true;
        while (ahead) {
            // Whoever learns publishes after this minibatch, now that somebody has asked.
            if (lock.tryLock()) {
                try {
                    publish();
                } finally {
                    lock.unlock();
                }
            } else {
                LockSupport.parkNanos(LOOK_AGAIN_NANOS);
            }
        }
        Learnt now = learnt;
        if (now == null) {
            throw new MisuseException(
                    "the model has learnt nothing yet; call fit or learn first, or load a model");
        }
        return now;
    }

    private void publish() {
        if (ahead) {
            read = false;
            learnt = learnt.with(engine.snapshot(), progress());
            unpublished = 0;
            ahead = false;
        }
    }

    private Progress progress() {
        Progress p = learnt.progress();
        return new Progress(
                p.pretrainingSweeps(),
                p.epochs(),
                p.sweeps(),
                online.minibatches(),
                p.best(),
                p.last(),
                p.lowestTrainLoss(),
                p.lowestTrainLossEpoch());
    }

    private void requireOpen() {
        if (closed) {
            throw new MisuseException("the model is closed; create or load another");
        }
    }

    /** A listener of a fit is called while the engine is in use. */
    private void requireAlone() {
        requireOpen();
        if (lock.getHoldCount() > 1) {
            throw new MisuseException(
                    "the model is learning: a listener may predict and save, and change nothing");
        }
    }

    FitResult fit(Data data, Fit fit) {
        lock.lock();
        try {
            requireAlone();
            publish();
            Definition.Prepared prepared =
                    learnt == null
                            ? Definition.first(settings.orElseThrow(), data, fit, seed)
                            : learnt.definition().further(data, fit, seed);
            return run(prepared, fit);
        } finally {
            lock.unlock();
        }
    }

    private FitResult run(Definition.Prepared prepared, Fit fit) {
        TrainingSpec spec = prepared.definition().spec();
        DataSet train = prepared.splits().train();
        List<String> notes =
                learnt == null ? stability(prepared.definition(), spec, train) : List.of();
        TrainingSnapshot start = start(spec, train.size());
        Keeper keeper = new Keeper(prepared.definition(), learnt == null);
        List<TrainingListener> listeners = new ArrayList<>(List.of(keeper));
        listeners.addAll(fit.listeners());
        compile(spec);
        boolean complete = false;
        try {
            TrainingResult result =
                    new Trainer(spec, prepared.splits(), listeners).resume(engine, start);
            keeper.keep(result.snapshot());
            complete = true;
            return report(result, notes);
        } finally {
            if (learnt == null || !complete) {
                // The engine may hold numbers out of range, and the next call compiles another.
                closeEngine();
            } else {
                engine.load(learnt.state());
                online = new OnlineTrainer(spec, engine, learnt.progress().minibatches());
            }
        }
    }

    private static List<String> stability(Definition definition, TrainingSpec spec, DataSet train) {
        return LoopStability.check(
                spec.plan(),
                spec.initial(),
                MinibatchCopy.first(train, JUDGED).inputs(),
                definition.configuration().diagnostics().stability());
    }

    /** A first fit begins as drawn; others go on, with the next shuffles and the next noise. */
    private TrainingSnapshot start(TrainingSpec spec, int samples) {
        if (learnt == null) {
            return TrainingSnapshot.start(spec.initial());
        }
        int minibatches = Math.ceilDiv(samples, spec.plan().maxBatch());
        Parameters parameters = spec.plan().select(learnt.state().parameters());
        Progress p = learnt.progress();
        return new TrainingSnapshot(
                new EngineState(parameters, learnt.state().optimizers()),
                parameters,
                new Progress(
                        spec.learning().pretrainingSweeps(minibatches),
                        0,
                        p.sweeps(),
                        p.minibatches(),
                        BestEpoch.NONE,
                        Evaluation.NONE,
                        Double.POSITIVE_INFINITY,
                        0));
    }

    /** Publishes what a fit has brought, epoch by epoch. */
    private final class Keeper implements TrainingListener {
        private final Definition definition;
        private final boolean first;

        Keeper(Definition definition, boolean first) {
            this.definition = definition;
            this.first = first;
        }

        @Override
        public void epochDone(EpochReport report, TrainingSnapshot snapshot) {
            keep(snapshot);
        }

        /** Nothing changes before the first epoch, unless none was wanted. */
        void keep(TrainingSnapshot snapshot) {
            Progress progress = snapshot.progress();
            boolean asWanted = first && definition.configuration().epochs() == 0;
            if (progress.epochs() == 0 && !asWanted) {
                return;
            }
            EngineState state =
                    progress.bestEpoch() == progress.epochs()
                            ? snapshot.state()
                            : new EngineState(snapshot.best());
            learnt = Learnt.of(definition, state, progress);
        }
    }

    private static FitResult report(TrainingResult result, List<String> notes) {
        Progress p = result.snapshot().progress();
        return new FitResult(
                p.epochs(),
                p.bestEpoch(),
                p.bestTrain(),
                p.bestValidation(),
                result.reason(),
                notes);
    }

    Evaluation learn(Data data) {
        lock.lock();
        try {
            requireAlone();
            if (learnt == null) {
                begin(data);
            }
            DataSet samples = learnt.encoder().encode(data);
            requireTrainer();
            return learn(samples);
        } finally {
            lock.unlock();
        }
    }

    private void begin(Data data) {
        Definition definition = Definition.online(settings.orElseThrow(), data);
        DataSet samples = definition.encoder().encode(data);
        TrainingSpec spec = definition.spec();
        stability(definition, spec, samples);
        learnt = Learnt.of(definition, new EngineState(spec.initial()), Progress.none());
    }

    private void requireTrainer() {
        if (engine == null) {
            TrainingSpec spec = learnt.definition().spec();
            compile(spec);
            engine.load(
                    new EngineState(
                            spec.plan().select(learnt.state().parameters()),
                            learnt.state().optimizers()));
            online = new OnlineTrainer(spec, engine, learnt.progress().minibatches());
        }
    }

    /** In minibatches; an interrupt ends it after one. */
    private Evaluation learn(DataSet samples) {
        int most = engine.plan().maxBatch();
        double loss = 0;
        double error = 0;
        int done = 0;
        while (done < samples.size() && (done == 0 || !Thread.currentThread().isInterrupted())) {
            int count = Math.min(most, samples.size() - done);
            Evaluation e = step(samples.subset(IntStream.range(done, done + count).toArray()));
            loss += e.loss() * count;
            error += e.error() * count;
            done += count;
        }
        return new Evaluation(loss / done, error / done);
    }

    private Evaluation step(DataSet minibatch) {
        boolean complete = false;
        try {
            Evaluation before = online.learn(minibatch);
            complete = true;
            ahead = true;
            if (read || ++unpublished >= UNPUBLISHED) {
                publish();
            }
            return before;
        } finally {
            if (!complete) {
                // What was published last is all that is known to be good.
                ahead = false;
                closeEngine();
            }
        }
    }

    void restore(Learnt earlier) {
        lock.lock();
        try {
            requireAlone();
            ahead = false;
            closeEngine();
            learnt = earlier;
        } finally {
            lock.unlock();
        }
    }

    private void compile(TrainingSpec spec) {
        closeEngine();
        engine = backend.compile(spec.plan());
    }

    @SuppressWarnings("NullAway") // fields without an engine are not read
    private void closeEngine() {
        if (engine != null) {
            engine.close();
        }
        engine = null;
        online = null;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                requireAlone();
                closed = true;
                ahead = false;
                closeEngine();
                backend.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
