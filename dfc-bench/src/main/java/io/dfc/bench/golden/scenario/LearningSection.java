package io.dfc.bench.golden.scenario;

import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.LearningRule;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.bench.json.JsonCursor;

import java.util.List;
import java.util.Set;
import java.util.function.DoubleFunction;

/** Names of rules, modes, clippings and optimisers in golden files. */
final class LearningSection {
    static final String ANALYTIC = "analytic";

    private LearningSection() {}

    /**
     * An update of the closed loop: {@code mode}, {@code learning_rule}, {@code clip_grad_norm}.
     */
    static ForwardPlasticity simulated(JsonCursor json) {
        ForwardPlasticity.Mode mode =
                switch (json.get("mode").text()) {
                    case "continuous" -> ForwardPlasticity.Mode.CONTINUOUS;
                    case "continuous_running" -> ForwardPlasticity.Mode.CONTINUOUS_RUNNING;
                    case "steady_state" -> ForwardPlasticity.Mode.LAST_STATE;
                    default ->
                            throw json.get("mode")
                                    .expected("continuous, continuous_running or steady_state");
                };
        return new ForwardPlasticity(
                mode, rule(json), ForwardPlasticity.Presynaptic.CONTROLLED, perTensor(json));
    }

    /**
     * An update of the linearised steady state; {@code presynaptic} is the propagated target unless
     * it says otherwise.
     */
    static ForwardPlasticity analytic(JsonCursor json) {
        if (!json.get("mode").text().equals(ANALYTIC)) {
            throw json.get("mode").expected(ANALYTIC);
        }
        ForwardPlasticity.Presynaptic presynaptic =
                json.optional("presynaptic")
                        .map(
                                p ->
                                        switch (p.text()) {
                                            case "target" ->
                                                    ForwardPlasticity.Presynaptic.CONTROLLED;
                                            case "feedforward" ->
                                                    ForwardPlasticity.Presynaptic.FEEDFORWARD;
                                            default -> throw p.expected("target or feedforward");
                                        })
                        .orElse(ForwardPlasticity.Presynaptic.CONTROLLED);
        return new ForwardPlasticity(
                ForwardPlasticity.Mode.LAST_STATE, rule(json), presynaptic, perTensor(json));
    }

    /** Clipping of all feedback gradients together by {@code clip_grad_norm}. */
    static Clipping joint(JsonCursor json) {
        return clipping(json, Clipping.Joint::new);
    }

    /** An optimiser's settings; {@code lr} and {@code epsilon} hold one value or one per layer. */
    static Optimization optimization(JsonCursor json, int depth) {
        json.only(List.of("type", "lr", "beta1", "beta2", "epsilon", "momentum", "weight_decay"));
        Optimizer optimizer =
                switch (json.get("type").text()) {
                    case "Adam" ->
                            new Optimizer.Adam(
                                    json.get("beta1").number(),
                                    json.get("beta2").number(),
                                    json.get("epsilon").numbers());
                    case "SGD" ->
                            new Optimizer.Sgd(
                                    json.optional("momentum").map(JsonCursor::number).orElse(0.0));
                    default -> throw json.get("type").expected("Adam or SGD");
                };
        double weightDecay = json.optional("weight_decay").map(JsonCursor::number).orElse(0.0);
        Optimization optimization =
                new Optimization(optimizer, json.get("lr").numbers(), weightDecay, Set.of());
        optimization.requireFit(depth);
        return optimization;
    }

    private static LearningRule rule(JsonCursor json) {
        JsonCursor rule = json.get("learning_rule");
        return switch (rule.text()) {
            case "voltage_difference" -> DfcRule.VOLTAGE_DIFFERENCE;
            case "derivative_matrix" -> DfcRule.DERIVATIVE;
            case "nonlinear_difference" -> DfcRule.NONLINEAR_DIFFERENCE;
            default ->
                    throw rule.expected(
                            "voltage_difference, derivative_matrix or nonlinear_difference");
        };
    }

    private static Clipping perTensor(JsonCursor json) {
        return clipping(json, Clipping.PerTensor::new);
    }

    private static Clipping clipping(JsonCursor json, DoubleFunction<Clipping> bound) {
        return json.optional("clip_grad_norm")
                .map(c -> bound.apply(c.number()))
                .orElseGet(Clipping.None::new);
    }
}
