package io.dfc.bench.reproduce;

import io.dfc.algorithms.train.LearningPlan;
import io.dfc.algorithms.train.MinibatchRun;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.PerturbationResult;
import io.dfc.api.spi.PhaseResult;
import io.dfc.api.spi.ProgramResult;
import io.dfc.api.tensor.Tensor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a method would learn from some samples: its update runs on an engine beside the one that
 * trains, and its steps are kept instead of taken. So a run that is measured gives the same bits as
 * one that is not, whatever the method.
 */
final class UpdateProbe implements MinibatchRun, AutoCloseable {
    private final LearningPlan learning;
    private final Minibatch samples;
    private final long seed;
    private final Noise noise;
    private final Engine engine;
    private final Map<PhaseHandle, PhaseResult> results = new HashMap<>();
    private final Map<String, List<Tensor>> gradients = new HashMap<>();
    private ForwardResult forward;

    /**
     * A probe.
     *
     * @param backend backend of the run, open while the probe is used
     * @param learning how the method learns
     * @param samples samples that it is asked about
     * @param seed seed of the noise, the same at each measurement
     */
    UpdateProbe(Backend backend, LearningPlan learning, Minibatch samples, long seed) {
        this.learning = learning;
        this.samples = samples;
        this.seed = seed;
        noise = new Noise.Generated(seed, 0);
        engine = backend.compile(learning.plan());
    }

    /**
     * The update of the training sweep.
     *
     * @param parameters parameters of all groups
     * @return gradients of the groups that it would step, such as {@code W} and {@code b}
     */
    Parameters update(Parameters parameters) {
        engine.load(new EngineState(parameters));
        results.clear();
        gradients.clear();
        forward = engine.forward(samples);
        learning.training().update().learn(this);
        return new Parameters(gradients);
    }

    @Override
    public ForwardResult forward() {
        return forward;
    }

    @Override
    public int number() {
        return 0;
    }

    @Override
    public LoopResult run(LoopHandle loop) {
        LoopResult result = engine.run(loop, noise);
        results.put(loop, result);
        return result;
    }

    @Override
    public PerturbationResult run(PerturbationHandle phase) {
        PerturbationResult result = engine.run(phase, noise);
        results.put(phase, result);
        return result;
    }

    @Override
    public ProgramResult run(ProgramHandle program) {
        return run(program, 0);
    }

    @Override
    public ProgramResult run(ProgramHandle program, int draw) {
        Noise drawn = draw == 0 ? noise : new Noise.Generated(seed + draw, 0);
        ProgramResult result = engine.run(program, drawn);
        results.put(program, result);
        return result;
    }

    @Override
    public void apply(double factor, StepHandle... steps) {
        for (StepHandle step : steps) {
            gradients.putAll(results.get(step.phase()).gradient(step.gradient()).groups());
        }
    }

    @Override
    public void applyUnscheduled(double factor, StepHandle... steps) {
        apply(factor, steps);
    }

    @Override
    public void close() {
        engine.close();
    }
}
