package io.dfc.tornado;

import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.spi.BackwardPass;
import io.dfc.api.spi.ControlPass;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.FeedbackPass;
import io.dfc.api.spi.ForwardPass;
import io.dfc.api.spi.Gradients;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.OptimizerSlot;
import io.dfc.api.spi.OptimizerState;
import io.dfc.api.spi.Plan;
import io.dfc.api.tensor.ElementType;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Engine on a device: parameters, optimiser state and statistics stay there. */
final class TornadoEngine implements Engine {
    private final Plan plan;
    private final Layout layout;
    private final DeviceShare device;
    private final GradientOps gradients;
    private final Map<OptimizerSlot, OptimizerRun> optimizers = new EnumMap<>(OptimizerSlot.class);
    private final FeedforwardPass forward;
    private final ControlRun control;
    private final FeedbackRun feedback;

    /** Largest magnitude of each layer's parameters, once it has been asked for. */
    private double[] largest;

    private boolean isFresh;
    private boolean hasControl;
    private boolean hasFeedback;
    private boolean hasBackward;
    private boolean isClosed;

    /**
     * An engine.
     *
     * @param plan the plan
     * @param layout layout of the network
     * @param device its share of a program; closed with the engine
     */
    private TornadoEngine(Plan plan, Layout layout, DeviceShare device) {
        this.plan = plan;
        this.layout = layout;
        this.device = device;
        layout.describe(device);
        gradients = new GradientOps(device, layout);
        plan.optimizations()
                .forEach(
                        (slot, settings) ->
                                optimizers.put(
                                        slot,
                                        new OptimizerRun(
                                                device,
                                                layout,
                                                gradients,
                                                settings,
                                                slot == OptimizerSlot.FORWARD,
                                                layout.moments.get(slot))));
        forward = new FeedforwardPass(device, layout, plan);
        control =
                plan.control().isPresent() ? new ControlRun(device, layout, gradients, plan) : null;
        feedback =
                plan.feedback().isPresent()
                        ? new FeedbackRun(device, layout, gradients, plan)
                        : null;
        device.write(layout.at(Slots.SKIPPED), new float[layout.tiles], 0, layout.tiles);
        writeParameters(new float[layout.forwardLength], new float[layout.feedbackLength]);
        resetOptimizers(Map.of());
    }

