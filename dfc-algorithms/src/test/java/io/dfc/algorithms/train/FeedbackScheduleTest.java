package io.dfc.algorithms.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.run.PlanComparison;
import io.dfc.algorithms.store.Checkpoint;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Feedback learning on every n-th minibatch, and before training in minibatches. */
class FeedbackScheduleTest {
    /** Minibatches of the training set of {@link SmallRun}. */
    private static final int MINIBATCHES = 4;

    private static final int SEED = 5;

    @TempDir private Path folder;

    /** Keeps every state from which a run could go on, and what was told. */
    private static final class Events implements TrainingListener {
        final List<TrainingSnapshot> snapshots = new ArrayList<>();
        final List<EpochReport> epochs = new ArrayList<>();
        final List<MinibatchEvent> pretraining = new ArrayList<>();

        @Override
        public void minibatchDone(MinibatchEvent event) {
            if (event.pretraining()) {
                pretraining.add(event);
            }
        }

        @Override
        public void pretrainingSweepDone(TrainingSnapshot snapshot, double seconds) {
            snapshots.add(snapshot);
        }

        @Override
        public void epochDone(EpochReport report, TrainingSnapshot snapshot) {
            snapshots.add(snapshot);
            epochs.add(report);
        }
    }

    /** DFC without sweeps for the feedback weights; its steps are forward, feedback, before. */
    private static TrainingSpec without(int epochs, RateSchedule forward) {
        TrainingSpec dfc = SmallRun.dfc(epochs, SEED);
        LearningPlan learning = dfc.learning();
        return new TrainingSpec(
                new LearningPlan(dfc.plan(), learning.initial(), learning.training())
                        .scheduled(forward),
                epochs,
                SEED,
                dfc.stop());
    }

    private static TrainingSpec with(TrainingSpec spec, LearningPlan learning) {
        return new TrainingSpec(learning, spec.epochs(), SEED, spec.stop());
    }

    private static TrainingSpec interleaved(
            int epochs, int every, RateSchedule forward, RateSchedule feedback) {
        TrainingSpec spec = without(epochs, forward);
        List<StepHandle> steps = List.of(spec.plan().steps().get(1));
        return with(
                spec,
                spec.learning().interleavedWith(new InterleavedSteps(every, feedback, steps)));
    }

    private static TrainingSpec pretrained(int epochs, int minibatches) {
        TrainingSpec spec = interleaved(epochs, 3, RateSchedule.CONSTANT, RateSchedule.CONSTANT);
        Sweep before = SmallRun.sweep("before", spec.plan().steps().get(2));
        return with(spec, spec.learning().pretrainedBy(before.ofMinibatches(minibatches)));
    }

    /** The run written down as the calls of an engine. */
    private static EngineState byHand(
            TrainingSpec spec, int every, RateSchedule forward, RateSchedule feedback) {
        DataSplits data = SmallRun.data();
        List<StepHandle> steps = spec.plan().steps();
        try (Backend backend =
                        Backends.discover()
                                .select(
                                        "reference",
                                        BackendOptions.defaults(),
                                        List.of(spec.plan()))
                                .backend();
                Engine engine = backend.compile(spec.plan())) {
            engine.load(new EngineState(spec.initial()));
            Minibatches samples = new Minibatches(data.train(), engine);
            for (int epoch = 0; epoch < spec.epochs(); epoch++) {
                samples.shuffle(SEED, epoch);
                for (int i = 0; i < MINIBATCHES; i++) {
                    double done = (epoch + i / (double) MINIBATCHES) / spec.epochs();
                    Noise noise = new Noise.Generated(SEED, epoch * MINIBATCHES + i);
                    engine.forward(samples.get(i));
                    engine.run((LoopHandle) steps.getFirst().phase(), noise);
                    if (i % every == 0) {
                        engine.run((PerturbationHandle) steps.get(1).phase(), noise);
                        engine.apply(
                                steps.getFirst().at(forward.scale(done)),
                                steps.get(1).at(feedback.scale(done)));
                    } else {
                        engine.apply(steps.getFirst().at(forward.scale(done)));
                    }
                }
            }
            return engine.snapshot();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, CONSTANT, CONSTANT",
        "3, CONSTANT, CONSTANT",
        "3, LINEAR, CONSTANT",
        "3, CONSTANT, LINEAR",
        "9, LINEAR, LINEAR"
    })
    void feedbackWeightsLearnOnEveryNthMinibatchAtTheParametersOfTheForwardStep(
            int every, RateSchedule forward, RateSchedule feedback) {
        TrainingSpec spec = interleaved(2, every, forward, feedback);

        EngineState state = SmallRun.run(spec, SmallRun.data()).snapshot().state();

        assertThat(state).isEqualTo(byHand(spec, every, forward, feedback));
        int perEpoch = Math.ceilDiv(MINIBATCHES, every);
        assertThat(state.optimizers().get("feedback").steps()).isEqualTo(2L * perEpoch);
    }

