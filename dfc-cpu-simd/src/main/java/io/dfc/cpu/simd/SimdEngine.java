package io.dfc.cpu.simd;

import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.learn.PublishedRule;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.spi.BackwardPass;
import io.dfc.api.spi.ControlPass;
import io.dfc.api.spi.ControlPhase;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.FeedbackPass;
import io.dfc.api.spi.FeedbackPhase;
import io.dfc.api.spi.ForwardPass;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.OptimizerSlot;
import io.dfc.api.spi.OptimizerState;
import io.dfc.api.spi.Plan;
import io.dfc.api.tensor.ElementType;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Engine of the SIMD backend: holds parameters, optimisers and working memory, and calls the
 * phases.
 */
final class SimdEngine implements Engine {
    /** What is up to date with the parameters. */
    private boolean passed;

    private boolean controlled;
    private boolean fedBack;
    private boolean propagated;

    private final Plan plan;
    private final Network network;
    private final Model model;

    /** Weights, then biases. */
    private final float[][] forwardParameters;

    private final Batch batch;
    private final OutputLoss loss;
    private final Workers workers;
    private final ControlRun control;
    private final FeedbackRun feedback;
    private final BackwardRun backward;
    private final SimdForwardPass forward;
    private final ControlError controlError;
    private final ControlError feedbackError;
    private final Map<OptimizerSlot, OptimizerRun> optimizers = new EnumMap<>(OptimizerSlot.class);

    /** Null for plans with users' code, which may allocate, or recordings, which have to. */
    private final AllocationWatch watch;

    SimdEngine(Plan plan, Workers workers, RegisterBlocks blocks) {
        this.plan = plan;
        this.network = plan.network();
        this.workers = workers;
        model = new Model(network, blocks);
        forwardParameters = GradientArrays.joined(model.w, model.b);
        batch = new Batch(model, plan.maxBatch());
        loss = new OutputLoss(batch, plan.loss(), network.outputs());
        OuterProducts outer = new OuterProducts(model, batch, workers);
        control =
                plan.control()
                        .map(p -> new ControlRun(p, model, batch, workers, outer, plan.maxBatch()))
                        .orElse(null);
        feedback = plan.feedback().map(p -> new FeedbackRun(p, model, batch, workers)).orElse(null);
        backward =
                plan.backward()
                        .map(c -> new BackwardRun(model, batch, workers, outer, c))
                        .orElse(null);
        forward = new SimdForwardPass(plan, model, batch);
        controlError =
                error(plan.control().map(c -> c.target()).orElse(new OutputTarget.OwnOutput()));
        feedbackError =
                error(
                        plan.feedback().map(f -> f.rule()).orElse(null)
                                        instanceof FeedbackRule.NormalController rule
                                ? rule.target()
                                : new OutputTarget.OwnOutput());
        watch = isOwnCode(plan) ? AllocationWatch.ofThisMachine() : null;
        resetOptimizers();
    }

    private static boolean isOwnCode(Plan plan) {
        boolean own = true;
        for (ControlPhase phase : plan.control().stream().toList()) {
            own &= phase.controller() instanceof ProportionalIntegralController;
            own &= !phase.recording().isActive();
            own &= phase.updates().stream().allMatch(u -> u.rule() instanceof PublishedRule);
        }
        for (FeedbackPhase phase : plan.feedback().stream().toList()) {
            own &= !phase.recording().isActive();
            own &=
                    !(phase.rule() instanceof FeedbackRule.NormalController rule)
                            || rule.controller() instanceof ProportionalIntegralController;
        }
        return own;
    }

    private ControlError error(OutputTarget target) {
        return new ControlError(target, plan.loss(), batch, network.outputs());
    }

