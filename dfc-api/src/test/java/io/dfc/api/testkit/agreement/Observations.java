package io.dfc.api.testkit.agreement;

import io.dfc.api.error.PlanUnsupportedException;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.PerturbationResult;
import io.dfc.api.spi.PhaseResult;
import io.dfc.api.spi.ProgramResult;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.testkit.scenario.Scenario;
import io.dfc.api.trajectory.Recording;
import io.dfc.api.trajectory.Trajectory;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.function.Executable;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Everything that an engine says about a scenario, by name. Names of whole numbers and masks begin
 * with {@code exact}.
 */
public final class Observations {
    static final String EXACT = "exact ";

    /** Begins the names of residuals, which are compared absolutely. */
    static final String ABSOLUTE = "absolute ";

    private final Map<String, double[]> values = new LinkedHashMap<>();

    private final Set<String> untold = new HashSet<>();
    private boolean unrecorded;

    /** What is recorded, by the same names as in {@link #values}. */
    private final Map<String, Grid> trajectories = new LinkedHashMap<>();

    /**
     * Layout of a recorded variable: one row of numbers for each time point and sample.
     *
     * @param points number of time points
     * @param samples number of samples
     */
    record Grid(int points, int samples) {}

    private Observations() {}

    /**
     * Runs a scenario from its initial parameters: all phases of every minibatch, then all steps.
     */
    public static Observations of(Engine engine, Scenario scenario) {
        engine.load(new EngineState(scenario.parameters()));
        return continued(engine, scenario);
    }

    /** Runs a scenario from the state that the engine has. */
    public static Observations continued(Engine engine, Scenario scenario) {
        Observations all = new Observations();
        for (int n = 0; n < scenario.minibatches().size(); n++) {
            String at = "minibatch " + n + ": ";
            Minibatch minibatch = scenario.minibatches().get(n);
            Noise noise = scenario.noise().apply(n);
            all.forward(at, engine.forward(minibatch), scenario.plan());
            Run run = new Run(engine, noise, scenario.recording().apply(n));
            for (PhaseHandle phase : scenario.plan().phases()) {
                all.phase(at + phase + " ", phase, run);
            }
            step(run, minibatch, scenario.plan());
            all.parameters(at, engine);
        }
        return all;
    }

    /** How phases are run. */
    private record Run(Engine engine, Noise noise, Recording recording) {
        /** Without the recording where the backend declines that. */
        LoopResult run(LoopHandle loop) {
            try {
                return engine.run(loop, noise, recording);
            } catch (PlanUnsupportedException e) {
                return engine.run(loop, noise);
            }
        }

        PerturbationResult run(PerturbationHandle phase) {
            return engine.run(phase, noise);
        }

        /** Recorded noise is for other phases of the plan. */
        ProgramResult run(ProgramHandle program) {
            return engine.run(program, noise instanceof Noise.Recorded ? Noise.none() : noise);
        }
    }

    /** Names of what the backend declined to tell. */
    Set<String> untold() {
        return untold;
    }

    /** Whether the backend declined to record. */
    boolean isUnrecorded() {
        return unrecorded;
    }

    /** Every quantity as a flat array, by name. */
    Map<String, double[]> values() {
        return values;
    }

    /** Layouts of the quantities that were recorded over time, by name. */
    Map<String, Grid> trajectories() {
        return trajectories;
    }

    /** Takes every step, each from gradients of parameters as they are then. */
    private static void step(Run run, Minibatch minibatch, Plan plan) {
        boolean fresh = true;
        for (StepHandle step : plan.steps()) {
            if (!fresh) {
                run.engine().forward(minibatch);
                switch (step.phase()) {
                    case LoopHandle loop -> run.run(loop);
                    case PerturbationHandle perturbation -> run.run(perturbation);
                    case ProgramHandle program -> run.run(program);
                }
            }
            run.engine().apply(step.at(step.phase() instanceof ProgramHandle ? 0.5 : 1));
            fresh = false;
        }
    }

    private void forward(String at, ForwardResult pass, Plan plan) {
        put(at + "loss", pass.loss());
        put(EXACT + at + "correct", pass.correct());
        put(EXACT + at + "samples", pass.samples());
        for (int i = 0; i < plan.network().depth(); i++) {
            put(at + "v" + i, pass.voltage(i));
            put(at + "r" + i, pass.rate(i));
        }
        told(at + "jacobian", pass::jacobian);
        for (LoopHandle loop : plan.loops()) {
            told(at + loop + " output target", () -> pass.outputTarget(loop));
        }
    }

