package io.dfc.bench.golden.scenario;

import static io.dfc.bench.json.ValueRange.require;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleFunction;

/** Rules, modes, clippings and optimisers as golden files name them. */
final class LearningSection {
    private LearningSection() {}

    /** Modes of updates of the closed loop. */
    enum Mode {
        CONTINUOUS,
        CONTINUOUS_RUNNING,
        STEADY_STATE
    }

    /** The mode of updates of the linearised steady state. */
    enum LinearizedMode {
        ANALYTIC
    }

    /** Rules of the forward weights. */
    enum Rule {
        VOLTAGE_DIFFERENCE,
        DERIVATIVE_MATRIX,
        NONLINEAR_DIFFERENCE
    }

    /** Presynaptic rates: those of the propagated target, or of the feedforward pass. */
    enum Presynaptic {
        TARGET,
        FEEDFORWARD
    }

    /** Optimisers. */
    enum OptimizerType {
        @JsonProperty("Adam")
        ADAM,
        @JsonProperty("SGD")
        SGD
    }

    /** An update of the closed loop, beside the gradients that are expected of it. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Update(Mode mode, Rule learningRule, Optional<Double> clipGradNorm) {
        ForwardPlasticity plasticity() {
            ForwardPlasticity.Mode formed =
                    switch (mode) {
                        case CONTINUOUS -> ForwardPlasticity.Mode.CONTINUOUS;
                        case CONTINUOUS_RUNNING -> ForwardPlasticity.Mode.CONTINUOUS_RUNNING;
                        case STEADY_STATE -> ForwardPlasticity.Mode.LAST_STATE;
                    };
            return new ForwardPlasticity(
                    formed,
                    rule(learningRule),
                    ForwardPlasticity.Presynaptic.CONTROLLED,
                    clipping(clipGradNorm, Clipping.PerTensor::new));
        }
    }

    /** An update of the linearised steady state; without {@code presynaptic}, of the target. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record LinearizedUpdate(
            LinearizedMode mode,
            Rule learningRule,
            Optional<Presynaptic> presynaptic,
            Optional<Double> clipGradNorm) {
        ForwardPlasticity plasticity() {
            ForwardPlasticity.Presynaptic rates =
                    switch (presynaptic.orElse(Presynaptic.TARGET)) {
                        case TARGET -> ForwardPlasticity.Presynaptic.CONTROLLED;
                        case FEEDFORWARD -> ForwardPlasticity.Presynaptic.FEEDFORWARD;
                    };
            return new ForwardPlasticity(
                    ForwardPlasticity.Mode.LAST_STATE,
                    rule(learningRule),
                    rates,
                    clipping(clipGradNorm, Clipping.PerTensor::new));
        }
    }

    /** An optimiser; {@code lr} and {@code epsilon} hold one value or one per layer. */
    record OptimizerSettings(
            OptimizerType type,
            @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) List<Double> lr,
            Optional<Double> beta1,
            Optional<Double> beta2,
            @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
                    Optional<List<Double>> epsilon,
            Optional<Double> momentum,
            Optional<Double> weightDecay) {
        /** Checks that Adam has its constants. */
        OptimizerSettings {
            boolean adam = type == OptimizerType.ADAM;
            require(!adam || beta1.isPresent(), "beta1", "a number");
            require(!adam || beta2.isPresent(), "beta2", "a number");
            require(!adam || epsilon.isPresent(), "epsilon", "a number, or one per layer");
        }

        Optimization optimization(int depth) {
            Optimizer optimizer =
                    switch (type) {
                        case ADAM ->
                                new Optimizer.Adam(
                                        beta1.orElseThrow(),
                                        beta2.orElseThrow(),
                                        epsilon.orElseThrow());
                        case SGD -> new Optimizer.Sgd(momentum.orElse(0.0));
                    };
            Optimization optimization =
                    new Optimization(optimizer, lr, weightDecay.orElse(0.0), Set.of());
            optimization.requireFit(depth);
            return optimization;
        }
    }

    /** Clipping of all feedback gradients together. */
    static Clipping joint(Optional<Double> clipGradNorm) {
        return clipping(clipGradNorm, Clipping.Joint::new);
    }

    /** A rule of the published program. */
    static DfcRule rule(Rule rule) {
        return switch (rule) {
            case VOLTAGE_DIFFERENCE -> DfcRule.VOLTAGE_DIFFERENCE;
            case DERIVATIVE_MATRIX -> DfcRule.DERIVATIVE;
            case NONLINEAR_DIFFERENCE -> DfcRule.NONLINEAR_DIFFERENCE;
        };
    }

    private static Clipping clipping(Optional<Double> norm, DoubleFunction<Clipping> bound) {
        return norm.map(bound::apply).orElseGet(Clipping.None::new);
    }
}
