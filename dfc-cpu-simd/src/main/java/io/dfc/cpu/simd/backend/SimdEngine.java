package io.dfc.cpu.simd.backend;

import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.OptimizerHandle;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.PhaseHandle;
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
import io.dfc.api.spi.SampleBuffer;
import io.dfc.api.spi.TargetKind;
import io.dfc.api.spi.support.EngineCore;
import io.dfc.api.spi.support.SampleReader;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Recording;
import io.dfc.cpu.simd.learn.OptimizerRun;
import io.dfc.cpu.simd.learn.OuterProducts;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.model.OutputLoss;
import io.dfc.cpu.simd.phase.LoopRun;
import io.dfc.cpu.simd.phase.PerturbationRun;
import io.dfc.cpu.simd.product.RegisterBlocks;
import io.dfc.cpu.simd.program.ProgramRun;
import io.dfc.cpu.simd.runtime.AllocationWatch;
import io.dfc.cpu.simd.runtime.Workers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Engine of the SIMD backend: holds parameters, optimisers and working memory, and calls the
 * phases.
 */
final class SimdEngine implements EngineCore, SampleReader {
    private static final int FORWARD = 0;

    private final Plan plan;
    private final Model model;
    private final Batch batch;
    private final OutputLoss loss;
    private final Workers workers;
    private final OuterProducts outer;
    private final SimdForwardResult forward;
    private final Map<LoopHandle, LoopRun> loops = new HashMap<>();
    private final Map<PerturbationHandle, PerturbationRun> perturbations = new HashMap<>();
    private final Map<ProgramHandle, ProgramRun> programs = new HashMap<>();
    private final List<OptimizerRun> optimizers = new ArrayList<>();

    /** Arrays that each optimiser steps. */
    private final List<float[][]> stepped = new ArrayList<>();

    /** Null for plans with users' code, which may allocate. */
    private final AllocationWatch watch;

    SimdEngine(Plan plan, Workers workers, RegisterBlocks blocks) {
        this.plan = plan;
        this.workers = workers;
        model = new Model(plan, FeedbackGroups.only(plan), blocks);
        batch = new Batch(model, plan.maxBatch());
        loss = new OutputLoss(batch, plan.loss(), plan.network().outputs());
        outer = new OuterProducts(model, batch, workers);
        for (PhaseHandle phase : plan.phases()) {
            switch (phase) {
                case LoopHandle loop -> loops.put(loop, newLoop(loop));
                case PerturbationHandle p ->
                        perturbations.put(p, new PerturbationRun(p, model, batch, workers));
                case ProgramHandle p ->
                        programs.put(p, new ProgramRun(plan, p, model, batch, workers));
            }
        }
        for (OptimizerHandle optimizer : plan.optimizers()) {
            optimizers.add(
                    new OptimizerRun(
                            optimizer.optimization(),
                            optimizer.shapes(),
                            optimizer.layers(),
                            workers));
            stepped.add(model.arrays(optimizer.groups()));
        }
        forward = new SimdForwardResult(plan, model, batch);
        watch = isOwnCode(plan) ? AllocationWatch.ofThisMachine(phaseNames(plan)) : null;
    }

    private LoopRun newLoop(LoopHandle loop) {
        return new LoopRun(plan, loop, model, batch, workers, outer);
    }

    private static List<String> phaseNames(Plan plan) {
        return Stream.concat(Stream.of("forward"), plan.phases().stream().map(PhaseHandle::name))
                .toList();
    }

    private static boolean isOwnCode(Plan plan) {
        boolean own = true;
        for (LoopHandle loop : plan.loops()) {
            LoopPhase phase = loop.phase();
            own &= phase.controller() instanceof ProportionalIntegralController;
            own &= phase.forwardPlasticities().stream().allMatch(u -> u.rule() instanceof DfcRule);
        }
        return own;
    }

    @Override
    public void load(Parameters parameters) {
        model.load(parameters, workers);
    }

    @Override
    public Parameters parameters() {
        return model.toParameters();
    }

    @Override
    public void load(OptimizerHandle optimizer, OptimizerState state) {
        optimizers.get(optimizer.index()).load(state);
    }

    @Override
    public OptimizerState state(OptimizerHandle optimizer) {
        return optimizers.get(optimizer.index()).snapshot();
    }

    /**
     * The results of the forward pass show bad numbers, so that the inputs need no check of their
     * own.
     */
    @Override
    public boolean checksNumbers() {
        return true;
    }

    @Override
    public ForwardResult forward(Minibatch minibatch) {
        beginWatch();
        batch.forward(minibatch, loss, workers);
        endWatch(FORWARD);
        if (batch.mayHoldBadInputs()) {
            minibatch.requireInputs(ElementType.F32);
        }
        if (batch.mayHoldBadTargets(plan.loss())) {
            minibatch.requireTargets(ElementType.F32);
        }
        return forward;
    }

    @Override
    public SampleBuffer buffer(int samples, TargetKind kind) {
        return batch.buffer(samples, kind);
    }

    @Override
    public ForwardResult forward(SampleBuffer buffer) {
        beginWatch();
        batch.forward(buffer, loss, workers);
        endWatch(FORWARD);
        if (batch.mayHoldBadInputs()) {
            buffer.requireInputs(ElementType.F32);
        }
        if (batch.mayHoldBadTargets(plan.loss())) {
            buffer.requireTargets(ElementType.F32);
        }
        return forward;
    }

    @Override
    public Inference infer(Tensor inputs) {
        batch.forward(inputs, workers);
        if (batch.mayHoldBadInputs()) {
            inputs.requireFit("minibatch inputs", ElementType.F32);
        }
        return forward;
    }

    @Override
    public boolean records(LoopHandle loop) {
        return true;
    }

    @Override
    public LoopResult run(LoopHandle loop, Noise noise, Recording recording) {
        LoopRun run = loops.get(loop);
        if (run == null) {
            run = newLoop(loop);
            loops.put(loop, run);
        }
        if (recording.isActive()) {
            run.run(noise, recording);
            return run;
        }
        beginWatch();
        run.run(noise, recording);
        endWatch(loop);
        return run;
    }

    @Override
    public PerturbationResult run(PerturbationHandle phase, Noise noise) {
        PerturbationRun run = perturbations.get(phase);
        beginWatch();
        run.run(noise);
        endWatch(phase);
        return run;
    }

    @Override
    public ProgramResult run(ProgramHandle phase, Noise noise) {
        ProgramRun run = programs.get(phase);
        beginWatch();
        run.run(noise);
        endWatch(phase);
        return run;
    }

    private void beginWatch() {
        if (watch != null) {
            watch.begin();
        }
    }

    private void endWatch(PhaseHandle phase) {
        endWatch(FORWARD + 1 + phase.index());
    }

    private void endWatch(int phase) {
        if (watch != null) {
            watch.end(phase);
        }
    }

    @Override
    public void step(StepHandle step, double rateFactor) {
        int optimizer = step.optimizer().index();
        optimizers
                .get(optimizer)
                .step(stepped.get(optimizer), gradient(step.phase(), step.gradient()), rateFactor);
        model.changed(step.optimizer().groups(), workers);
    }

    private float[][] gradient(PhaseHandle phase, GradientHandle gradient) {
        return switch (phase) {
            case LoopHandle loop -> loops.get(loop).gradientArrays(gradient);
            case PerturbationHandle p -> perturbations.get(p).gradient.clipped;
            case ProgramHandle p -> programs.get(p).gradientArrays(gradient);
        };
    }

    @Override
    public double largestParameter(int layer) {
        return model.largest(layer);
    }
}
