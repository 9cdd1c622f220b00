package io.dfc.bench.golden.scenario;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

import io.dfc.algorithms.diagnostics.LinearizedMinibatch;
import io.dfc.algorithms.diagnostics.LoopConstants;
import io.dfc.algorithms.diagnostics.NetworkMatrices;
import io.dfc.algorithms.diagnostics.NetworkState;
import io.dfc.api.control.Convergence;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.ForwardPlasticity;
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
import io.dfc.api.trajectory.Variable;
import io.dfc.bench.json.JsonCursor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Kind {@code diagnostics}: one update, formed by the backend, and what the theory says about it,
 * computed in float64 from the file's parameters and the voltages that the backend ends at.
 *
 * @param plan the plan
 * @param loop its loop
 * @param network network, parameters and loss
 * @param minibatch the samples
 * @param noise noise of the loop
 * @param settings what the file prescribes
 * @param dampings dampings of the Gauss-Newton and minimum-norm updates, in the order of the file
 */
public record DiagnosticsScenario(
        Plan plan,
        LoopHandle loop,
        NetworkSection network,
        Minibatch minibatch,
        Noise noise,
        Settings settings,
        List<Double> dampings)
        implements Scenario {
    /** Copies the list. */
    public DiagnosticsScenario {
        dampings = List.copyOf(dampings);
    }

    /**
     * The part of {@code settings} that is read.
     *
     * @param targetStepsize step from the output to its target
     * @param mode how the update is formed
     * @param learningRule rule of the forward weights
     * @param controller the loop
     * @param leakage leakage of the linearised steady state; without it, that of the controller
     * @param presynaptic presynaptic rates of an analytic update
     * @param clipGradNorm bound on the norm of every tensor of the update
     * @param feedbackConstants constants of another loop whose stability is asked for
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Settings(
            double targetStepsize,
            Mode mode,
            LearningSection.Rule learningRule,
            io.dfc.bench.golden.scenario.LoopConstants controller,
            Optional<Double> leakage,
            Optional<LearningSection.Presynaptic> presynaptic,
            Optional<Double> clipGradNorm,
            Optional<Constants> feedbackConstants) {
        boolean isAnalytic() {
            return mode == Mode.ANALYTIC;
        }

        double analyticLeakage() {
            return leakage.orElse(controller.leakage());
        }

        LoopConstants constants() {
            return new LoopConstants(
                    controller.leakage(),
                    controller.proportionalGain(),
                    controller.timeConstantRatio());
        }
    }

    /** How an update is formed. */
    enum Mode {
        CONTINUOUS,
        CONTINUOUS_RUNNING,
        STEADY_STATE,
        ANALYTIC
    }

    /**
     * {@code feedback_constants}.
     *
     * @param leakage leakage
     * @param proportionalGain proportional gain
     * @param timeConstantRatio time constant ratio
     */
    record Constants(double leakage, double proportionalGain, double timeConstantRatio) {
        LoopConstants loop() {
            return new LoopConstants(leakage, proportionalGain, timeConstantRatio);
        }
    }

    public static DiagnosticsScenario read(JsonCursor root, NetworkSection network) {
        Settings settings = root.get("settings").as(Settings.class);
        Minibatch minibatch = network.minibatch(root.get("minibatch"));
        Plan.Builder builder = Plan.builder(network.network(), network.loss(), minibatch.samples());
        ParameterGroup q = builder.feedbackWeights();
        LoopHandle loop =
                builder.loop(
                        "control",
                        settings.isAnalytic() ? analytic(q, settings) : simulated(q, settings));
        Noise noise =
                settings.isAnalytic()
                        ? Noise.none()
                        : settings.controller()
                                .noise(network, () -> root.get("noise"), minibatch.samples());
        return new DiagnosticsScenario(
                builder.build(), loop, network, minibatch, noise, settings, dampings(root));
    }

    private static List<Double> dampings(JsonCursor root) {
        List<Double> dampings = new ArrayList<>();
        for (JsonCursor entry :
                root.get("expected")
                        .optional("by_damping")
                        .map(JsonCursor::items)
                        .orElse(List.of())) {
            double damping = entry.get("damping").number();
            if (damping < 0) {
                throw entry.get("damping").expected("a number of at least 0");
            }
            dampings.add(damping);
        }
        return dampings;
    }

    private static LoopPhase analytic(ParameterGroup q, Settings settings) {
        return new LoopPhase(
                q,
                new OutputTarget.Nudge(settings.targetStepsize()),
                new ProportionalIntegralController(0, settings.analyticLeakage()),
                settings.controller().dynamics(),
                new Solver.Linearized(),
                Convergence.includingAll(),
                Optional.empty(),
                List.of(
                        new LearningSection.LinearizedUpdate(
                                        LearningSection.LinearizedMode.ANALYTIC,
                                        settings.learningRule(),
                                        settings.presynaptic(),
                                        settings.clipGradNorm())
                                .plasticity()));
    }

    private static LoopPhase simulated(ParameterGroup q, Settings settings) {
        var constants = settings.controller();
        ForwardPlasticity plasticity =
                new LearningSection.Update(
                                LearningSection.Mode.valueOf(settings.mode().name()),
                                settings.learningRule(),
                                settings.clipGradNorm())
                        .plasticity();
        return new LoopPhase(
                q,
                new OutputTarget.Nudge(settings.targetStepsize()),
                constants.controller(),
                constants.dynamics(),
                new Solver.Euler(),
                constants.convergence(),
                constants.noise(),
                List.of(plasticity));
    }

    @Override
    public void run(Engine engine, Observations observed) {
        Parameters parameters = network.parameters();
        engine.load(new EngineState(parameters));
        ForwardResult forward = engine.forward(minibatch);
        Tensor target = forward.outputTarget(loop);
        int last = loop.phase().recordedPoints() - 1;
        LoopResult result =
                engine.run(
                        loop, noise, new Recording(Set.of(Variable.SOMATIC), List.of(last), false));
        NetworkMatrices matrices = NetworkMatrices.of(network.network(), parameters);
        LinearizedMinibatch linearized =
                LinearizedMinibatch.of(matrices, network.loss(), minibatch);
        NetworkState end =
                NetworkState.of(
                        network.network(),
                        minibatch.inputs(),
                        result.trajectory().recorded(Variable.SOMATIC));
        DiagnosticsObserver observer =
                new DiagnosticsObserver(
                        linearized,
                        result.gradient(loop.gradients().getFirst()),
                        end,
                        presynaptic(end, linearized.feedforward(), result),
                        observed);
        observer.observeUpdate();
        observer.observeAngles(dampings);
        observer.observeAnalytic(
                target, settings.analyticLeakage(), LearningSection.rule(settings.learningRule()));
        observer.observeFeedback();
        observer.observeStability(
                settings.constants(), settings.feedbackConstants().map(Constants::loop));
    }

    /**
     * Rates at the last time point from which updates are formed: samples that are left out of an
     * update are put back to the feedforward pass by the published program.
     */
    private NetworkState presynaptic(
            NetworkState end, NetworkState feedforward, LoopResult result) {
        boolean leavesOut =
                !settings.isAnalytic()
                        && settings.mode() != Mode.CONTINUOUS_RUNNING
                        && !loop.phase().convergence().includeAll();
        if (!leavesOut) {
            return end;
        }
        boolean[] out = new boolean[minibatch.samples()];
        Arrays.fill(out, true);
        boolean[] converged = result.convergedSamples();
        for (int b = 0; b < out.length; b++) {
            out[b] = !converged[b];
        }
        return end.replacing(out, feedforward);
    }
}