    /** Engines for all networks of a plan; more than one wait for each other at every launch. */
    static List<Engine> all(Plan plan, ProgramPool pool) {
        List<Layout> layouts = Layout.all(plan, pool.transposes());
        List<DeviceShare> shares = pool.take(layouts);
        List<Engine> engines = new ArrayList<>();
        try {
            for (int r = 0; r < plan.replicas(); r++) {
                engines.add(new TornadoEngine(plan, layouts.get(r), shares.get(r)));
            }
        } catch (RuntimeException e) {
            shares.forEach(DeviceShare::close);
            throw e;
        }
        shares.forEach(DeviceShare::join);
        return engines;
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public void load(EngineState state) {
        setParameters(state.parameters());
        resetOptimizers(state.optimizers());
    }

    private void resetOptimizers(Map<OptimizerSlot, OptimizerState> states) {
        optimizers.forEach(
                (slot, run) -> run.load(states.getOrDefault(slot, OptimizerState.fresh())));
    }

    @Override
    public void setParameters(Parameters values) {
        requireOpen();
        values.requireFit(plan.network(), ElementType.F32);
        float[] forwards = new float[layout.forwardLength];
        float[] backs = new float[layout.feedbackLength];
        for (int i = 0; i < layout.depth; i++) {
            values.weights().get(i).copyTo(forwards, layout.forwardStart(i));
            values.feedback().get(i).copyTo(backs, layout.feedbackStart(i));
            if (plan.network().bias()) {
                values.biases().get(i).copyTo(forwards, layout.forwardStart(layout.depth + i));
            }
        }
        writeParameters(forwards, backs);
    }

    private void writeParameters(float[] forwards, float[] backs) {
        device.write(layout.parameters, forwards, 0, forwards.length);
        device.write(layout.feedbackWeights, backs, 0, backs.length);
        parametersChanged();
    }

    private void parametersChanged() {
        if (layout.transposes) {
            device.launch(
                    Kernel.TRANSPOSE, device.groups(layout.forwardLength + layout.feedbackLength));
        }
        if (layout.packs) {
            device.launch(Kernel.PACK, device.groups(layout.forwardLength / 2));
        }
        largest = null;
        isFresh = false;
        hasControl = false;
        hasFeedback = false;
        hasBackward = false;
    }

    @Override
    public EngineState snapshot() {
        requireOpen();
        float[] forwards = device.read(layout.parameters, layout.forwardLength);
        float[] backs = device.read(layout.feedbackWeights, layout.feedbackLength);
        Map<OptimizerSlot, OptimizerState> states = new EnumMap<>(OptimizerSlot.class);
        optimizers.forEach((slot, run) -> states.put(slot, run.snapshot()));
        return new EngineState(
                new Parameters(
                        gradients.weights(forwards),
                        gradients.biases(forwards),
                        gradients.feedback(backs)),
                states);
    }

    @Override
    public ForwardPass forward(Minibatch minibatch) {
        requireOpen();
        minibatch.requireFit(plan, ElementType.F32);
        hasControl = false;
        hasFeedback = false;
        hasBackward = false;
        forward.run(minibatch);
        isFresh = true;
        return forward;
    }

    @Override
    public ControlPass control(Noise noise) {
        if (control == null) {
            throw new IllegalStateException("the plan has no control phase");
        }
        requireFresh();
        control.run(noise, forward.samples());
        hasControl = true;
        return control;
    }

    @Override
    public FeedbackPass feedback(Noise noise) {
        if (feedback == null) {
            throw new IllegalStateException("the plan has no feedback phase");
        }
        requireFresh();
        feedback.run(noise, forward.samples());
        hasFeedback = true;
        return feedback;
    }

    @Override
    public BackwardPass backward() {
        var clipping =
                plan.backward()
                        .orElseThrow(
                                () -> new IllegalStateException("the plan has no backpropagation"));
        requireFresh();
        device.launch(Kernel.BACKWARD, Tiles.count(forward.samples()));
        gradients.products(
                layout.at(Slots.SIGNAL),
                Slots.FEEDFORWARD,
                layout.backward,
                1,
                layout.depth,
                false);
        gradients.clip(clipping, layout.backward, layout.backward, true);
        hasBackward = true;
        return new Backpropagated();
    }

    private void requireOpen() {
        if (isClosed) {
            throw new IllegalStateException("the engine is closed");
        }
        device.beginCall();
    }

    private void requireFresh() {
        requireOpen();
        if (!isFresh) {
            throw new IllegalStateException(
                    "no forward pass since the parameters last changed; call forward first");
        }
    }

    @Override
    public void applyControl(int update, double rateScale) {
        requireOpen();
        if (!hasControl) {
            throw new IllegalStateException("no control phase since the parameters last changed");
        }
        step(OptimizerSlot.FORWARD, layout.updates[update], rateScale);
    }

    @Override
    public void applyBackward(double rateScale) {
        requireOpen();
        if (!hasBackward) {
            throw new IllegalStateException("no backpropagation since the parameters last changed");
        }
        step(OptimizerSlot.FORWARD, layout.backward, rateScale);
    }

    @Override
    public void applyFeedback(OptimizerSlot slot, double rateScale) {
        requireOpen();
        if (slot == OptimizerSlot.FORWARD) {
            throw new IllegalArgumentException(
                    "feedback weights are stepped in a feedback slot, not in FORWARD");
        }
        if (!hasFeedback) {
            throw new IllegalStateException("no feedback phase since the parameters last changed");
        }
        step(slot, layout.feedbackClipped, rateScale);
    }

    private void step(OptimizerSlot slot, int gradient, double rateScale) {
        OptimizerRun run = optimizers.get(slot);
        if (run == null) {
            throw new IllegalStateException("the plan has no optimiser in slot " + slot);
        }
        run.step(gradient, rateScale);
        parametersChanged();
    }

    @Override
    public double largestParameter(int layer) {
        requireOpen();
        if (largest == null) {
            largest = gradients.largestParameters();
        }
        return largest[layer];
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            device.close();
        }
    }

    /** The last backpropagated gradient. */
    private final class Backpropagated implements BackwardPass {
        @Override
        public double gradientNorm(int layer) {
            return gradients.layerNorms(layout.backward, true)[layer];
        }

        @Override
        public Gradients gradients() {
            return gradients.download(layout.backward);
        }
    }
}
