package io.dfc.algorithms.train;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.event.TrainingEvents;
import io.dfc.algorithms.measure.MeasuredUpdate;
import io.dfc.algorithms.measure.Measurements;
import io.dfc.algorithms.measure.RunMeasurement;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.DivergenceException;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.SampleBuffer;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/**
 * Trains a network. Deterministic: shuffling and noise depend on the seed and on how far the run
 * has come, on nothing else, so a run that continues from a {@link TrainingSnapshot} gives the same
 * bits as one that was never interrupted.
 *
 * <p>A run ends within a minibatch once its thread is interrupted, as by {@code
 * Future.cancel(true)}: its result is the last finished epoch, or pre-training sweep, and the
 * thread stays interrupted. For one thread at a time.
 */
public final class Trainer {
    private static final double NANOS = 1e9;

    private final TrainingSpec spec;
    private final DataSplits data;
    private final List<TrainingListener> listeners;
    private final RunMeasurement measurement;
    private final TrainingEvents events = TrainingEvents.ofThisMachine();
    private final boolean classification;

    // Of the run: what it starts from sets them all.
    @SuppressWarnings("NullAway.Init")
    private Engine engine;

    @SuppressWarnings("NullAway.Init")
    private Minibatches samples;

    @SuppressWarnings("NullAway.Init")
    private Minibatches validation;

    @SuppressWarnings("NullAway.Init")
    private Minibatches test;

    @SuppressWarnings("NullAway.Init")
    private TrainingSnapshot snapshot;

    private int sweeps;
    private int minibatches;

    /** Of the epoch. */
    private int feedbackMinibatches;

    /**
     * A trainer for one run.
     *
     * @param spec what to do
     * @param data what to learn from
     * @param listeners receive its events, in order
     * @throws BadConfigurationException if the data do not fit the network
     */
    public Trainer(TrainingSpec spec, DataSplits data, List<? extends TrainingListener> listeners) {
        this(spec, data, listeners, RunMeasurement.none());
    }

    /**
     * A trainer for one run, some of whose loops are recorded and updates measured.
     *
     * @param spec what to do
     * @param data what to learn from
     * @param listeners receive its events, in order
     * @param measurement which loops are recorded, and which updates are measured
     * @throws BadConfigurationException if the data do not fit the network
     */
    public Trainer(
            TrainingSpec spec,
            DataSplits data,
            List<? extends TrainingListener> listeners,
            RunMeasurement measurement) {
        this.spec = spec;
        this.data = data;
        this.listeners = List.copyOf(listeners);
        this.measurement = measurement;
        DataSet train = data.train();
        requireFit(train);
        classification = train.classification();
    }

