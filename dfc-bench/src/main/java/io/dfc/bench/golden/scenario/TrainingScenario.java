package io.dfc.bench.golden.scenario;

import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.Optimization;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.PhaseResult;
import io.dfc.bench.json.JsonCursor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Kind {@code training}: every minibatch once for the feedback weights, where the file says so,
 * then once for the forward weights.
 *
 * @param plan the plan
 * @param forward step of the forward weights, with the loop that they learn from
 * @param feedback step of the feedback weights, if there is a feedback epoch
 * @param parameters parameters before training
 * @param minibatches the minibatches, in order
 * @param feedbackNoise noise of the feedback epoch, one entry per minibatch; empty if there is no
 *     such epoch
 */
public record TrainingScenario(
        Plan plan,
        StepHandle forward,
        Optional<StepHandle> feedback,
        Parameters parameters,
        List<Minibatch> minibatches,
        List<Noise> feedbackNoise)
        implements Scenario {
    public static TrainingScenario read(JsonCursor root, NetworkSection network) {
        JsonCursor settings = root.get("settings");
        int depth = network.network().depth();
        List<Minibatch> minibatches =
                root.get("minibatches").items().stream().map(network::minibatch).toList();
        int largest =
                minibatches.stream()
                        .mapToInt(Minibatch::samples)
                        .max()
                        .orElseThrow(
                                () -> root.get("minibatches").expected("at least one minibatch"));
        Plan.Builder builder = Plan.builder(network.network(), network.loss(), largest);
        ParameterGroup q = builder.feedbackWeights();
        StepHandle forward =
                builder.step(
                        builder.loop("control", controlPhase(settings, q)).gradients().getFirst(),
                        builder.optimizer(
                                "forward",
                                optimizer(settings, "optimizer", depth),
                                builder.forwardGroups()));
        Optional<StepHandle> step = Optional.empty();
        List<Noise> feedbackNoise = List.of();
        if (settings.optional("feedback").isPresent()) {
            FeedbackSection feedback = FeedbackSection.add(settings, builder, q);
            step =
                    Optional.of(
                            builder.step(
                                    feedback.phase().gradients().getFirst(),
                                    builder.optimizer(
                                            "feedback",
                                            optimizer(settings, "feedback_optimizer", depth),
                                            q)));
            feedbackNoise = noise(root, network, feedback, minibatches);
        }
        return new TrainingScenario(
                builder.build(), forward, step, network.parameters(), minibatches, feedbackNoise);
    }

    private static Optimization optimizer(JsonCursor settings, String key, int depth) {
        return settings.get(key).as(LearningSection.OptimizerSettings.class).optimization(depth);
    }

    private static LoopPhase controlPhase(JsonCursor json, ParameterGroup q) {
        if (json.get("mode").text().equals("analytic")) {
            return json.as(AnalyticScenario.Settings.class)
                    .phase(
                            q,
                            List.of(json.as(LearningSection.LinearizedUpdate.class).plasticity()));
        }
        DynamicsScenario.Settings settings = json.as(DynamicsScenario.Settings.class);
        LoopConstants loop = settings.controller();
        if (loop.noise().isPresent()) {
            throw json.get("controller")
                    .get("noise_sigma")
                    .expected("null, for training files record no noise of the forward epoch");
        }
        return new LoopPhase(
                q,
                new OutputTarget.Nudge(settings.targetStepsize()),
                loop.controller(),
                loop.dynamics(),
                new Solver.Euler(),
                loop.convergence(),
                loop.noise(),
                List.of(json.as(LearningSection.Update.class).plasticity()));
    }

    private static List<Noise> noise(
            JsonCursor root,
            NetworkSection network,
            FeedbackSection feedback,
            List<Minibatch> minibatches) {
        List<Noise> noise = new ArrayList<>();
        for (int m = 0; m < minibatches.size(); m++) {
            int minibatch = m;
            noise.add(
                    feedback.noise(
                            network,
                            () ->
                                    root.get("noise_per_minibatch")
                                            .items(minibatches.size())
                                            .get(minibatch),
                            minibatches.get(m).samples()));
        }
        return noise;
    }

    @Override
    public void run(Engine engine, Observations observed) {
        engine.load(new EngineState(parameters));
        for (int m = 0; m < feedbackNoise.size(); m++) {
            engine.forward(minibatches.get(m));
            run(engine, feedback.orElseThrow().phase(), feedbackNoise.get(m));
            engine.apply(feedback.orElseThrow().at(1));
            observed.addLayers(
                    "feedback_epoch[" + m + "].Q", () -> engine.snapshot().parameters().feedback());
        }
        for (int m = 0; m < minibatches.size(); m++) {
            String path = "forward_epoch[" + m + "].";
            ForwardResult pass = engine.forward(minibatches.get(m));
            observed.addScalar(path + "loss", pass.loss());
            PhaseResult result = run(engine, forward.phase(), Noise.none());
            GradientHandle gradient = forward.gradient();
            observed.addLayers(path + "grad_W", () -> result.gradient(gradient).weights());
            observed.addLayers(path + "grad_b", () -> result.gradient(gradient).biases());
            engine.apply(forward.at(1));
            Parameters stepped = engine.snapshot().parameters();
            observed.addLayers(path + "W", stepped::weights);
            observed.addLayers(path + "b", stepped::biases);
        }
    }

    private static PhaseResult run(Engine engine, PhaseHandle phase, Noise noise) {
        return switch (phase) {
            case LoopHandle loop -> engine.run(loop, noise);
            case PerturbationHandle perturbation -> engine.run(perturbation, noise);
            case ProgramHandle program -> engine.run(program, noise);
        };
    }
}