    private void phase(String at, PhaseHandle phase, Run run) {
        switch (phase) {
            case LoopHandle loop -> {
                LoopResult result = run.run(loop);
                gradients(at, phase, result);
                loop(at, loop.phase(), result);
                if (run.recording().isActive()) {
                    recorded(at, result);
                }
            }
            case PerturbationHandle perturbation -> {
                PerturbationResult result = run.run(perturbation);
                gradients(at, phase, result);
                put(at + "unclipped Q", result.unclippedFeedback());
            }
            case ProgramHandle program -> {
                ProgramResult result = run.run(program);
                gradients(at, phase, result);
                for (String number : program.phase().numbers()) {
                    put(at + number, result.number(number));
                }
            }
        }
    }

    private void gradients(String at, PhaseHandle phase, PhaseResult result) {
        for (int k = 0; k < phase.gradients().size(); k++) {
            GradientHandle gradient = phase.gradients().get(k);
            put(at + "gradient " + k + " ", result.gradient(gradient));
            for (int i = 0; i < gradient.groups().getFirst().tensors(); i++) {
                put(at + "norm " + k + " " + i, result.gradientNorm(gradient, i));
            }
        }
    }

    private void loop(String at, LoopPhase phase, LoopResult result) {
        if (phase.feedbackPlasticity().isPresent()) {
            put(at + "unclipped Q", result.unclippedFeedback());
        } else {
            requireRefused(result::unclippedFeedback, at + "Q that do not learn");
        }
        if (phase.checksConvergence()) {
            put(ABSOLUTE + at + "distance ratio", result.distanceRatio());
        } else {
            requireRefused(result::distanceRatio, at + "samples that nobody judges");
        }
        put(EXACT + at + "samples", result.samples());
        put(EXACT + at + "converged", result.converged());
        put(EXACT + at + "diverged", result.diverged());
        put(EXACT + at + "fallback samples", result.fallbackSamples());
        values.put(EXACT + at + "converged mask", mask(result.convergedSamples()));
        values.put(EXACT + at + "diverged mask", mask(result.divergedSamples()));
        int[] points = result.divergedTimePoints();
        double[] counts = new double[points.length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = points[i];
        }
        values.put(EXACT + at + "diverged points", counts);
    }

    private static void requireRefused(Executable question, String what) {
        Assertions.assertThrows(IllegalStateException.class, question, what);
    }

    private void parameters(String at, Engine engine) {
        var parameters = engine.snapshot().parameters();
        put(at, parameters);
        for (int i = 0; i < engine.plan().network().depth(); i++) {
            put(at + "largest parameter " + i, engine.largestParameter(i));
        }
    }

    private static double[] mask(boolean[] mask) {
        double[] out = new double[mask.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = mask[i] ? 1 : 0;
        }
        return out;
    }

    private void recorded(String at, LoopResult result) {
        Trajectory trajectory;
        try {
            trajectory = result.trajectory();
        } catch (IllegalStateException e) {
            unrecorded = true;
            return;
        }
        put(at, trajectory);
    }

    /** Takes what a backend may decline to tell. */
    private void told(String name, Supplier<Tensor> tensor) {
        try {
            put(name, tensor.get());
        } catch (PlanUnsupportedException e) {
            untold.add(name);
        }
    }

    private void put(String name, double value) {
        values.put(name, new double[] {value});
    }

    private void put(String name, Tensor tensor) {
        values.put(name, tensor.toDoubles());
    }

    private void put(String name, List<Tensor> tensors) {
        for (int i = 0; i < tensors.size(); i++) {
            put(name + i, tensors.get(i));
        }
    }

    private void put(String name, Parameters parameters) {
        parameters.groups().forEach((group, tensors) -> put(name + group, tensors));
    }

    private void put(String name, Trajectory trajectory) {
        trajectory
                .values()
                .forEach(
                        (variable, tensors) -> {
                            put(name + variable, tensors);
                            for (int i = 0; i < tensors.size(); i++) {
                                Tensor tensor = tensors.get(i);
                                trajectories.put(
                                        name + variable + i,
                                        new Grid(tensor.dim(0), tensor.dim(1)));
                            }
                        });
    }
}
