package io.dfc.algorithms.train;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Activation;
import io.dfc.api.network.FeedbackInitialization;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.ParameterInitializer;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LayerPrograms;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.PerturbationPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Runs of a second or less: four inputs, three classes, minibatches of eight. */
final class SmallRun {
    static final int BATCH = 8;
    static final int TRAINING_SAMPLES = 30;

    private static final Network NETWORK = Network.of(new Activation.Tanh(), 4, 6, 3);

    private SmallRun() {}

    /** Samples whose class is that of the largest of their first three inputs. */
    static DataSet classes(int samples, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] inputs = new double[4 * samples];
        int[] labels = new int[samples];
        for (int s = 0; s < samples; s++) {
            for (int j = 0; j < 4; j++) {
                inputs[4 * s + j] = random.nextGaussian();
            }
            for (int j = 1; j < 3; j++) {
                labels[s] = inputs[4 * s + j] > inputs[4 * s + labels[s]] ? j : labels[s];
            }
        }
        return DataSet.classification("largest", inputs, 4, labels, 3);
    }

    static DataSplits data() {
        return new DataSplits(classes(TRAINING_SAMPLES, 1), classes(12, 2), classes(10, 3));
    }

    /** The same without validation samples. */
    static DataSplits withoutValidation() {
        return DataSplits.withoutValidation(classes(TRAINING_SAMPLES, 1), classes(10, 3));
    }

    private static Parameters initial(Network network) {
        return ParameterInitializer.draw(
                network,
                Initialization.XAVIER_NORMAL,
                new FeedbackInitialization.WeightProduct(0.05),
                1);
    }

    static Optimization adam(double rate) {
        return new Optimization(new Optimizer.Adam(0.9, 0.99, 1e-8), rate);
    }

    /** DFC with feedback weights that learn before, at the start and at the end of every epoch. */
    static TrainingSpec dfc(int epochs, long seed) {
        ProportionalIntegralController controller = new ProportionalIntegralController(1, 0.1);
        Plan.Builder builder = Plan.builder(NETWORK, Loss.CROSS_ENTROPY, BATCH);
        ParameterGroup q = builder.feedbackWeights();
        LoopHandle loop =
                builder.loop(
                        "control",
                        new LoopPhase(
                                q,
                                new OutputTarget.Nudge(0.1),
                                controller,
                                new Dynamics(0.05, 10, 0.2),
                                new ForwardPlasticity(
                                        ForwardPlasticity.Mode.CONTINUOUS,
                                        DfcRule.NONLINEAR_DIFFERENCE)));
        PerturbationHandle perturbation =
                builder.perturbation(
                        "feedback",
                        new PerturbationPhase(
                                q,
                                new FeedbackRule.ForwardPerturbation(0.05),
                                Optional.empty(),
                                new Clipping.Joint(1)));
        GradientHandle gradient = perturbation.gradients().getFirst();
        StepHandle forward =
                builder.step(
                        loop.gradients().getFirst(),
                        builder.optimizer("forward", adam(0.01), builder.forwardGroups()));
        StepHandle feedback = builder.step(gradient, builder.optimizer("feedback", adam(0.001), q));
        StepHandle pretraining =
                builder.step(gradient, builder.optimizer("feedback-pretraining", adam(0.002), q));
        return new TrainingSpec(
                new LearningPlan(builder.build(), () -> initial(NETWORK), sweep("forward", forward))
                        .pretrainedBy(sweep("pre-training", pretraining).repeated(2))
                        .precededBy(sweep("feedback", feedback))
                        .followedBy(sweep("feedback", feedback)),
                epochs,
                seed,
                StopRules.divergenceOnly());
    }

    static Sweep sweep(String label, StepHandle step) {
        return new Sweep(label, MinibatchUpdate.of(step));
    }

    /** Backpropagation of classes. */
    static TrainingSpec bp(
            int epochs, Optimization optimization, RateSchedule rates, StopRules stop) {
        return bp(NETWORK, Loss.CROSS_ENTROPY, epochs, optimization, rates, stop);
    }

    static TrainingSpec bp(
            Network network,
            Loss loss,
            int epochs,
            Optimization optimization,
            RateSchedule rates,
            StopRules stop) {
        Plan.Builder builder = Plan.builder(network, loss, BATCH);
        ProgramHandle backward =
                builder.program(
                        "backward",
                        LayerPrograms.backpropagation(
                                network, builder.weights(), builder.biases(), new Clipping.None()));
        StepHandle step =
                builder.step(
                        backward.gradients().getFirst(),
                        builder.optimizer("forward", optimization, builder.forwardGroups()));
        Plan plan = builder.build();
        return new TrainingSpec(
                new LearningPlan(plan, () -> plan.select(initial(network)), sweep("forward", step))
                        .scheduled(rates),
                epochs,
                1,
                stop);
    }

    static TrainingResult run(TrainingSpec spec, DataSplits data, TrainingListener... listeners) {
        return resume(spec, data, TrainingSnapshot.start(spec.initial()), listeners);
    }

    static TrainingResult resume(
            TrainingSpec spec,
            DataSplits data,
            TrainingSnapshot from,
            TrainingListener... listeners) {
        try (Backend backend =
                Backends.discover()
                        .select("reference", BackendOptions.defaults(), List.of(spec.plan()))
                        .backend()) {
            return new Trainer(spec, data, List.of(listeners)).resume(backend, from);
        }
    }
}
