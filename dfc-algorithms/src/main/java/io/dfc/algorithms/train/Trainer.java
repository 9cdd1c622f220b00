package io.dfc.algorithms.train;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.DivergenceException;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.Recording;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.PhaseResult;

import java.util.List;

/**
 * Trains a network. Deterministic: shuffling and noise depend on the seed and on how far the run
 * has come, on nothing else, so a run that continues from a {@link TrainingSnapshot} gives the same
 * bits as one that was never interrupted.
 */
public final class Trainer {
    private static final double NANOS = 1e9;

    private final TrainingSpec spec;
    private final DataSplits data;
    private final List<TrainingListener> listeners;
    private final LoopMeasurement measurement;
    private final boolean classification;
    private final Batches training;
    private final Batches validation;
    private final Batches test;

    private Engine engine;
    private TrainingSnapshot snapshot;
    private int sweeps;
    private int minibatches;

    /**
     * A trainer for one run.
     *
     * @param spec what to do
     * @param data what to learn from
     * @param listeners are told about it, in order
     * @throws BadConfigurationException if the data do not fit the network
     */
    public Trainer(TrainingSpec spec, DataSplits data, List<? extends TrainingListener> listeners) {
        this(spec, data, listeners, LoopMeasurement.none());
    }

    /**
     * A trainer for one run, some of whose loops are recorded.
     *
     * @param spec what to do
     * @param data what to learn from
     * @param listeners are told about it, in order
     * @param measurement which loops are recorded
     * @throws BadConfigurationException if the data do not fit the network
     */
    public Trainer(
            TrainingSpec spec,
            DataSplits data,
            List<? extends TrainingListener> listeners,
            LoopMeasurement measurement) {
        this.spec = spec;
        this.data = data;
        this.listeners = List.copyOf(listeners);
        this.measurement = measurement;
        DataSet train = data.train();
        requireFit(train);
        classification = train.classification();
        int batch = spec.plan().maxBatch();
        training = new Batches(train, batch);
        validation = new Batches(data.validation(), batch);
        test = new Batches(data.test(), batch);
    }

    private void requireFit(DataSet train) {
        int inputs = spec.plan().network().inputs();
        int outputs = spec.plan().network().outputs();
        if (train.size() == 0) {
            throw new BadConfigurationException(
                    "data", "the training set of " + train.name() + " is empty");
        }
        if (train.inputSize() != inputs || train.outputSize() != outputs) {
            throw new BadConfigurationException(
                    "network",
                    "has "
                            + inputs
                            + " inputs and "
                            + outputs
                            + " outputs, but "
                            + train.name()
                            + " has "
                            + train.inputSize()
                            + " and "
                            + train.outputSize());
        }
    }

    /**
     * Runs from the start.
     *
     * @param backend an open backend that supports the plan
     * @return the result
     * @throws DivergenceException if a number leaves its range
     */
    public TrainingResult run(Backend backend) {
        return resume(backend, TrainingSnapshot.start(spec.initial()));
    }

    /**
     * Continues a run.
     *
     * @param backend an open backend that supports the plan
     * @param from state to continue from
     * @return the result
     * @throws DivergenceException if a number leaves its range
     */
    public TrainingResult resume(Backend backend, TrainingSnapshot from) {
        try (Engine opened = backend.compile(spec.plan())) {
            return resume(opened, from);
        }
    }

    /**
     * Continues a run on an engine that the caller has compiled, such as one of several that train
     * side by side.
     *
     * @param opened an engine for the run's plan; stays open
     * @param from state to continue from
     * @return the result
     * @throws DivergenceException if a number leaves its range
     */
    public TrainingResult resume(Engine opened, TrainingSnapshot from) {
        engine = opened;
        snapshot = from;
        sweeps = from.progress().sweeps();
        minibatches = from.progress().minibatches();
        engine.load(from.state());
        listeners.forEach(l -> l.started(spec, from.progress()));
        pretrain();
        TrainingResult.Reason reason = trainEpochs();
        TrainingResult result = new TrainingResult(snapshot, reason);
        listeners.forEach(l -> l.finished(result));
        return result;
    }

