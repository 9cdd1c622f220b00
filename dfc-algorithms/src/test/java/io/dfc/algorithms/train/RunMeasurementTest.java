package io.dfc.algorithms.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.measure.RunMeasurement;
import io.dfc.algorithms.run.RunAssembler;
import io.dfc.algorithms.run.RunData;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.trajectory.Recording;
import io.dfc.api.trajectory.Trajectory;
import io.dfc.api.trajectory.Variable;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Runs on the built-in digits, with and without measurement. */
class RunMeasurementTest {
    private static final int EVERY = 100;
    private static final int BATCH = 4;

    /** Sweeps of sampled feedback learning before training and in every epoch. */
    private static final List<String> SWEEPS =
            List.of(
                    "feedback.estimator=sampled",
                    "feedback.every=0",
                    "feedback.epoch-before-forward=true");

    private static RunConfiguration configuration(
            String method, String solver, List<String> feedback) {
        List<Setting> settings =
                Stream.concat(
                                feedback.stream(),
                                Stream.of(
                                        "network.hidden=[6]",
                                        "limit=480",
                                        "batch=" + BATCH,
                                        "control.time-points=20",
                                        "feedback.time-points=8",
                                        "feedback.pretraining-epochs=1",
                                        "epochs=1",
                                        "solver=" + solver))
                        .map(Setting::parse)
                        .toList();
        return RunConfigurations.forRun("glyphs", method, settings);
    }

    /** Records a trajectory every hundred minibatches, of loops that have one of that source. */
    private static final class EveryHundred implements RunMeasurement {
        private final Recording.Source source;
        private final List<String> places = new ArrayList<>();
        private final List<Trajectory> trajectories = new ArrayList<>();

        EveryHundred(Recording.Source source) {
            this.source = source;
        }

        @Override
        public Recording recording(LoopHandle loop, int minibatch) {
            return minibatch % EVERY == 0 && (!isReduced() || loop.phase().noise().isEmpty())
                    ? new Recording(
                            isReduced()
                                    ? Set.of(Variable.CONTROL, Variable.ERROR_NORM)
                                    : Set.of(
                                            Variable.CONTROL,
                                            Variable.SOMATIC,
                                            Variable.ERROR_NORM),
                            List.of(0, 1),
                            false,
                            source)
                    : Recording.none();
        }

        /** Loops with noise have no reduced-order trajectory. */
        private boolean isReduced() {
            return source == Recording.Source.REDUCED_ORDER;
        }

        @Override
        public void measured(LoopHandle loop, int minibatch, LoopResult result) {
            places.add(loop.name() + " " + minibatch);
            trajectories.add(result.trajectory());
        }
    }

    private static TrainingResult train(
            RunConfiguration configuration, DataSplits data, RunMeasurement measurement) {
        TrainingSpec spec = new RunAssembler(configuration, data.train()).assemble();
        try (Backend backend =
                Backends.discover()
                        .select("reference", BackendOptions.defaults(), List.of(spec.plan()))
                        .backend()) {
            return new Trainer(spec, data, List.of(), measurement).run(backend);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "dfc, auto, SOLVER, SIMULATION",
        "dfc, auto, REDUCED_ORDER, REDUCED_ORDER",
        "dfc-ss, steady-state, SOLVER, SOLVER",
        "dfc-ss, steady-state, SIMULATION, SIMULATION",
        "dfc, euler, SOLVER, SIMULATION"
    })
    void measuringARunLeavesItsBitsAsTheyAre(
            String method, String solver, Recording.Source asked, Recording.Source forward) {
        RunConfiguration configuration = configuration(method, solver, SWEEPS);
        DataSplits data = RunData.load(configuration);
        EveryHundred measurement = new EveryHundred(asked);

        TrainingResult measured = train(configuration, data, measurement);

        assertThat(measured).isEqualTo(train(configuration, data, RunMeasurement.none()));
        assertThat(measurement.places)
                .isEqualTo(
                        measurement.isReduced()
                                ? List.of("control 300")
                                : List.of(
                                        "feedback 0",
                                        "feedback 100",
                                        "feedback 200",
                                        "control 300"));
        for (Trajectory trajectory : measurement.trajectories) {
            assertThat(trajectory.timePoints()).containsExactly(0, 1);
            assertThat(trajectory.values().get(Variable.CONTROL).getFirst().shape())
                    .containsExactly(2, BATCH, 10);
        }
        assertThat(measurement.trajectories.getLast().source()).isEqualTo(forward);
    }

    @Test
    void loopsOfInterleavedStepsAreMeasuredWithTheNumberOfTheirMinibatch() {
        RunConfiguration configuration = configuration("dfc", "auto", List.of("feedback.every=16"));
        EveryHundred measurement = new EveryHundred(Recording.Source.SOLVER);

        train(configuration, RunData.load(configuration), measurement);

        // After 120 minibatches of pre-training: the 80th of the epoch.
        assertThat(measurement.places)
                .containsExactly("feedback 0", "feedback 100", "feedback 200", "control 200");
    }
}
