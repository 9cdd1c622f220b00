package io.dfc.cpu.simd.backend;

import io.dfc.api.control.Controller;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.HomeostaticDecay;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Layer;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LayerPrograms;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.PerturbationPhase;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.Step;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.PhaseResult;
import io.dfc.api.spi.SampleBuffer;
import io.dfc.api.spi.TargetKind;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/** Every phase in every form in which an engine runs it, on small networks. */
final class AllocationCases {
    /** More than a tile, so that there is work for two threads. */
    static final int SAMPLES = 40;

    static final Network SMOOTH = Network.of(new Activation.Tanh(), 12, 20, 9, 3);
    static final Network RECTIFIED =
            new Network(
                    12,
                    List.of(
                            new Layer(20, new Activation.Relu()),
                            new Layer(11, new Activation.LeakyRelu(0.2)),
                            new Layer(9, new Activation.Sigmoid()),
                            new Layer(3, new Activation.Linear())),
                    false);

    static final Dynamics DYNAMICS = new Dynamics(0.05, 61, 0.2);
    static final Controller CONTROLLER = new ProportionalIntegralController(2, 1e-3);
    static final OutputTarget NUDGE =
            new OutputTarget.Nudge(1e-3, OutputTarget.Nudge.Gradient.OF_SAMPLE);
    static final Noise NOISE = new Noise.Generated(3, 7);

    private AllocationCases() {}

    /**
     * What is called over and over.
     *
     * @param plan plan of the engine
     * @param call one call, after a forward pass, with all that is read from its results
     */
    record Case(String name, Plan plan, ToDoubleFunction<Engine> call) {
        @Override
        public String toString() {
            return name;
        }

        Minibatch minibatch() {
            return AllocationCases.minibatch(plan);
        }

        /** Whether there are objects other than vectors for the compiler to do away with. */
        boolean hasOtherObjects() {
            boolean others = plan.phases().stream().anyMatch(PerturbationHandle.class::isInstance);
            for (LoopHandle loop : plan.loops()) {
                others |= !loop.phase().controller().equals(CONTROLLER);
                others |= loop.phase().noise().isPresent();
            }
            for (PhaseHandle phase : plan.phases()) {
                others |= phase instanceof ProgramHandle program && program.phase().isNoisy();
            }
            return others;
        }
    }

    static List<Case> all() {
        List<Case> all = new ArrayList<>();
        addForward(all);
        LoopAllocationCases.addControl(all);
        LoopAllocationCases.addFeedback(all);
        addPerturbations(all);
        all.add(LoopAllocationCases.both());
        addSteps(all);
        all.addAll(ProgramAllocationCases.all());
        return all;
    }

    private static Plan evaluation(Network network) {
        return Plan.evaluation(network, Loss.CROSS_ENTROPY, SAMPLES);
    }

    private static void addForward(List<Case> all) {
        Plan regression = Plan.evaluation(SMOOTH, Loss.MEAN_SQUARED_ERROR, SAMPLES);
        for (Plan plan : List.of(evaluation(SMOOTH), evaluation(RECTIFIED), regression)) {
            Minibatch minibatch = minibatch(plan);
            String name = "forward, " + plan.network() + ", " + plan.loss();
            all.add(new Case(name, plan, engine -> read(engine.forward(minibatch))));
        }
        Minibatch inFloat32 = inFloat32(minibatch(regression));
        all.add(
                new Case(
                        "forward, a minibatch in float32",
                        regression,
                        engine -> read(engine.forward(inFloat32))));
        all.add(
                new Case(
                        "forward, samples in the engine's buffer",
                        regression,
                        engine -> {
                            SampleBuffer full = engine.buffer(SAMPLES, TargetKind.VALUES);
                            double sum = read(engine.forward(full));
                            SampleBuffer part = engine.buffer(SAMPLES - 1, TargetKind.VALUES);
                            return sum + read(engine.forward(part));
                        }));
        Plan.Builder builder = Plan.builder(RECTIFIED, Loss.CROSS_ENTROPY, SAMPLES);
        ProgramHandle backward =
                builder.program(
                        "backward",
                        LayerPrograms.backpropagation(
                                RECTIFIED,
                                builder.weights(),
                                builder.biases(),
                                new Clipping.PerLayer(1e-3)));
        all.add(
                new Case(
                        "backward",
                        builder.build(),
                        engine -> norm(backward, engine.run(backward, NOISE))));
    }

    private static void addPerturbations(List<Case> all) {
        all.add(
                perturbation(
                        "perturbation",
                        new FeedbackRule.ForwardPerturbation(0.1),
                        new Clipping.PerTensor(1)));
        all.add(
                perturbation(
                        "reconstruction",
                        new FeedbackRule.LinearizedReconstruction(0.1, 0.1),
                        new Clipping.None()));
    }

