package io.dfc.api.testkit;

import io.dfc.api.spi.BackwardPass;
import io.dfc.api.spi.ControlPass;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.FeedbackPass;
import io.dfc.api.spi.ForwardPass;
import io.dfc.api.spi.Gradients;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.OptimizerSlot;
import io.dfc.api.spi.Plan;
import io.dfc.api.spi.Trajectory;
import io.dfc.api.tensor.Tensor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that an engine says about a scenario, by name. Names of whole numbers and masks begin
 * with {@code exact}.
 */
final class Observations {
    static final String EXACT = "exact ";

    /** Begins the names of residuals, which are compared absolutely. */
    static final String ABSOLUTE = "absolute ";

    private final Map<String, double[]> values = new LinkedHashMap<>();

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
     * Runs a scenario from its initial parameters: all phases of every minibatch, then a step of
     * each optimiser.
     */
    static Observations of(Engine engine, Scenario scenario) {
        engine.load(new EngineState(scenario.parameters()));
        return continued(engine, scenario);
    }

    /** Runs a scenario from the state that the engine has. */
    static Observations continued(Engine engine, Scenario scenario) {
        Observations all = new Observations();
        Plan plan = scenario.plan();
        for (int n = 0; n < scenario.minibatches().size(); n++) {
            String at = "minibatch " + n + ": ";
            Minibatch minibatch = scenario.minibatches().get(n);
            var noise = scenario.noise().apply(n);
            all.forward(at, engine.forward(minibatch), plan);
            if (plan.control().isPresent()) {
                all.control(at, engine.control(noise), plan);
            }
            if (plan.feedback().isPresent()) {
                all.feedback(at, engine.feedback(noise));
            }
            if (plan.backward().isPresent()) {
                all.backward(at, engine.backward(), plan);
            }
            step(engine, minibatch, scenario, n);
            all.parameters(at, engine);
        }
        return all;
    }

    /** Every quantity as a flat array, by name. */
    Map<String, double[]> values() {
        return values;
    }

    /** Layouts of the quantities that were recorded over time, by name. */
    Map<String, Grid> trajectories() {
        return trajectories;
    }

    private static void step(Engine engine, Minibatch minibatch, Scenario scenario, int n) {
        Plan plan = scenario.plan();
        var noise = scenario.noise().apply(n);
        if (plan.optimizations().containsKey(OptimizerSlot.FORWARD)) {
            if (plan.control().isPresent()) {
                engine.applyControl(0, 1);
            } else if (plan.backward().isPresent()) {
                engine.applyBackward(0.5);
            }
        }
        for (OptimizerSlot slot :
                List.of(OptimizerSlot.FEEDBACK, OptimizerSlot.FEEDBACK_PRETRAINING)) {
            if (plan.optimizations().containsKey(slot)) {
                engine.forward(minibatch);
                engine.feedback(noise);
                engine.applyFeedback(slot, 1);
            }
        }
    }

    private void forward(String at, ForwardPass pass, Plan plan) {
        put(at + "loss", pass.loss());
        put(EXACT + at + "correct", pass.correct());
        put(EXACT + at + "samples", pass.samples());
        for (int i = 0; i < plan.network().depth(); i++) {
            put(at + "v" + i, pass.voltage(i));
            put(at + "r" + i, pass.rate(i));
        }
        put(at + "jacobian", pass.jacobian());
        if (plan.control().isPresent()) {
            put(at + "output target", pass.outputTarget());
        }
    }

    private void control(String at, ControlPass pass, Plan plan) {
        for (int k = 0; k < plan.control().orElseThrow().updates().size(); k++) {
            put(at + "control update " + k + " ", pass.gradients(k));
            for (int i = 0; i < plan.network().depth(); i++) {
                put(at + "control norm " + k + " " + i, pass.gradientNorm(k, i));
            }
        }
        put(ABSOLUTE + at + "distance ratio", pass.distanceRatio());
        put(EXACT + at + "converged", pass.converged());
        put(EXACT + at + "diverged", pass.diverged());
        put(EXACT + at + "simulated", pass.simulated());
        values.put(EXACT + at + "converged mask", mask(pass.convergedSamples()));
        values.put(EXACT + at + "diverged mask", mask(pass.divergedSamples()));
        int[] points = pass.divergedTimePoints();
        double[] counts = new double[points.length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = points[i];
        }
        values.put(EXACT + at + "diverged points", counts);
        put(at + "control ", pass.trajectory());
    }

    private void feedback(String at, FeedbackPass pass) {
        put(at + "grad Q", pass.gradients());
        put(at + "clipped grad Q", pass.clippedGradients());
        for (int i = 0; i < pass.gradients().size(); i++) {
            put(at + "norm of grad Q" + i, pass.gradientNorm(i));
        }
        put(at + "feedback ", pass.trajectory());
    }

    private void backward(String at, BackwardPass pass, Plan plan) {
        put(at + "backward ", pass.gradients());
        for (int i = 0; i < plan.network().depth(); i++) {
            put(at + "backward norm " + i, pass.gradientNorm(i));
        }
    }

    private void parameters(String at, Engine engine) {
        var parameters = engine.snapshot().parameters();
        put(at + "W", parameters.weights());
        put(at + "b", parameters.biases());
        put(at + "Q", parameters.feedback());
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

    private void put(String name, Gradients gradients) {
        put(name + "W", gradients.weights());
        put(name + "b", gradients.biases());
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
