package io.dfc.api.reference;

import io.dfc.api.control.OutputTarget;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.spi.BackwardPass;
import io.dfc.api.spi.ControlPass;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.FeedbackPass;
import io.dfc.api.spi.ForwardPass;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.OptimizerSlot;
import io.dfc.api.spi.OptimizerState;
import io.dfc.api.spi.Plan;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Engine of the reference backend: holds parameters, optimisers and the last results, and calls the
 * phases.
 */
final class ReferenceEngine implements Engine {
    private final Plan plan;
    private final Network network;
    private final ParameterArrays parameters;
    private final Map<OptimizerSlot, OptimizerRun> optimizers = new EnumMap<>(OptimizerSlot.class);
    private Pass pass;
    private ControlRun control;
    private FeedbackRun feedback;
    private BackwardRun backward;

    ReferenceEngine(Plan plan) {
        this.plan = plan;
        this.network = plan.network();
        this.parameters = new ParameterArrays(network);
        resetOptimizers();
    }

    private void resetOptimizers() {
        plan.optimizations()
                .forEach(
                        (slot, settings) -> {
                            List<int[]> shapes = new ArrayList<>();
                            for (int i = 0; i < network.depth(); i++) {
                                shapes.add(
                                        new int[] {
                                            network.size(i),
                                            slot == OptimizerSlot.FORWARD
                                                    ? network.fanIn(i)
                                                    : network.outputs()
                                        });
                            }
                            if (slot == OptimizerSlot.FORWARD && network.bias()) {
                                network.layers()
                                        .forEach(layer -> shapes.add(new int[] {layer.size()}));
                            }
                            optimizers.put(
                                    slot, new OptimizerRun(settings, shapes, network.depth()));
                        });
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public void load(EngineState state) {
        setParameters(state.parameters());
        resetOptimizers();
        optimizers.forEach(
                (slot, run) ->
                        run.load(state.optimizers().getOrDefault(slot, OptimizerState.fresh())));
    }

    @Override
    public void setParameters(Parameters values) {
        parameters.load(values);
        forget();
    }

    private void forget() {
        pass = null;
        control = null;
        feedback = null;
        backward = null;
    }

    @Override
    public EngineState snapshot() {
        Map<OptimizerSlot, OptimizerState> states = new EnumMap<>(OptimizerSlot.class);
        optimizers.forEach((slot, run) -> states.put(slot, run.snapshot()));
        return new EngineState(parameters.toParameters(), states);
    }

    @Override
    public ForwardPass forward(Minibatch minibatch) {
        minibatch.requireFit(plan, ElementType.F64);
        forget();
        Activity activity = Activity.of(parameters, minibatch.inputs());
        OutputLoss loss =
                new OutputLoss(
                        plan.loss(),
                        activity.output(),
                        activity.samples,
                        network.outputs(),
                        minibatch.targets());
        pass = new Pass(activity, loss, minibatch.targets());
        return pass;
    }

    @Override
    public ControlPass control(Noise noise) {
        var phase =
                plan.control()
                        .orElseThrow(
                                () -> new IllegalStateException("the plan has no control phase"));
        Pass fresh = freshPass();
        control =
                new ControlRun(
                        parameters.at(plan.precision()),
                        phase,
                        fresh.activity,
                        fresh.error(phase.target()),
                        noise);
        return control;
    }

    @Override
    public FeedbackPass feedback(Noise noise) {
        var phase =
                plan.feedback()
                        .orElseThrow(
                                () -> new IllegalStateException("the plan has no feedback phase"));
        Pass fresh = freshPass();
        feedback =
                new FeedbackRun(
                        parameters,
                        parameters.at(plan.precision()),
                        phase,
                        fresh.activity,
                        noise,
                        rule -> fresh.error(rule.target()));
        return feedback;
    }

    @Override
    public BackwardPass backward() {
        var clipping =
                plan.backward()
                        .orElseThrow(
                                () -> new IllegalStateException("the plan has no backpropagation"));
        Pass fresh = freshPass();
        backward = new BackwardRun(parameters, fresh.activity, fresh.loss.gradient, clipping);
        return backward;
    }

    private Pass freshPass() {
        if (pass == null) {
            throw new IllegalStateException(
                    "no forward pass since the parameters last changed; call forward first");
        }
        return pass;
    }

    @Override
    public void applyControl(int update, double rateScale) {
        if (control == null) {
            throw new IllegalStateException("no control phase since the parameters last changed");
        }
        stepForward(control.gradientArrays(update), rateScale);
    }

    @Override
    public void applyBackward(double rateScale) {
        if (backward == null) {
            throw new IllegalStateException("no backpropagation since the parameters last changed");
        }
        stepForward(backward.gradientArrays(), rateScale);
    }

    private void stepForward(GradientArrays gradient, double rateScale) {
        List<double[]> values = new ArrayList<>(Arrays.asList(parameters.w));
        values.addAll(Arrays.asList(parameters.b));
        List<double[]> gradients = new ArrayList<>(Arrays.asList(gradient.w));
        gradients.addAll(Arrays.asList(gradient.b));
        optimizer(OptimizerSlot.FORWARD).step(values, gradients, rateScale);
        parameters.weightsChanged();
        forget();
    }

    @Override
    public void applyFeedback(OptimizerSlot slot, double rateScale) {
        if (slot == OptimizerSlot.FORWARD) {
            throw new IllegalArgumentException(
                    "feedback weights are stepped in a feedback slot, not in FORWARD");
        }
        if (feedback == null) {
            throw new IllegalStateException("no feedback phase since the parameters last changed");
        }
        optimizer(slot)
                .step(
                        Arrays.asList(parameters.q),
                        Arrays.asList(feedback.clippedArrays()),
                        rateScale);
        forget();
    }

    private OptimizerRun optimizer(OptimizerSlot slot) {
        OptimizerRun run = optimizers.get(slot);
        if (run == null) {
            throw new IllegalStateException("the plan has no optimiser in slot " + slot);
        }
        return run;
    }

    @Override
    public double largestParameter(int layer) {
        double largest = largest(parameters.w[layer], largest(parameters.q[layer], 0));
        return network.bias() ? largest(parameters.b[layer], largest) : largest;
    }

    private static double largest(double[] x, double start) {
        double largest = start;
        for (double value : x) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    @Override
    public void close() {
        forget();
    }

    /** The last forward pass. */
    private final class Pass implements ForwardPass {
        private final Activity activity;
        private final OutputLoss loss;
        private final Targets targets;

        Pass(Activity activity, OutputLoss loss, Targets targets) {
            this.activity = activity;
            this.loss = loss;
            // Labels are copied, for a caller may refill the minibatch before the next phase.
            this.targets =
                    targets instanceof Targets.Labels(int[] classes)
                            ? new Targets.Labels(classes.clone())
                            : targets;
        }

        ControlError error(OutputTarget target) {
            return ControlError.of(
                    target, plan.loss(), loss, activity.output(), network.outputs(), targets);
        }

        @Override
        public int samples() {
            return activity.samples;
        }

        @Override
        public double loss() {
            return loss.loss;
        }

        @Override
        public int correct() {
            return loss.correct;
        }

        @Override
        public Tensor voltage(int layer) {
            return Tensor.of(activity.v[layer], activity.samples, network.size(layer));
        }

        @Override
        public Tensor rate(int layer) {
            return Tensor.of(activity.r[layer], activity.samples, network.size(layer));
        }

        @Override
        public Tensor outputTarget() {
            var phase =
                    plan.control()
                            .orElseThrow(
                                    () ->
                                            new IllegalStateException(
                                                    "the plan has no control phase"));
            return Tensor.of(
                    error(phase.target()).target(activity.output()),
                    activity.samples,
                    network.outputs());
        }

        @Override
        public Tensor jacobian() {
            int outputs = network.outputs();
            int neurons = network.neurons();
            double[] out = new double[activity.samples * outputs * neurons];
            for (int s = 0; s < activity.samples; s++) {
                double[][] blocks =
                        new Jacobian(
                                        parameters,
                                        activity.sample(network, s),
                                        Buffers.perLayer(network, 1))
                                .blocks;
                for (int j = 0; j < outputs; j++) {
                    int at = (s * outputs + j) * neurons;
                    for (int i = 0; i < blocks.length; i++) {
                        System.arraycopy(blocks[i], j * network.size(i), out, at, network.size(i));
                        at += network.size(i);
                    }
                }
            }
            return Tensor.wrap(out, activity.samples, outputs, neurons);
        }
    }
}