    private void pretrain() {
        int wanted = spec.feedback().pretrainingEpochs();
        for (int sweep = snapshot.progress().pretrainingSweeps() + 1; sweep <= wanted; sweep++) {
            long start = System.nanoTime();
            run(Sweep.PRETRAINING, sweep, wanted);
            Progress p = snapshot.progress();
            snapshot =
                    new TrainingSnapshot(
                            engine.snapshot(),
                            snapshot.best(),
                            new Progress(
                                    sweep,
                                    p.epochs(),
                                    sweeps,
                                    minibatches,
                                    p.bestEpoch(),
                                    p.bestValidation(),
                                    p.bestTest(),
                                    p.bestTrain(),
                                    p.last(),
                                    p.lowestTrainLoss(),
                                    p.lowestTrainLossEpoch()));
            double spent = seconds(start);
            listeners.forEach(l -> l.pretrainingSweepDone(snapshot, spent));
        }
    }

    private TrainingResult.Reason trainEpochs() {
        TrainingResult.Reason reason = reasonToStop(snapshot.progress());
        for (int epoch = snapshot.progress().epochs() + 1;
                reason == null && epoch <= spec.epochs();
                epoch++) {
            runEpoch(epoch);
            reason = reasonToStop(snapshot.progress());
        }
        return reason == null ? TrainingResult.Reason.COMPLETE : reason;
    }

    private void runEpoch(int epoch) {
        long start = System.nanoTime();
        if (spec.feedback().beforeForward()) {
            run(Sweep.FEEDBACK, epoch, spec.epochs());
        }
        SweepResult forward = run(Sweep.FORWARD, epoch, spec.epochs());
        for (int i = 0; i < spec.feedback().extraEpochs(); i++) {
            run(Sweep.FEEDBACK, epoch, spec.epochs());
        }
        Evaluation onValidation = Evaluator.evaluate(engine, validation, classification);
        Evaluation onTest = Evaluator.evaluate(engine, test, classification);
        Progress p = snapshot.progress();
        // Without a validation set the last epoch is the one reported: choosing by the test set
        // would flatter. So it is where rates fall to zero: the end is the calmest, and a few
        // validation samples would often choose an epoch that was only lucky.
        boolean best =
                data.validation().size() == 0
                        || spec.schedule() == RateSchedule.LINEAR
                        || p.bestEpoch() == 0
                        || onValidation.isBetterThan(p.bestValidation());
        Evaluation train = forward.evaluation();
        boolean lowest = train.loss() < p.lowestTrainLoss();
        double spent = seconds(start);
        var state = engine.snapshot();
        snapshot =
                new TrainingSnapshot(
                        state,
                        best ? state.parameters() : snapshot.best(),
                        new Progress(
                                p.pretrainingSweeps(),
                                epoch,
                                sweeps,
                                minibatches,
                                best ? epoch : p.bestEpoch(),
                                best ? onValidation : p.bestValidation(),
                                best ? onTest : p.bestTest(),
                                best ? train : p.bestTrain(),
                                train,
                                lowest ? train.loss() : p.lowestTrainLoss(),
                                lowest ? epoch : p.lowestTrainLossEpoch()));
        EpochReport report =
                new EpochReport(
                        epoch, train, onValidation, onTest, best, forward.convergence(), spent);
        listeners.forEach(l -> l.epochDone(report, snapshot));
    }

    private TrainingResult.Reason reasonToStop(Progress p) {
        StopRules stop = spec.stop();
        if (classification
                && p.epochs() > stop.afterEpoch()
                && 1 - p.last().error() < stop.minTrainAccuracy()) {
            return TrainingResult.Reason.LOW_ACCURACY;
        }
        if (stop.patience() > 0 && p.epochs() - p.lowestTrainLossEpoch() >= stop.patience()) {
            return TrainingResult.Reason.NO_IMPROVEMENT;
        }
        return null;
    }

    private record SweepResult(Evaluation evaluation, ConvergenceCounts convergence) {}

