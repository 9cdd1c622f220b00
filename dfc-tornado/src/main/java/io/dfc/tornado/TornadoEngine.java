package io.dfc.tornado;

import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.BackwardHandle;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.OptimizerHandle;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.Recording;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.BackwardResult;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.Inference;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.OptimizerState;
import io.dfc.api.spi.PerturbationResult;
import io.dfc.api.spi.support.EngineCore;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Engine on a device: parameters, optimiser state and statistics stay there. */
final class TornadoEngine implements EngineCore {
    private final Plan plan;
    private final Layout layout;
    private final DeviceShare device;
    private final GradientOps gradients;
    private final IdleGroups idle;
    private final List<OptimizerRun> optimizers = new ArrayList<>();
    private final FeedforwardPass forward;

    // Phases, once they have been run.
    private final Map<LoopHandle, LoopRun> loops = new HashMap<>();
    private final Map<PerturbationHandle, PerturbationRun> perturbations = new HashMap<>();
    private final Map<BackwardHandle, BackwardRun> backwards = new HashMap<>();

    /** Largest magnitude of each layer's parameters, once it has been asked for. */
    private double[] largest;

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
        idle = new IdleGroups(PlanFacts.idle(plan));
        forward = new FeedforwardPass(device, layout);
        device.write(layout.at(Slots.SKIPPED), new float[layout.tiles], 0, layout.tiles);
        writeParameters(new float[layout.forwardLength], new float[layout.allFeedbackLength]);
        for (OptimizerHandle optimizer : plan.optimizers()) {
            OptimizerRun run = new OptimizerRun(device, layout, gradients, optimizer);
            run.load(OptimizerState.fresh());
            optimizers.add(run);
        }
    }

    /** Engines for some networks of a plan; more than one wait for each other at every launch. */
    static List<TornadoEngine> all(Plan plan, int count, ProgramPool pool) {
        List<Layout> layouts = Layout.all(plan, count, pool.transposes());
        List<DeviceShare> shares = pool.take(layouts);
        List<TornadoEngine> engines = new ArrayList<>();
        try {
            for (int r = 0; r < count; r++) {
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
    public void load(Parameters values) {
        device.beginCall();
        float[] forwards = new float[layout.forwardLength];
        float[] backs = new float[layout.allFeedbackLength];
        for (int i = 0; i < layout.depth; i++) {
            values.weights().get(i).copyTo(forwards, layout.forwardStart(i));
            if (plan.network().bias()) {
                values.biases().get(i).copyTo(forwards, layout.forwardStart(layout.depth + i));
            }
        }
        for (int g = 0; g < layout.feedback.size(); g++) {
            List<Tensor> tensors = values.group(layout.feedback.get(g).name());
            for (int i = 0; i < layout.depth; i++) {
                tensors.get(i).copyTo(backs, g * layout.feedbackLength + layout.feedbackStart(i));
            }
        }
        idle.load(values);
        writeParameters(forwards, backs);
    }

    private void writeParameters(float[] forwards, float[] backs) {
        device.write(layout.parameters, forwards, 0, forwards.length);
        device.write(layout.parameters + layout.forwardLength, backs, 0, backs.length);
        parametersChanged();
    }

    private void parametersChanged() {
        largest = null;
        if (layout.feedback.isEmpty()) {
            copyWeights();
        }
        for (ParameterGroup group : layout.feedback) {
            layout.carry(device, group);
            copyWeights();
        }
    }

    /** Forms the copies of the weights that phases read, and of the selected feedback weights. */
    private void copyWeights() {
        if (layout.transposes) {
            device.launch(
                    Kernel.TRANSPOSE, device.groups(layout.forwardLength + layout.feedbackLength));
        }
        if (layout.packs) {
            device.launch(Kernel.PACK, device.groups(layout.forwardLength / 2));
        }
    }

    @Override
    public Parameters parameters() {
        device.beginCall();
        Map<String, List<Tensor>> groups = new TreeMap<>();
        float[] forwards = device.read(layout.parameters, layout.forwardLength);
        groups.put(Parameters.WEIGHTS, gradients.weights(forwards));
        groups.put(Parameters.BIASES, gradients.biases(forwards));
        for (ParameterGroup group : layout.feedback) {
            float[] backs = device.read(layout.feedbackWeights(group), layout.feedbackLength);
            groups.put(group.name(), gradients.feedback(backs));
        }
        idle.addTo(groups);
        return new Parameters(groups);
    }

    @Override
    public void load(OptimizerHandle optimizer, OptimizerState state) {
        device.beginCall();
        optimizers.get(optimizer.index()).load(state);
    }

    @Override
    public OptimizerState state(OptimizerHandle optimizer) {
        device.beginCall();
        return optimizers.get(optimizer.index()).snapshot();
    }

    @Override
    public ForwardResult forward(Minibatch minibatch) {
        device.beginCall();
        forward.run(minibatch);
        return forward;
    }

    @Override
    public Inference infer(Tensor inputs) {
        device.beginCall();
        forward.run(inputs);
        return forward;
    }

    @Override
    public boolean records(LoopHandle loop) {
        return true;
    }

    @Override
    public LoopResult run(LoopHandle loop, Noise noise, Recording recording) {
        device.beginCall();
        layout.carry(device, loop.phase().feedback());
        LoopRun run =
                loops.computeIfAbsent(loop, l -> new LoopRun(device, layout, gradients, plan, l));
        run.run(noise, recording, forward.samples());
        return run;
    }

    @Override
    public PerturbationResult run(PerturbationHandle phase, Noise noise) {
        device.beginCall();
        layout.carry(device, phase.phase().feedback());
        PerturbationRun run =
                perturbations.computeIfAbsent(
                        phase, p -> new PerturbationRun(device, layout, gradients, p));
        run.run(noise, forward.samples());
        return run;
    }

    @Override
    public BackwardResult run(BackwardHandle phase) {
        device.beginCall();
        BackwardRun run =
                backwards.computeIfAbsent(
                        phase, p -> new BackwardRun(device, layout, gradients, p));
        run.run(forward.samples());
        return run;
    }

    @Override
    public void step(StepHandle step, double rateFactor) {
        device.beginCall();
        optimizers.get(step.optimizer().index()).step(layout.at(step.gradient()), rateFactor);
        parametersChanged();
    }

    @Override
    public double largestParameter(int layer) {
        device.beginCall();
        if (largest == null) {
            largest = gradients.largestParameters();
        }
        return Math.max(largest[layer], idle.largest(layer));
    }

    @Override
    public void close() {
        device.close();
    }
}
