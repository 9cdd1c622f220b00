package io.dfc.bench.golden.scenario;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.Plasticity;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Recording;
import io.dfc.bench.json.JsonCursor;

import java.util.List;

/**
 * Kind {@code dynamics}: one closed loop with all updates of the file.
 *
 * @param plan the plan
 * @param loop its loop
 * @param recording what it records
 * @param parameters parameters of the network
 * @param minibatch the samples
 * @param noise noise of the loop
 */
public record DynamicsScenario(
        Plan plan,
        LoopHandle loop,
        Recording recording,
        Parameters parameters,
        Minibatch minibatch,
        Noise noise)
        implements Scenario {
    /**
     * The part of {@code settings} that is read.
     *
     * @param targetStepsize step from the output to its target
     * @param controller the loop
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Settings(double targetStepsize, LoopConstants controller) {}

    public static DynamicsScenario read(JsonCursor root, NetworkSection network) {
        Settings settings = root.get("settings").as(Settings.class);
        JsonCursor expected = root.get("expected");
        LoopConstants constants = settings.controller();
        Minibatch minibatch = network.minibatch(root.get("minibatch"));
        Plan.Builder builder = Plan.builder(network.network(), network.loss(), minibatch.samples());
        LoopPhase phase =
                new LoopPhase(
                        builder.feedbackWeights(),
                        new OutputTarget.Nudge(settings.targetStepsize()),
                        constants.controller(),
                        constants.dynamics(),
                        new Solver.Euler(),
                        constants.convergence(),
                        constants.noise(),
                        expected
                                .optional("updates")
                                .map(JsonCursor::items)
                                .orElse(List.of())
                                .stream()
                                .<Plasticity>map(
                                        u -> u.as(LearningSection.Update.class).plasticity())
                                .toList());
        LoopHandle loop = builder.loop("control", phase);
        return new DynamicsScenario(
                builder.build(),
                loop,
                ResultObserver.recording(expected, phase),
                network.parameters(),
                minibatch,
                constants.noise(network, () -> root.get("noise"), minibatch.samples()));
    }

    @Override
    public void run(Engine engine, Observations observed) {
        engine.load(new EngineState(parameters));
        ForwardResult forward = engine.forward(minibatch);
        ResultObserver.observeForward(forward, plan.network().depth(), observed);
        observed.add("feedforward.output_target", () -> forward.outputTarget(loop));
        LoopResult result = engine.run(loop, noise, recording);
        observed.add("convergence.distance_ratio", result::distanceRatio);
        observed.add("convergence.converged", () -> flags(result.convergedSamples()));
        observed.add("convergence.diverged", () -> flags(result.divergedSamples()));
        observed.add("convergence.diverged_time_points", () -> counts(result.divergedTimePoints()));
        if (recording.isActive()) {
            ResultObserver.observeTrajectory(result.trajectory(), observed);
        }
        ResultObserver.observeUpdates(result, loop.gradients(), observed);
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