    private SweepResult run(Sweep sweep, int epoch, int epochs) {
        training.shuffle(spec.seed(), sweeps);
        StepHandle step = spec.learning().step(sweep).orElseThrow();
        Evaluator.Tally tally = new Evaluator.Tally(classification, training.lossFactor());
        LoopCounts counts = new LoopCounts();
        for (int i = 0; i < training.count(); i++) {
            Position at = new Position(sweep == Sweep.PRETRAINING ? 0 : epoch, i + 1);
            ForwardResult forward = engine.forward(training.get(i));
            tally.add(forward);
            at.require(forward.loss(), "the loss is " + forward.loss());
            double done = (epoch - 1 + (double) i / training.count()) / epochs;
            double rate = sweep == Sweep.FORWARD ? spec.schedule().scale(done) : 1;
            learn(sweep, step, rate, at, counts);
            at.requireSmall();
            minibatches++;
            Evaluation so = tally.evaluation();
            MinibatchEvent event =
                    new MinibatchEvent(
                            sweep,
                            epoch,
                            epochs,
                            i + 1,
                            training.count(),
                            tally.samples(),
                            so.loss(),
                            so.error());
            listeners.forEach(l -> l.minibatchDone(event));
        }
        sweeps++;
        return new SweepResult(tally.evaluation(), counts.counts());
    }

    private void learn(Sweep sweep, StepHandle step, double rate, Position at, LoopCounts counts) {
        Noise noise = new Noise.Generated(spec.seed(), minibatches);
        PhaseResult result =
                switch (step.phase()) {
                    case LoopHandle loop -> {
                        LoopResult of = run(loop, sweep, noise);
                        counts.add(of);
                        yield of;
                    }
                    case PerturbationHandle phase -> engine.run(phase, noise);
                    case ProgramHandle phase -> engine.run(phase, noise);
                };
        for (int layer = 0; layer < spec.plan().network().depth(); layer++) {
            double norm = result.gradientNorm(step.gradient(), layer);
            at.require(norm, "the gradient of layer " + (layer + 1) + " is " + norm);
        }
        engine.apply(step.at(rate));
    }

    private LoopResult run(LoopHandle loop, Sweep sweep, Noise noise) {
        Recording recording = measurement.recording(sweep, minibatches);
        LoopResult result = engine.run(loop, noise, recording);
        if (recording.isActive()) {
            measurement.measured(sweep, minibatches, result);
        }
        return result;
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / NANOS;
    }

    /** A place in the run, for checks that name it. */
    private final class Position {
        private final int epoch;
        private final int minibatch;

        Position(int epoch, int minibatch) {
            this.epoch = epoch;
            this.minibatch = minibatch;
        }

        private String remedy() {
            return spec.learning().forwardLoop().isPresent()
                    ? "; try a lower learning rate, a smaller target.step-size or a smaller control.time-step"
                    : "; try a lower forward.learning-rate";
        }

        void require(double value, String problem) {
            if (!Double.isFinite(value)) {
                throw new DivergenceException(epoch, minibatch, problem + remedy());
            }
        }

        void requireSmall() {
            double limit = spec.stop().maxParameter();
            for (int layer = 0; layer < spec.plan().network().depth(); layer++) {
                double largest = engine.largestParameter(layer);
                if (!(largest <= limit)) {
                    throw new DivergenceException(
                            epoch,
                            minibatch,
                            "a parameter of layer "
                                    + (layer + 1)
                                    + " is "
                                    + largest
                                    + ", beyond "
                                    + limit
                                    + remedy());
                }
            }
        }
    }

    /** Counts the samples of a sweep's loops. */
    private static final class LoopCounts {
        private long samples;
        private long converged;
        private long diverged;
        private long fallback;

        void add(LoopResult result) {
            samples += result.samples();
            converged += result.converged();
            diverged += result.diverged();
            fallback += result.fallbackSamples();
        }

        ConvergenceCounts counts() {
            return new ConvergenceCounts(
                    converged, diverged, samples - converged - diverged, fallback);
        }
    }
}
