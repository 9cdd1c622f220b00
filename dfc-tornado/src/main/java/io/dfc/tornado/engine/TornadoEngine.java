package io.dfc.tornado.engine;

import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.OptimizerHandle;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.Inference;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.OptimizerState;
import io.dfc.api.spi.PerturbationResult;
import io.dfc.api.spi.ProgramResult;
import io.dfc.api.spi.support.EngineCore;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Recording;
import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.learn.GradientOperations;
import io.dfc.tornado.learn.OptimizerRun;
import io.dfc.tornado.loop.LoopRun;
import io.dfc.tornado.memory.HostGroups;
import io.dfc.tornado.memory.MemoryLayout;
import io.dfc.tornado.memory.PlanRequirements;
import io.dfc.tornado.memory.TensorTable;
import io.dfc.tornado.program.BackpropagationProgram;
import io.dfc.tornado.program.LayerProgramRun;
import io.dfc.tornado.runtime.DeviceShare;
import io.dfc.tornado.runtime.Kernel;
import io.dfc.tornado.runtime.KernelPool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Engine of one network: parameters, optimiser state and statistics stay on the device. */
public final class TornadoEngine implements EngineCore {
    private final Plan plan;
    private final MemoryLayout layout;
    private final DeviceShare device;
    private final GradientOperations gradients;
    private final HostGroups hostGroups;
    private final List<OptimizerRun> optimizers = new ArrayList<>();
    private final FeedforwardPass forward;

    // Phases, once they have been run.
    private final Map<LoopHandle, LoopRun> loops = new HashMap<>();
    private final Map<PerturbationHandle, PerturbationRun> perturbations = new HashMap<>();
    private final Map<ProgramHandle, LayerProgramRun> programs = new HashMap<>();

    /** Largest magnitude of each layer's parameters, once it has been requested. */
    private double[] largest;

    /**
     * An engine.
     *
     * @param requirements what the plan requires
     * @param layout layout of the network
     * @param device its share of compiled kernels; closed with the engine
     */
    private TornadoEngine(PlanRequirements requirements, MemoryLayout layout, DeviceShare device) {
        plan = requirements.plan();
        this.layout = layout;
        this.device = device;
        layout.describe(device);
        gradients = new GradientOperations(device, layout);
        hostGroups = new HostGroups(requirements.onHost());
        forward = new FeedforwardPass(device, layout);
        device.write(layout.at(TableLayout.SKIPPED), new float[layout.tiles]);
        writeParameters(new float[layout.tensors.length]);
        for (OptimizerHandle optimizer : plan.optimizers()) {
            OptimizerRun run = new OptimizerRun(device, layout, optimizer);
            run.load(OptimizerState.fresh());
            optimizers.add(run);
        }
    }

    /**
     * Engines for some networks of a plan; if they are more than one, their launches are merged.
     */
    public static List<TornadoEngine> all(Plan plan, int count, KernelPool pool) {
        PlanRequirements requirements = new PlanRequirements(plan, BackpropagationProgram::matches);
        List<MemoryLayout> layouts = MemoryLayout.all(requirements, count, pool.transposes());
        List<DeviceShare> shares = pool.take(demand(layouts));
        List<TornadoEngine> engines = new ArrayList<>();
        try {
            for (int r = 0; r < count; r++) {
                engines.add(new TornadoEngine(requirements, layouts.get(r), shares.get(r)));
            }
        } catch (RuntimeException e) {
            shares.forEach(DeviceShare::close);
            throw e;
        }
        shares.forEach(DeviceShare::join);
        return engines;
    }

    private static KernelPool.Demand demand(List<MemoryLayout> layouts) {
        MemoryLayout last = layouts.getLast();
        return new KernelPool.Demand(
                last.end(),
                (long) last.padded * last.network.inputs(),
                last.rowLength(),
                layouts.size(),
                last.packs ? last.endOfWords() : 0);
    }

    @Override
    public void load(Parameters values) {
        device.beginCall();
        float[] numbers = new float[layout.tensors.length];
        for (ParameterGroup group : layout.tensors.groups()) {
            List<Tensor> tensors = values.group(group.name());
            for (int i = 0; i < tensors.size(); i++) {
                tensors.get(i).copyTo(numbers, layout.tensors.start(group, i));
            }
        }
        hostGroups.load(values);
        writeParameters(numbers);
    }

    private void writeParameters(float[] numbers) {
        device.write(layout.parameters, numbers);
        parametersChanged();
    }

    private void parametersChanged() {
        largest = null;
        if (layout.tensors.feedback.isEmpty()) {
            copyWeights();
        }
        for (ParameterGroup group : layout.tensors.feedback) {
            layout.selectFeedback(device, group);
            copyWeights();
        }
    }

    /** Forms the copies of the weights and of the selected feedback weights that kernels read. */
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
        TensorTable all = layout.tensors.all;
        Map<String, List<Tensor>> groups =
                new TreeMap<>(all.byGroup(device.read(layout.parameters, all.length())));
        hostGroups.addTo(groups);
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
    public ElementType targetType() {
        return ElementType.F32;
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
        layout.selectFeedback(device, loop.phase().feedback());
        LoopRun run =
                loops.computeIfAbsent(loop, l -> new LoopRun(device, layout, gradients, plan, l));
        run.run(noise, recording, forward.samples());
        return run;
    }

    @Override
    public PerturbationResult run(PerturbationHandle phase, Noise noise) {
        device.beginCall();
        layout.selectFeedback(device, phase.phase().feedback());
        PerturbationRun run =
                perturbations.computeIfAbsent(
                        phase, p -> new PerturbationRun(device, layout, gradients, p));
        run.run(noise, forward.samples());
        return run;
    }

    @Override
    public ProgramResult run(ProgramHandle program, Noise noise) {
        device.beginCall();
        LayerProgramRun run =
                programs.computeIfAbsent(
                        program, p -> LayerProgramRun.of(device, layout, gradients, p));
        run.run(noise, forward.samples());
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
        return Math.max(largest[layer], hostGroups.largest(layer));
    }

    @Override
    public void close() {
        device.close();
    }
}
