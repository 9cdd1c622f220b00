package io.dfc.bench.reproduce;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.MinibatchCopy;
import io.dfc.algorithms.diagnostics.FeedbackAlignment;
import io.dfc.algorithms.diagnostics.LinearizedMinibatch;
import io.dfc.algorithms.diagnostics.MeanAndDeviation;
import io.dfc.algorithms.diagnostics.NetworkMatrices;
import io.dfc.algorithms.method.dfc.DfcSettings;
import io.dfc.algorithms.run.RunAssembler;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.algorithms.train.Sweep;
import io.dfc.algorithms.train.Trainer;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.algorithms.train.TrainingSpec;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.Minibatch;

import java.util.ArrayList;
import java.util.List;

/**
 * Feedback learning of Fig. S2 to S4: the forward weights stay as they were drawn, and the feedback
 * weights are measured while they learn.
 *
 * @param configuration name of the configuration
 * @param seed its seed
 * @param points measurements, every few minibatches
 */
record FeedbackRun(String configuration, long seed, List<Point> points) {
    private static final int QUICK_EPOCHS = 10;

    /** Minibatches between two measurements, as published. */
    private static final int INTERVAL = 5;

    /** Samples whose Jacobians the feedback weights are compared with. */
    private static final int SAMPLES = 32;

    /**
     * A measurement.
     *
     * @param minibatch minibatches learnt
     * @param toPseudoInverse angle of {@code Q} to the damped pseudo-inverse for each damping
     * @param toTranspose angle of {@code Q} to {@code J^T}
     * @param conditionTwo share of {@code Q} in the row space of {@code J}
     */
    record Point(
            int minibatch, double[] toPseudoInverse, double toTranspose, double conditionTwo) {}

    /** Copies the list. */
    FeedbackRun {
        points = List.copyOf(points);
    }

    /**
     * Trains and measures.
     *
     * @param lab where it runs
     * @param name configuration
     * @param seed its seed
     * @param dampings dampings {@code gamma} of the pseudo-inverses
     * @return the run
     */
    static FeedbackRun of(Lab lab, String name, long seed, List<Double> dampings) {
        int published =
                lab.configuration(name, seed)
                        .settings(DfcSettings.class)
                        .feedback()
                        .pretrainingEpochs();
        int epochs = lab.scale().epochs(published, QUICK_EPOCHS);
        RunConfiguration configuration =
                lab.configuration(
                        name,
                        seed,
                        new Setting("feedback.pretraining-epochs", Integer.toString(epochs)));
        DataSplits data = lab.data(configuration);
        TrainingSpec spec = new RunAssembler(configuration, data.train()).assemble();
        lab.say(name + ", seed " + seed + ": feedback weights learn for " + epochs + " epochs");
        try (Backend backend = lab.open(spec.plan());
                Engine engine = backend.compile(spec.plan())) {
            Minibatch samples = MinibatchCopy.first(data.train(), SAMPLES);
            Measuring measuring = new Measuring(engine, samples, dampings);
            TrainingSpec measured =
                    new TrainingSpec(
                            measuring.during(spec.learning()), 0, spec.seed(), spec.stop());
            new Trainer(measured, data, List.of())
                    .resume(engine, TrainingSnapshot.start(measured.initial()));
            measuring.measure();
            return new FeedbackRun(name, seed, measuring.points);
        }
    }

    /** Measures the parameters of an engine while it trains. */
    private static final class Measuring {
        private final Engine engine;
        private final Minibatch samples;
        private final List<Double> dampings;
        private final List<Point> points = new ArrayList<>();
        private int minibatches;

        Measuring(Engine engine, Minibatch samples, List<Double> dampings) {
            this.engine = engine;
            this.samples = samples;
            this.dampings = dampings;
        }

        /** The same learning, with a measurement before every few minibatches of pre-training. */
        LearningPlan during(LearningPlan learning) {
            return new LearningPlan(
                    learning.plan(),
                    learning.initial(),
                    learning.schedule(),
                    learning.pretraining().stream().map(this::during).toList(),
                    learning.before(),
                    learning.training(),
                    learning.after(),
                    learning.interleaved());
        }

        private Sweep during(Sweep sweep) {
            return new Sweep(
                    sweep.label(),
                    sweep.times(),
                    sweep.minibatches(),
                    run -> {
                        if (minibatches % INTERVAL == 0) {
                            measure();
                        }
                        sweep.update().learn(run);
                        minibatches++;
                    });
        }

        void measure() {
            LinearizedMinibatch linear =
                    LinearizedMinibatch.of(
                            NetworkMatrices.of(
                                    engine.plan().network(), engine.snapshot().parameters()),
                            engine.plan().loss(),
                            samples);
            points.add(
                    new Point(
                            minibatches,
                            dampings.stream()
                                    .mapToDouble(
                                            d -> FeedbackAlignment.angleToPseudoInverse(linear, d))
                                    .toArray(),
                            FeedbackAlignment.angleToTranspose(linear),
                            MeanAndDeviation.of(FeedbackAlignment.conditionTwo(linear)).mean()));
        }
    }
}