    @Test
    void epochsCountTheMinibatchesOnWhichFeedbackWeightsLearn() {
        Events interleaved = new Events();
        SmallRun.run(
                interleaved(2, 3, RateSchedule.CONSTANT, RateSchedule.CONSTANT),
                SmallRun.data(),
                interleaved);
        assertThat(interleaved.epochs).extracting(EpochReport::feedbackMinibatches).containsOnly(2);
        assertThat(interleaved.snapshots.getLast().progress().minibatches())
                .as("the noise of a minibatch has one number, whoever learns from it")
                .isEqualTo(2 * MINIBATCHES);
        assertThat(interleaved.epochs)
                .extracting(report -> report.convergence().samples())
                .containsOnly((long) SmallRun.TRAINING_SAMPLES);

        Events sweeps = new Events();
        SmallRun.run(SmallRun.dfc(2, SEED), SmallRun.data(), sweeps);
        assertThat(sweeps.epochs)
                .extracting(EpochReport::feedbackMinibatches)
                .containsOnly(2 * MINIBATCHES);
    }

    @ParameterizedTest
    @CsvSource({"3, 3", "4, 4", "6, 4 2", "9, 4 4 1"})
    void pretrainingVisitsTheMinibatchesAskedForInAsManySweepsAsThatTakes(
            int minibatches, String sweeps) {
        Events events = new Events();
        TrainingSpec spec = pretrained(1, minibatches);
        SmallRun.run(spec, SmallRun.data(), events);

        List<String> sizes = List.of(sweeps.split(" "));
        assertThat(events.pretraining).hasSize(minibatches);
        assertThat(events.pretraining)
                .filteredOn(event -> event.minibatch() == 1)
                .extracting(event -> Integer.toString(event.minibatches()))
                .isEqualTo(sizes);
        assertThat(events.pretraining)
                .extracting(MinibatchEvent::epochs)
                .containsOnly(sizes.size());
        Progress before = events.snapshots.get(sizes.size() - 1).progress();
        assertThat(before.epochs()).isZero();
        assertThat(before.pretrainingSweeps()).isEqualTo(sizes.size());
        assertThat(before.minibatches()).isEqualTo(minibatches);
        assertThat(events.snapshots.getLast().state().optimizers().get("feedback-pretraining"))
                .extracting(state -> state.steps())
                .isEqualTo((long) minibatches);
    }

    @Test
    void aRunThatGoesOnFromAnyOfItsStatesEndsWithTheSameBits() {
        Events events = new Events();
        TrainingSpec spec = pretrained(3, 6);
        TrainingResult whole = SmallRun.run(spec, SmallRun.data(), events);

        assertThat(events.snapshots).hasSize(2 + 3);
        Path file = folder.resolve("checkpoint.safetensors");
        for (TrainingSnapshot from : events.snapshots) {
            Checkpoint.write(file, from);
            assertThat(SmallRun.resume(spec, SmallRun.data(), Checkpoint.read(file)))
                    .isEqualTo(whole);
        }
    }

    @Test
    void schedulesHaveRanges() {
        TrainingSpec spec = without(1, RateSchedule.CONSTANT);
        LearningPlan learning = spec.learning();
        Sweep sweep = learning.training();
        List<StepHandle> steps = spec.plan().steps();
        assertThat(sweep.ofMinibatches(0).count(MINIBATCHES)).isZero();
        assertThat(sweep.ofMinibatches(9)).hasToString("forward of 9 minibatches");
        assertThatThrownBy(() -> sweep.ofMinibatches(-2))
                .hasMessage("a forward sweep visits at least 0 minibatches, got -2");
        assertThatThrownBy(
                        () ->
                                new LearningPlan(
                                        spec.plan(), learning.initial(), sweep.ofMinibatches(3)))
                .hasMessage("the training sweep visits the whole training set, not 3 minibatches");
        assertThatThrownBy(() -> new InterleavedSteps(0, RateSchedule.CONSTANT, steps))
                .hasMessageContaining("n at least 1, got 0");
        assertThatThrownBy(() -> new InterleavedSteps(1, RateSchedule.CONSTANT, List.of()))
                .hasMessage("there is no step to interleave");
    }

    @Test
    void plansAreAlikeOnlyIfTheyInterleaveAlike() {
        LearningPlan one = SmallRun.dfc(1, 1).learning();
        List<StepHandle> steps = List.of(one.plan().steps().get(1));
        LearningPlan every =
                one.interleavedWith(new InterleavedSteps(2, RateSchedule.CONSTANT, steps));
        assertThat(PlanComparison.alike(one, every)).isFalse();
        assertThat(
                        PlanComparison.alike(
                                every,
                                one.interleavedWith(
                                        new InterleavedSteps(3, RateSchedule.CONSTANT, steps))))
                .isFalse();
        assertThat(
                        PlanComparison.alike(
                                every,
                                one.interleavedWith(
                                        new InterleavedSteps(2, RateSchedule.LINEAR, steps))))
                .isFalse();
        assertThat(
                        PlanComparison.alike(
                                every,
                                one.interleavedWith(
                                        new InterleavedSteps(2, RateSchedule.CONSTANT, steps))))
                .isTrue();
    }
}
