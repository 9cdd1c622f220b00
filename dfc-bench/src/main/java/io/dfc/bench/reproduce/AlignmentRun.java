package io.dfc.bench.reproduce;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.MinibatchCopy;
import io.dfc.algorithms.measure.RunMeasurement;
import io.dfc.algorithms.run.RunAssembler;
import io.dfc.algorithms.train.EpochReport;
import io.dfc.algorithms.train.MinibatchProbe;
import io.dfc.algorithms.train.Progress;
import io.dfc.algorithms.train.Sweep;
import io.dfc.algorithms.train.Trainer;
import io.dfc.algorithms.train.TrainingListener;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.algorithms.train.TrainingSpec;
import io.dfc.api.network.Parameters;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;

import java.util.ArrayList;
import java.util.List;

/**
 * A training of Fig. 3, measured at its start and after each epoch.
 *
 * @param variant what is trained
 * @param seed its seed
 * @param points a point per epoch, those of pre-training included
 */
record AlignmentRun(AlignmentVariant variant, long seed, List<Point> points) {
    /** A quick run: few samples, at rates that make up for the fewer steps. */
    private static final List<Setting> QUICK =
            List.of(new Setting("limit", "1280"), new Setting("forward.learning-rate", "[15.0]"));

    private static final List<Setting> QUICK_FEEDBACK =
            List.of(
                    new Setting("feedback.pretraining-epochs", "20"),
                    new Setting("feedback.pretraining-learning-rate", "0.3"),
                    new Setting("feedback.learning-rate", "0.03"));

    private static final int QUICK_EPOCHS = 40;

    /**
     * An epoch.
     *
     * @param epoch epochs done; below 0: as many epochs of pre-training are left
     * @param trainLoss loss on the training set during the epoch; NaN up to 0
     * @param testLoss loss on the test set after the epoch; NaN up to 0
     * @param alignment what was measured after the epoch
     */
    record Point(int epoch, double trainLoss, double testLoss, Alignment alignment) {
        /** {@return the angle to the minimum-norm update} */
        double minimumNorm() {
            return alignment.minimumNorm();
        }

        /** {@return the angle to the Gauss-Newton update} */
        double gaussNewton() {
            return alignment.gaussNewton();
        }

        /** {@return the share of {@code Q} in the row space of {@code J}} */
        double conditionTwo() {
            return alignment.feedback().conditionTwo();
        }

        /** {@return the largest real part of the eigenvalues of {@code A_PI}} */
        double stability() {
            return alignment.feedback().stability();
        }
    }

    /** Copies the list. */
    AlignmentRun {
        points = List.copyOf(points);
    }

    /**
     * Trains and measures.
     *
     * @param lab where it runs
     * @param variant what is trained
     * @param seed its seed
     * @return the run
     */
    static AlignmentRun of(Lab lab, AlignmentVariant variant, long seed) {
        RunConfiguration configuration = configuration(lab, variant, seed);
        DataSplits data = lab.data(configuration);
        TrainingSpec spec = new RunAssembler(configuration, data.train()).assemble();
        Minibatch samples = MinibatchCopy.first(data.train(), configuration.batch());
        lab.say(
                variant.label()
                        + ", seed "
                        + seed
                        + ": "
                        + configuration.epochs()
                        + " epochs of "
                        + variant.configuration());
        try (Backend backend = lab.open(spec.plan());
                Engine beside = backend.compile(spec.plan())) {
            Measuring measuring =
                    new Measuring(
                            parameters ->
                                    Alignment.of(
                                            spec.learning(),
                                            variant.damping(),
                                            parameters,
                                            samples,
                                            update(spec, beside, samples, parameters)));
            new Trainer(spec, data, List.of(measuring)).run(backend);
            lab.say(variant.label() + ", seed " + seed + ": done");
            return new AlignmentRun(variant, seed, measuring.points);
        }
    }

    /**
     * What the method would learn from some samples, on an engine beside the one that trains: so
     * the run gives the same bits as one that is not measured.
     */
    private static Parameters update(
            TrainingSpec spec, Engine beside, Minibatch samples, Parameters parameters) {
        beside.load(new EngineState(parameters));
        return MinibatchProbe.update(spec, beside, samples, RunMeasurement.none())
                .gradient()
                .orElseThrow();
    }

    private static RunConfiguration configuration(Lab lab, AlignmentVariant variant, long seed) {
        RunConfiguration published = lab.configuration(variant.configuration(), seed);
        List<Setting> settings = new ArrayList<>();
        settings.add(
                new Setting(
                        "epochs",
                        Integer.toString(lab.scale().epochs(published.epochs(), QUICK_EPOCHS))));
        if (lab.scale().quick()) {
            settings.addAll(QUICK);
            settings.addAll(variant.learnsFeedback() ? QUICK_FEEDBACK : List.of());
        }
        return lab.configuration(variant.configuration(), seed, settings.toArray(Setting[]::new));
    }

    /** Measures one set of parameters. */
    @FunctionalInterface
    private interface Measure {
        Alignment of(Parameters parameters);
    }

    /** Measures a training at the ends of its epochs. */
    private static final class Measuring implements TrainingListener {
        private final Measure measure;
        private final List<Point> points = new ArrayList<>();
        private int pretraining;

        Measuring(Measure measure) {
            this.measure = measure;
        }

        @Override
        public void started(TrainingSpec spec, Progress progress) {
            pretraining = spec.learning().pretraining().stream().mapToInt(Sweep::times).sum();
            measure(-pretraining, spec.initial());
        }

        @Override
        public void pretrainingSweepDone(TrainingSnapshot snapshot, double seconds) {
            measure(
                    snapshot.progress().pretrainingSweeps() - pretraining,
                    snapshot.state().parameters());
        }

        private void measure(int epoch, Parameters parameters) {
            points.add(new Point(epoch, Double.NaN, Double.NaN, measure.of(parameters)));
        }

        @Override
        public void epochDone(EpochReport report, TrainingSnapshot snapshot) {
            points.add(
                    new Point(
                            report.epoch(),
                            report.train().loss(),
                            report.test().loss(),
                            measure.of(snapshot.state().parameters())));
        }
    }
}
