package io.dfc.algorithms.method.propagation;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.method.LearningMethod;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.method.RecordCopy;
import io.dfc.algorithms.method.lab.Vectors;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.algorithms.train.MinibatchRun;
import io.dfc.algorithms.train.StopRules;
import io.dfc.algorithms.train.Sweep;
import io.dfc.algorithms.train.Trainer;
import io.dfc.algorithms.train.TrainingSpec;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.Precision;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.PerturbationResult;
import io.dfc.api.spi.ProgramResult;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The order in which target propagation learns from a minibatch, and what its inverses learn. */
class TargetMethodsTest {
    private static final Network NETWORK = Network.of(new Activation.Tanh(), 3, 3, 6, 2);
    private static final int SAMPLES = 200;

    private static <S extends Record> LearningPlan plan(LearningMethod<S> method, S settings) {
        return method.plan(
                method.check(settings, NETWORK.depth()),
                new MethodContext(
                        NETWORK,
                        Loss.CROSS_ENTROPY,
                        20,
                        Precision.FULL,
                        Initialization.XAVIER_NORMAL,
                        1));
    }

    /** Writes down what an update does. */
    private record Protocol(List<String> done) implements MinibatchRun {
        @Override
        public ForwardResult forward() {
            throw new AssertionError("no update asks");
        }

        @Override
        public int number() {
            return 0;
        }

        @Override
        public LoopResult run(LoopHandle loop) {
            throw new AssertionError("there are no loops");
        }

        @Override
        public PerturbationResult run(PerturbationHandle phase) {
            throw new AssertionError("there are no perturbations");
        }

        @Override
        public ProgramResult run(ProgramHandle program) {
            done.add("form " + program.name());
            return null;
        }

        @Override
        public ProgramResult run(ProgramHandle program, int draw) {
            done.add("form " + program.name() + " " + draw);
            return null;
        }

        @Override
        public void apply(double factor, StepHandle... steps) {
            done.add("step " + steps[0].optimizer().name());
        }

        @Override
        public void applyUnscheduled(double factor, StepHandle... steps) {
            done.add("step " + steps[0].optimizer().name() + " unscheduled");
        }
    }

    private static List<String> done(Sweep sweep) {
        Protocol protocol = new Protocol(new ArrayList<>());
        sweep.update().learn(protocol);
        return protocol.done();
    }

    @Test
    void targetsAreFormedBeforeTheMapsLearnAndTheWeightsAreSteppedLast() {
        LearningPlan plan = plan(new DirectLinear(), new DirectLinear().defaults());

        assertThat(done(plan.training()))
                .containsExactly(
                        "form targets",
                        "form feedback 0",
                        "step feedback unscheduled",
                        "step forward");
        assertThat(plan.pretraining()).extracting(Sweep::times).containsExactly(6);
        assertThat(plan.after()).extracting(Sweep::times).containsExactly(1);
        assertThat(done(plan.after().getFirst()))
                .containsExactly("form feedback 0", "step feedback unscheduled");
    }

    @Test
    void localReconstructionTakesSeveralStepsWithNoiseOfTheirOwnBeforeTargetsAreFormed() {
        LocalDifferenceReconstruction method = new LocalDifferenceReconstruction();
        TargetSettings twice =
                RecordCopy.with(
                        method.defaults(),
                        "feedback",
                        RecordCopy.with(method.defaults().feedback(), "steps", 2));

        assertThat(done(plan(method, twice).training()))
                .containsExactly(
                        "form feedback 0",
                        "step feedback unscheduled",
                        "form feedback 1",
                        "step feedback unscheduled",
                        "form targets",
                        "step forward");
    }

    /** The inverse of a layer that is wider than the one below finds the rates there again. */
    @Test
    void theInverseOfDifferenceTargetPropagationReconstructs() {
        DifferenceTargetPropagation method = new DifferenceTargetPropagation();
        TargetSettings settings =
                RecordCopy.with(
                        method.defaults(),
                        "feedback",
                        RecordCopy.with(
                                RecordCopy.with(method.defaults().feedback(), "noiseSigma", 0.05),
                                "pretrainingEpochs",
                                80));
        LearningPlan plan = plan(method, settings);

        double before = error(plan.initial().get());
        double after = error(pretrained(plan));

        assertThat(before).isGreaterThan(0.3);
        assertThat(after).isLessThan(0.02);
    }

    private static DataSet data() {
        double[] inputs = new SplittableRandom(3).doubles(3L * SAMPLES, -1.5, 1.5).toArray();
        int[] classes = new SplittableRandom(4).ints(SAMPLES, 0, 2).toArray();
        return DataSet.classification("d", inputs, 3, classes, 2);
    }

    private static Parameters pretrained(LearningPlan plan) {
        TrainingSpec spec = new TrainingSpec(plan, 0, 1, StopRules.divergenceOnly());
        try (Backend backend =
                Backends.discover()
                        .select("reference", BackendOptions.defaults(), List.of(plan.plan()))
                        .backend()) {
            return new Trainer(spec, DataSplits.withoutValidation(data(), data()), List.of())
                    .run(backend)
                    .snapshot()
                    .state()
                    .parameters();
        }
    }

    /** {@code |f_1(r_2) - r_1|^2 / |r_1|^2} over samples that were not seen. */
    private static double error(Parameters p) {
        SplittableRandom random = new SplittableRandom(9);
        Activation tanh = new Activation.Tanh();
        double error = 0;
        double size = 0;
        for (int s = 0; s < 50; s++) {
            double[] below = random.doubles(3, -1.5, 1.5).toArray();
            double[] rate = up(p, 0, below);
            double[] back =
                    Vectors.plus(
                            Vectors.times(p.group("V").getFirst(), up(p, 1, rate)),
                            p.group("c").getFirst());
            error += Vectors.squares(Vectors.plus(Vectors.rates(tanh, back), -1, rate));
            size += Vectors.squares(rate);
        }
        return error / size;
    }

    private static double[] up(Parameters p, int layer, double[] x) {
        return Vectors.rates(
                new Activation.Tanh(),
                Vectors.plus(Vectors.times(p.weights().get(layer), x), p.biases().get(layer)));
    }
}
