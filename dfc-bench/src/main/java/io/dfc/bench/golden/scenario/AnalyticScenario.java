package io.dfc.bench.golden.scenario;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

import io.dfc.api.control.Convergence;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.Plasticity;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Recording;
import io.dfc.api.trajectory.Trajectory;
import io.dfc.api.trajectory.Variable;
import io.dfc.bench.json.JsonCursor;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Kind {@code analytic}: the linearised steady state with all updates of the file.
 *
 * @param plan the plan
 * @param loop its loop
 * @param parameters parameters of the network
 * @param minibatch the samples
 */
public record AnalyticScenario(
        Plan plan, LoopHandle loop, Parameters parameters, Minibatch minibatch)
        implements Scenario {
    /** A phase wants dynamics, but the linearised solver has no use for them. */
    private static final Dynamics UNUSED = new Dynamics(1, 2, 1);

    /** The point at which a solver without time reports the state that it found. */
    private static final Recording STATE_FOUND =
            new Recording(
                    Set.of(Variable.CONTROL, Variable.APICAL, Variable.SOMATIC, Variable.RATE),
                    List.of(1),
                    false);

    public static AnalyticScenario read(JsonCursor root, NetworkSection network) {
        Minibatch minibatch = network.minibatch(root.get("minibatch"));
        List<Plasticity> updates =
                root
                        .get("expected")
                        .optional("updates")
                        .map(JsonCursor::items)
                        .orElse(List.of())
                        .stream()
                        .<Plasticity>map(
                                u -> u.as(LearningSection.LinearizedUpdate.class).plasticity())
                        .toList();
        Plan.Builder builder = Plan.builder(network.network(), network.loss(), minibatch.samples());
        LoopHandle loop =
                builder.loop(
                        "control",
                        root.get("settings")
                                .as(Settings.class)
                                .phase(builder.feedbackWeights(), updates));
        return new AnalyticScenario(builder.build(), loop, network.parameters(), minibatch);
    }

    /**
     * The part of {@code settings} that is read.
     *
     * @param targetStepsize step from the output to its target
     * @param leakage leakage of the controller
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Settings(double targetStepsize, double leakage) {
        /** The linearised solution. */
        LoopPhase phase(ParameterGroup q, List<Plasticity> updates) {
            return new LoopPhase(
                    q,
                    new OutputTarget.Nudge(targetStepsize),
                    new ProportionalIntegralController(0, leakage),
                    UNUSED,
                    new Solver.Linearized(),
                    Convergence.includingAll(),
                    Optional.empty(),
                    updates);
        }
    }

    @Override
    public void run(Engine engine, Observations observed) {
        int depth = plan.network().depth();
        engine.load(new EngineState(parameters));
        ForwardResult forward = engine.forward(minibatch);
        ResultObserver.observeForward(forward, depth, observed);
        observed.add("feedforward.output_target", () -> forward.outputTarget(loop));
        observed.add("jacobian", forward::jacobian);
        LoopResult control = engine.run(loop, Noise.none(), STATE_FOUND);
        Trajectory state = control.trajectory();
        observed.add("u", () -> withoutTime(state.recorded(Variable.CONTROL).getFirst()));
        observed.addLayers(
                "delta_v", depth, i -> withoutTime(state.recorded(Variable.APICAL).get(i)));
        observed.addLayers("v", depth, i -> withoutTime(state.recorded(Variable.SOMATIC).get(i)));
        observed.addLayers("r", depth, i -> withoutTime(state.recorded(Variable.RATE).get(i)));
        ResultObserver.observeUpdates(control, loop.gradients(), observed);
    }

    private static Tensor withoutTime(Tensor recorded) {
        int[] shape = recorded.shape();
        return Tensor.wrap(recorded.toDoubles(), Arrays.copyOfRange(shape, 1, shape.length));
    }
}