    private void resetOptimizers() {
        plan.optimizations()
                .forEach(
                        (slot, settings) -> {
                            boolean weights = slot == OptimizerSlot.FORWARD;
                            List<int[]> shapes = new ArrayList<>();
                            for (int i = 0; i < network.depth(); i++) {
                                int columns = weights ? network.fanIn(i) : network.outputs();
                                shapes.add(new int[] {network.size(i), columns});
                            }
                            if (weights && network.bias()) {
                                network.layers().forEach(l -> shapes.add(new int[] {l.size()}));
                            }
                            optimizers.put(
                                    slot,
                                    new OptimizerRun(settings, shapes, network.depth(), workers));
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
    public void setParameters(Parameters parameters) {
        model.load(parameters, workers);
        forget();
    }

    private void forget() {
        passed = false;
        controlled = false;
        fedBack = false;
        propagated = false;
    }

    @Override
    public EngineState snapshot() {
        Map<OptimizerSlot, OptimizerState> states = new EnumMap<>(OptimizerSlot.class);
        optimizers.forEach((slot, run) -> states.put(slot, run.snapshot()));
        return new EngineState(model.toParameters(), states);
    }

    @Override
    public ForwardPass forward(Minibatch minibatch) {
        minibatch.requireFit(plan);
        forget();
        beginWatch();
        batch.forward(minibatch, loss, workers);
        endWatch(AllocationWatch.Phase.FORWARD);
        if (batch.mayHoldBadInputs()) {
            minibatch.requireInputs(ElementType.F32);
        }
        if (batch.mayHoldBadTargets(plan.loss())) {
            minibatch.requireTargets(ElementType.F32);
        }
        passed = true;
        return forward;
    }

    @Override
    public ControlPass control(Noise noise) {
        requirePhase(control, "control phase");
        requirePass();
        beginWatch();
        control.run(controlError.refresh(), noise);
        endWatch(AllocationWatch.Phase.CONTROL);
        controlled = true;
        return control;
    }

    @Override
    public FeedbackPass feedback(Noise noise) {
        requirePhase(feedback, "feedback phase");
        requirePass();
        beginWatch();
        feedback.run(feedbackError.refresh(), noise);
        endWatch(AllocationWatch.Phase.FEEDBACK);
        fedBack = true;
        return feedback;
    }

    @Override
    public BackwardPass backward() {
        requirePhase(backward, "backpropagation");
        requirePass();
        beginWatch();
        backward.run();
        endWatch(AllocationWatch.Phase.BACKWARD);
        propagated = true;
        return backward;
    }

    private void beginWatch() {
        if (watch != null) {
            watch.begin();
        }
    }

    private void endWatch(AllocationWatch.Phase phase) {
        if (watch != null) {
            watch.end(phase);
        }
    }

    private static void requirePhase(Object phase, String name) {
        if (phase == null) {
            throw new IllegalStateException("the plan has no " + name);
        }
    }

    private void requirePass() {
        if (!passed) {
            throw new IllegalStateException(
                    "no forward pass since the parameters last changed; call forward first");
        }
    }

    private static void requireResult(boolean there, String phase) {
        if (!there) {
            throw new IllegalStateException("no " + phase + " since the parameters last changed");
        }
    }

    @Override
    public void applyControl(int update, double rateScale) {
        requireResult(controlled, "control phase");
        stepForward(control.gradientArrays(update), rateScale);
    }

    @Override
    public void applyBackward(double rateScale) {
        requireResult(propagated, "backpropagation");
        stepForward(backward.gradientArrays(), rateScale);
    }

    private void stepForward(GradientArrays gradient, double rateScale) {
        optimizer(OptimizerSlot.FORWARD).step(forwardParameters, gradient.all, rateScale);
        model.weightsChanged(workers);
        forget();
    }

    @Override
    public void applyFeedback(OptimizerSlot slot, double rateScale) {
        if (slot == OptimizerSlot.FORWARD) {
            throw new IllegalArgumentException(
                    "feedback weights are stepped in a feedback slot, not in FORWARD");
        }
        requireResult(fedBack, "feedback phase");
        optimizer(slot).step(model.q, feedback.clippedArrays(), rateScale);
        model.feedbackChanged();
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
        return model.largest(layer);
    }

    @Override
    public void close() {
        forget();
    }
}