    private void requireFit(DataSet train) {
        int inputs = spec.plan().network().inputs();
        int outputs = spec.plan().network().outputs();
        if (train.size() == 0) {
            throw new BadConfigurationException(
                    "data", "the training set of " + train.name() + " is empty");
        }
        if (train.inputSize() != inputs || !fits(train, outputs)) {
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

    /** Outputs beyond the classes have no target. */
    private static boolean fits(DataSet train, int outputs) {
        return train.classification()
                ? train.outputSize() <= outputs
                : train.outputSize() == outputs;
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
        samples = new Minibatches(data.train(), engine);
        validation = new Minibatches(data.validation(), engine);
        test = new Minibatches(data.test(), engine);
        snapshot = from;
        sweeps = from.progress().sweeps();
        minibatches = from.progress().minibatches();
        engine.load(from.state());
        listeners.forEach(l -> l.started(spec, from.progress()));
        TrainingResult.Reason reason = train();
        TrainingResult result = new TrainingResult(snapshot, reason);
        listeners.forEach(l -> l.finished(result));
        return result;
    }

    private TrainingResult.Reason train() {
        try {
            pretrain();
            return trainEpochs();
        } catch (InterruptedRun e) {
            // What came after the last snapshot is dropped, in the engine too.
            engine.load(snapshot.state());
            return TrainingResult.Reason.INTERRUPTED;
        }
    }

    private void pretrain() {
        int wanted = spec.learning().pretrainingSweeps(samples.count());
        for (int done = snapshot.progress().pretrainingSweeps(); done < wanted; done++) {
            long start = System.nanoTime();
            var next = spec.learning().pretraining(done, samples.count());
            run(next.sweep(), next.number(), Part.PRETRAINING, done + 1, wanted);
            snapshot =
                    new TrainingSnapshot(
                            engine.snapshot(),
                            snapshot.best(),
                            snapshot.progress().afterPretraining(sweeps, minibatches));
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
        LearningPlan learning = spec.learning();
        feedbackMinibatches = 0;
        learning.before().forEach(sweep -> runAll(sweep, epoch));
        SweepResult training = run(learning.training(), 0, Part.TRAINING, epoch, spec.epochs());
        learning.after().forEach(sweep -> runAll(sweep, epoch));
        Evaluation onValidation = Evaluator.evaluate(engine, validation, classification);
        Evaluation onTest = Evaluator.evaluate(engine, test, classification);
        Progress p = snapshot.progress();
        // Without a validation set the last epoch is the one reported: choosing by the test set
        // would flatter. So it is where rates fall to zero: the last epochs vary least, and a few
        // validation samples would often choose an earlier one by chance.
        boolean best =
                data.validation().size() == 0
                        || spec.schedule() == RateSchedule.LINEAR
                        || p.bestEpoch() == 0
                        || onValidation.isBetterThan(p.bestValidation());
        Evaluation train = training.evaluation();
        double spent = seconds(start);
        var state = engine.snapshot();
        snapshot =
                new TrainingSnapshot(
                        state,
                        best ? state.parameters() : snapshot.best(),
                        p.afterEpoch(
                                sweeps,
                                minibatches,
                                train,
                                best
                                        ? new BestEpoch(epoch, onValidation, onTest, train)
                                        : p.best()));
        EpochReport report =
                new EpochReport(
                        epoch,
                        train,
                        onValidation,
                        onTest,
                        best,
                        training.convergence(),
                        feedbackMinibatches,
                        spent);
        listeners.forEach(l -> l.epochDone(report, snapshot));
    }

    private TrainingResult.@Nullable Reason reasonToStop(Progress p) {
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

    /** Thrown to leave a run whose thread is interrupted. */
    static final class InterruptedRun extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private InterruptedRun() {
            super(null, null, false, false);
        }

        /** Leaves the run if its thread is interrupted, which it stays. */
        static void check() {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedRun();
            }
        }
    }

    private record SweepResult(
            Evaluation evaluation, ConvergenceCounts convergence, int minibatches) {}

    /** What a sweep is to the run. */
    private enum Part {
        PRETRAINING,
        TRAINING,
        FEEDBACK_SWEEP
    }

    private void runAll(Sweep sweep, int epoch) {
        for (int i = 0; i < sweep.count(samples.count()); i++) {
            feedbackMinibatches +=
                    run(sweep, i, Part.FEEDBACK_SWEEP, epoch, spec.epochs()).minibatches();
        }
    }

    /** Runs one of the sweeps of a kind, by its number from 0. */
    private SweepResult run(Sweep sweep, int number, Part part, int epoch, int epochs) {
        samples.shuffle(spec.seed(), sweeps);
        int count = sweep.visited(number, samples.count());
        Evaluator.Tally tally = new Evaluator.Tally(classification, samples.lossFactor());
        EngineMinibatchRun run = new EngineMinibatchRun(engine, measurement, events);
        for (int i = 0; i < count; i++) {
            InterruptedRun.check();
            RunPosition at = new RunPosition(spec, part == Part.PRETRAINING ? 0 : epoch, i + 1);
            events.beginMinibatch();
            ForwardResult forward = forward(i);
            tally.add(forward, samples.correct(i, forward));
            int size = forward.samples();
            double loss = forward.loss();
            at.require(loss, "the loss is " + loss);
            double done = (epoch - 1 + (double) i / count) / epochs;
            double rate = part == Part.TRAINING ? spec.schedule().scale(done) : 1;
            var noise = new Noise.Generated(spec.seed(), minibatches);
            run.begin(forward, at, noise, minibatches, rate);
            boolean measured = part == Part.TRAINING && measurement.measuresUpdate(i);
            Parameters before = measured ? engine.snapshot().parameters() : null;
            learn(run, sweep, part, i, done);
            events.endMinibatch(sweep.label(), at.epoch(), i + 1, size, loss);
            if (before != null) {
                Measurements found =
                        measurement.measure(
                                new MeasuredUpdate(
                                        spec.plan(), i, samples.copy(i), before, run.results()));
                listeners.forEach(l -> l.measured(epoch, found));
            }
            at.requireSmall(engine);
            minibatches++;
            MinibatchEvent event =
                    new MinibatchEvent(
                            sweep.label(),
                            part == Part.PRETRAINING,
                            epoch,
                            epochs,
                            i + 1,
                            count,
                            tally.samples(),
                            tally.evaluation());
            listeners.forEach(l -> l.minibatchDone(event));
        }
        sweeps++;
        return new SweepResult(tally.evaluation(), run.convergence(), count);
    }

    /** The feedforward pass of a minibatch, which is gathered first. */
    private ForwardResult forward(int minibatch) {
        events.beginPhase();
        SampleBuffer gathered = samples.get(minibatch);
        events.endPhase("gather");
        events.beginPhase();
        ForwardResult forward = engine.forward(gathered);
        events.endPhase("forward");
        return forward;
    }

    /**
     * Learns from a minibatch by a sweep's update, and by the interleaved steps if it is theirs.
     */
    private void learn(EngineMinibatchRun run, Sweep sweep, Part part, int minibatch, double done) {
        Optional<InterleavedSteps> due =
                part == Part.TRAINING
                        ? spec.learning().interleaved().filter(s -> s.isDue(minibatch))
                        : Optional.empty();
        due.ifPresent(run::form);
        sweep.update().learn(run);
        due.ifPresent(steps -> run.take(steps, steps.rates().scale(done)));
        feedbackMinibatches += due.isPresent() ? 1 : 0;
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / NANOS;
    }
}
