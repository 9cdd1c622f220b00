package io.dfc.api.reference;

import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.OptimizerHandle;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.PerturbationPhase;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.reference.loop.LoopRun;
import io.dfc.api.reference.loop.PerturbationRun;
import io.dfc.api.reference.model.ForwardRun;
import io.dfc.api.reference.model.OptimizerRun;
import io.dfc.api.reference.model.ParameterArrays;
import io.dfc.api.reference.program.ProgramRun;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.Inference;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.OptimizerState;
import io.dfc.api.spi.PerturbationResult;
import io.dfc.api.spi.ProgramResult;
import io.dfc.api.spi.support.EngineCore;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Recording;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Engine of the reference backend: holds parameters, optimisers and the last results, and calls the
 * phases.
 */
final class ReferenceEngine implements EngineCore {
    private final Plan plan;
    private final ParameterArrays parameters;
    private final List<OptimizerRun> optimizers = new ArrayList<>();
    private final Map<PhaseHandle, Object> results = new HashMap<>();
    private @Nullable ForwardRun pass;

    ReferenceEngine(Plan plan) {
        this.plan = plan;
        this.parameters = new ParameterArrays(plan);
        for (OptimizerHandle optimizer : plan.optimizers()) {
            optimizers.add(
                    new OptimizerRun(
                            optimizer.optimization(), optimizer.shapes(), optimizer.layers()));
        }
    }

    @Override
    public void load(Parameters values) {
        parameters.load(values);
    }

    @Override
    public Parameters parameters() {
        return parameters.toParameters();
    }

    @Override
    public void load(OptimizerHandle optimizer, OptimizerState state) {
        optimizers.get(optimizer.index()).load(state);
    }

    @Override
    public OptimizerState state(OptimizerHandle optimizer) {
        return optimizers.get(optimizer.index()).snapshot();
    }

    @Override
    public ForwardResult forward(Minibatch minibatch) {
        ForwardRun run = new ForwardRun(plan, parameters, minibatch);
        pass = run;
        return run;
    }

    /** The shell runs no phase before a forward pass. */
    private ForwardRun lastPass() {
        return Objects.requireNonNull(pass);
    }

    @Override
    public Inference infer(Tensor inputs) {
        return ForwardRun.withoutTargets(parameters, inputs);
    }

    @Override
    public boolean records(LoopHandle loop) {
        return true;
    }

    @Override
    public LoopResult run(LoopHandle loop, Noise noise, Recording recording) {
        LoopPhase phase = loop.phase();
        ForwardRun pass = lastPass();
        LoopRun run =
                new LoopRun(
                        parameters.of(phase.feedback()),
                        parameters.carrying(phase.feedback(), plan.precision()),
                        loop,
                        pass.activity,
                        pass.error(phase.target()),
                        noise,
                        recording);
        results.put(loop, run);
        return run;
    }

    @Override
    public PerturbationResult run(PerturbationHandle handle, Noise noise) {
        PerturbationPhase phase = handle.phase();
        ForwardRun pass = lastPass();
        PerturbationRun run =
                new PerturbationRun(
                        parameters.of(phase.feedback()),
                        parameters.carrying(phase.feedback(), plan.precision()),
                        handle,
                        pass.activity,
                        noise);
        results.put(handle, run);
        return run;
    }

    @Override
    public ProgramResult run(ProgramHandle program, Noise noise) {
        ProgramRun run = new ProgramRun(plan, parameters, lastPass(), program, noise);
        results.put(program, run);
        return run;
    }

    @Override
    public void step(StepHandle step, double rateFactor) {
        List<double[]> values = new ArrayList<>();
        for (ParameterGroup group : step.optimizer().groups()) {
            values.addAll(Arrays.asList(parameters.of(group)));
        }
        optimizers
                .get(step.optimizer().index())
                .step(values, gradient(step.phase(), step.gradient()), rateFactor);
        parameters.weightsChanged();
    }

    private List<double[]> gradient(PhaseHandle phase, GradientHandle gradient) {
        return switch (results.get(phase)) {
            case LoopRun run -> run.gradientArrays(gradient);
            case PerturbationRun run -> Arrays.asList(run.clippedArrays());
            case ProgramRun run -> run.gradientArrays(gradient);
            case null, default -> throw new IllegalStateException(phase + " was not run");
        };
    }

    @Override
    public double largestParameter(int layer) {
        return parameters.largest(layer);
    }
}