    private static Case perturbation(String name, FeedbackRule rule, Clipping clipping) {
        Plan.Builder builder = Plan.builder(SMOOTH, Loss.CROSS_ENTROPY, SAMPLES);
        PerturbationHandle phase = perturbation(builder, builder.feedbackWeights(), rule, clipping);
        return new Case(
                "feedback, " + name,
                builder.build(),
                engine -> norm(phase, engine.run(phase, NOISE)));
    }

    private static PerturbationHandle perturbation(
            Plan.Builder builder, ParameterGroup q, FeedbackRule rule, Clipping clipping) {
        return builder.perturbation(
                "feedback",
                new PerturbationPhase(
                        q, rule, Optional.of(new HomeostaticDecay(1e-3, 1)), clipping));
    }

    private static void addSteps(List<Case> all) {
        Plan.Builder builder = Plan.builder(SMOOTH, Loss.CROSS_ENTROPY, SAMPLES);
        ParameterGroup q = builder.feedbackWeights();
        LoopHandle loop =
                builder.loop(
                        "control",
                        new LoopPhase(
                                        q,
                                        NUDGE,
                                        CONTROLLER,
                                        DYNAMICS,
                                        LoopAllocationCases.update(
                                                ForwardPlasticity.Mode.CONTINUOUS,
                                                new Clipping.PerLayer(1e-3)))
                                .withSolver(new Solver.Auto(0.3)));
        ProgramHandle backward =
                builder.program(
                        "backward",
                        LayerPrograms.backpropagation(
                                SMOOTH,
                                builder.weights(),
                                builder.biases(),
                                new Clipping.Joint(1e-3)));
        PerturbationHandle feedback =
                perturbation(
                        builder,
                        q,
                        new FeedbackRule.ForwardPerturbation(0.1),
                        new Clipping.Joint(1));
        var sgd =
                builder.optimizer(
                        "forward",
                        new Optimization(new Optimizer.Sgd(0.9), 1e-9),
                        builder.forwardGroups());
        var adam =
                builder.optimizer(
                        "feedback",
                        new Optimization(new Optimizer.Adam(0.9, 0.999, 1e-8), 1e-9),
                        q);
        Step[] ofLoop = {builder.step(loop.gradients().getFirst(), sgd).at(1)};
        Step[] ofBackward = {builder.step(backward.gradients().getFirst(), sgd).at(1)};
        Step[] ofFeedback = {builder.step(feedback.gradients().getFirst(), adam).at(1)};
        Plan plan = builder.build();
        Minibatch minibatch = minibatch(plan);
        all.add(
                new Case(
                        "step of a loop",
                        plan,
                        engine -> {
                            engine.forward(minibatch);
                            engine.run(loop, NOISE);
                            engine.apply(ofLoop);
                            return engine.largestParameter(0);
                        }));
        all.add(
                new Case(
                        "step of backpropagation",
                        plan,
                        engine -> {
                            engine.forward(minibatch);
                            engine.run(backward, NOISE);
                            engine.apply(ofBackward);
                            return engine.largestParameter(0);
                        }));
        all.add(
                new Case(
                        "step of feedback weights",
                        plan,
                        engine -> {
                            engine.forward(minibatch);
                            engine.run(feedback, NOISE);
                            engine.apply(ofFeedback);
                            return engine.largestParameter(0);
                        }));
    }

    private static double read(ForwardResult result) {
        return result.loss() + result.correct() + result.samples();
    }

    static double norm(PhaseHandle phase, PhaseResult result) {
        double sum = 0;
        // By number, for an iterator is an object.
        for (int k = 0; k < phase.gradients().size(); k++) {
            sum += result.gradientNorm(phase.gradients().get(k), 0);
        }
        return sum;
    }

    private static Minibatch minibatch(Plan plan) {
        Network network = plan.network();
        Targets targets =
                plan.loss() == Loss.CROSS_ENTROPY
                        ? new Targets.Labels(
                                new SplittableRandom(2)
                                        .ints(SAMPLES, 0, network.outputs())
                                        .toArray())
                        : new Targets.Values(draw(network.outputs()));
        return new Minibatch(draw(network.inputs()), targets);
    }

    private static Minibatch inFloat32(Minibatch minibatch) {
        Targets.Values targets = (Targets.Values) minibatch.targets();
        return new Minibatch(
                inFloat32(minibatch.inputs()), new Targets.Values(inFloat32(targets.values())));
    }

    private static Tensor inFloat32(Tensor tensor) {
        return Tensor.wrap(tensor.toFloats(), tensor.dim(0), tensor.dim(1));
    }

    private static Tensor draw(int width) {
        double[] x = new SplittableRandom(1).doubles((long) SAMPLES * width, -1, 1).toArray();
        return Tensor.wrap(x, SAMPLES, width);
    }
}
