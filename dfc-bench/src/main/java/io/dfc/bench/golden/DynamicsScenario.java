package io.dfc.bench.golden;

import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.Solver;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.spi.ControlPass;
import io.dfc.api.spi.ControlPhase;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.ForwardPass;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Plan;
import io.dfc.api.tensor.Tensor;
import io.dfc.bench.json.JsonCursor;

import java.util.List;

/**
 * Kind {@code dynamics}: one closed loop with all updates of the file.
 *
 * @param plan the plan
 * @param parameters parameters of the network
 * @param minibatch the samples
 * @param noise noise of the loop
 */
record DynamicsScenario(Plan plan, Parameters parameters, Minibatch minibatch, Noise noise)
        implements Scenario {
    static DynamicsScenario read(JsonCursor root, NetworkSection network) {
        JsonCursor settings = root.get("settings");
        JsonCursor expected = root.get("expected");
        ControllerSection loop = ControllerSection.read(settings.get("controller"));
        Minibatch minibatch = network.minibatch(root.get("minibatch"));
        ControlPhase phase =
                new ControlPhase(
                        new OutputTarget.Nudge(settings.get("target_stepsize").number()),
                        loop.controller(),
                        loop.dynamics(),
                        new Solver.Euler(),
                        loop.convergence(),
                        loop.noise(),
                        expected
                                .optional("updates")
                                .map(JsonCursor::items)
                                .orElse(List.of())
                                .stream()
                                .map(LearningSection::simulated)
                                .toList(),
                        Passes.recording(expected));
        return new DynamicsScenario(
                Plan.evaluation(network.network(), network.loss(), minibatch.samples())
                        .withControl(phase),
                network.parameters(),
                minibatch,
                loop.noise(network, () -> root.get("noise"), minibatch.samples()));
    }

    @Override
    public void run(Engine engine, Observations observed) {
        engine.load(new EngineState(parameters));
        ForwardPass forward = engine.forward(minibatch);
        Passes.observeForward(forward, plan.network().depth(), observed);
        observed.add("feedforward.output_target", forward::outputTarget);
        ControlPass control = engine.control(noise);
        observed.add("convergence.distance_ratio", control::distanceRatio);
        observed.add("convergence.converged", () -> flags(control.convergedSamples()));
        observed.add("convergence.diverged", () -> flags(control.divergedSamples()));
        observed.add(
                "convergence.diverged_time_points", () -> counts(control.divergedTimePoints()));
        Passes.observeTrajectory(control.trajectory(), observed);
        Passes.observeUpdates(control, plan.control().orElseThrow().updates().size(), observed);
    }

    private static Tensor flags(boolean[] flags) {
        double[] values = new double[flags.length];
        for (int b = 0; b < flags.length; b++) {
            values[b] = flags[b] ? 1 : 0;
        }
        return Tensor.wrap(values, values.length);
    }

    private static Tensor counts(int[] counts) {
        double[] values = new double[counts.length];
        for (int b = 0; b < counts.length; b++) {
            values[b] = counts[b];
        }
        return Tensor.wrap(values, values.length);
    }
}
