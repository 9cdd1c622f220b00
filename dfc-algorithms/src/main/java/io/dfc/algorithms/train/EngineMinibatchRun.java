package io.dfc.algorithms.train;

import io.dfc.algorithms.event.TrainingEvents;
import io.dfc.algorithms.measure.RunMeasurement;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.Step;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.PerturbationResult;
import io.dfc.api.spi.PhaseResult;
import io.dfc.api.spi.ProgramResult;
import io.dfc.api.trajectory.Recording;

import java.util.HashMap;
import java.util.Map;

/** The minibatches of a sweep on an engine, one after the other. */
final class EngineMinibatchRun implements MinibatchRun {
    /** Odd, so that no two draws have one seed. */
    private static final long SEEDS_APART = 0x9E3779B97F4A7C15L;

    private final Engine engine;
    private final RunMeasurement measurement;
    private final TrainingEvents events;
    private final Map<PhaseHandle, PhaseResult> results = new HashMap<>();

    @SuppressWarnings("NullAway.Init") // of the minibatch that has begun
    private ForwardResult forward;

    @SuppressWarnings("NullAway.Init")
    private RunPosition position;

    @SuppressWarnings("NullAway.Init")
    private Noise.Generated noise;

    private int number;
    private double rate;
    private long samples;
    private long converged;
    private long diverged;
    private long fallback;

    EngineMinibatchRun(Engine engine, RunMeasurement measurement, TrainingEvents events) {
        this.engine = engine;
        this.measurement = measurement;
        this.events = events;
    }

    /**
     * Begins the next minibatch, whose feedforward pass the engine has done.
     *
     * @param of results of that pass
     * @param at its place in the run
     * @param drawn its noise
     * @param minibatch minibatches learnt before, since the beginning of the run
     * @param scale factor of the schedule on the learning rates
     */
    void begin(
            ForwardResult of, RunPosition at, Noise.Generated drawn, int minibatch, double scale) {
        forward = of;
        position = at;
        noise = drawn;
        number = minibatch;
        rate = scale;
        results.clear();
    }

    /** {@return numbers of samples by how their loops ended, so far} */
    ConvergenceCounts convergence() {
        return new ConvergenceCounts(converged, diverged, samples - converged - diverged, fallback);
    }

    /** {@return results of the phases that have run for the minibatch} */
    Map<PhaseHandle, PhaseResult> results() {
        return Map.copyOf(results);
    }

    @Override
    public ForwardResult forward() {
        return forward;
    }

    @Override
    public int number() {
        return number;
    }

    /**
     * Runs the phases of interleaved steps, before the update of the sweep. How their loops end is
     * not counted.
     */
    void form(InterleavedSteps steps) {
        for (PhaseHandle phase : steps.phases()) {
            switch (phase) {
                case LoopHandle loop -> results.put(loop, measured(loop));
                case PerturbationHandle perturbation -> run(perturbation);
                case ProgramHandle program -> run(program);
            }
        }
    }

    /**
     * Takes interleaved steps, after the update of the sweep.
     *
     * @param scale factor of their own schedule on the learning rates
     */
    void take(InterleavedSteps steps, double scale) {
        take(scale, steps.steps().toArray(StepHandle[]::new));
    }

    @Override
    public LoopResult run(LoopHandle loop) {
        LoopResult result = measured(loop);
        samples += result.samples();
        converged += result.converged();
        diverged += result.diverged();
        fallback += result.fallbackSamples();
        results.put(loop, result);
        return result;
    }

    private LoopResult measured(LoopHandle loop) {
        Recording recording = measurement.recording(loop, number);
        events.beginPhase();
        LoopResult result = engine.run(loop, noise, recording);
        events.endPhase(loop.name());
        if (recording.isActive()) {
            measurement.measured(loop, number, result);
        }
        return result;
    }

    @Override
    public PerturbationResult run(PerturbationHandle phase) {
        events.beginPhase();
        PerturbationResult result = engine.run(phase, noise);
        events.endPhase(phase.name());
        results.put(phase, result);
        return result;
    }

    @Override
    public ProgramResult run(ProgramHandle program) {
        return draw(program, noise);
    }

    @Override
    public ProgramResult run(ProgramHandle program, int draw) {
        return draw(program, drawn(draw));
    }

    private ProgramResult draw(ProgramHandle program, Noise from) {
        events.beginPhase();
        ProgramResult result = engine.run(program, from);
        events.endPhase(program.name());
        results.put(program, result);
        return result;
    }

    @Override
    public void applyUnscheduled(double factor, StepHandle... steps) {
        take(factor, steps);
    }

    @Override
    public void apply(double factor, StepHandle... steps) {
        take(rate * factor, steps);
    }

    /** A seed of its own for each draw, for the number of the minibatch is taken. */
    private Noise drawn(int draw) {
        return new Noise.Generated(noise.seed() ^ draw * SEEDS_APART, noise.minibatch());
    }

    private void take(double scale, StepHandle... steps) {
        Step[] taken = new Step[steps.length];
        for (int i = 0; i < steps.length; i++) {
            requireFinite(steps[i]);
            taken[i] = steps[i].at(scale);
        }
        events.beginPhase();
        engine.apply(taken);
        events.endPhase("step");
    }

    private void requireFinite(StepHandle step) {
        PhaseResult result = results.get(step.phase());
        if (result == null) {
            // Then there is no gradient: the engine refuses the step.
            return;
        }
        for (int layer = 0; layer < engine.plan().network().depth(); layer++) {
            double norm = result.gradientNorm(step.gradient(), layer);
            position.require(norm, "the gradient of layer " + (layer + 1) + " is " + norm);
        }
    }
}
