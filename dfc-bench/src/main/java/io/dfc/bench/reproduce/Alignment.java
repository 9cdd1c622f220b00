package io.dfc.bench.reproduce;

import io.dfc.algorithms.diagnostics.AnalyticSteadyState;
import io.dfc.algorithms.diagnostics.ConditionOne;
import io.dfc.algorithms.diagnostics.FeedbackAlignment;
import io.dfc.algorithms.diagnostics.LinearizedMinibatch;
import io.dfc.algorithms.diagnostics.LoopConstants;
import io.dfc.algorithms.diagnostics.MeanAndDeviation;
import io.dfc.algorithms.diagnostics.NetworkMatrices;
import io.dfc.algorithms.diagnostics.ReducedLoop;
import io.dfc.algorithms.diagnostics.StabilityMatrix;
import io.dfc.algorithms.diagnostics.UpdateAngles;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.spi.Minibatch;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What the theory says of an update and of the network that it was formed in. Angles in degrees;
 * NaN for what a method without a controller does not have.
 *
 * @param minimumNorm angle to the minimum-norm update, all parameters together
 * @param minimumNormLayers the same for the weights of each layer
 * @param gaussNewton angle to the Gauss-Newton update
 * @param backpropagation angle to the gradient of the loss
 * @param analytic angle to the update of the analytic steady state
 * @param conditionOne deviation from Condition 1, as the published program computes it
 * @param conditionOnePaper the same as the text defines it
 * @param feedback what concerns the feedback weights
 */
record Alignment(
        double minimumNorm,
        double[] minimumNormLayers,
        double gaussNewton,
        double backpropagation,
        double analytic,
        double conditionOne,
        double conditionOnePaper,
        Feedback feedback) {
    /**
     * What concerns the feedback weights of a controller.
     *
     * @param conditionTwo share of {@code Q} in the row space of {@code J}, mean over the samples
     * @param stability largest real part of the eigenvalues of {@code A_PI}, mean over the samples
     * @param unstable share of the samples in which it is above 0
     */
    record Feedback(double conditionTwo, double stability, double unstable) {
        private static final Feedback NONE = new Feedback(Double.NaN, Double.NaN, Double.NaN);
    }

    /**
     * Measures an update.
     *
     * @param learning how the network learns
     * @param damping {@code gamma} of the updates that it is compared with
     * @param parameters its parameters
     * @param samples samples from which the update was formed
     * @param update the update
     * @return the numbers
     */
    static Alignment of(
            LearningPlan learning,
            double damping,
            Parameters parameters,
            Minibatch samples,
            Parameters update) {
        Network network = learning.plan().network();
        LinearizedMinibatch linear =
                LinearizedMinibatch.of(
                        NetworkMatrices.of(network, parameters), learning.plan().loss(), samples);
        UpdateAngles angles =
                UpdateAngles.between(
                        update, linear.minimumNorm(damping, true, linear.feedforward()));
        ConditionOne norms = ConditionOne.of(linear.feedforward());
        Optional<LoopPhase> loop = learning.forwardLoop().map(LoopHandle::phase);
        Optional<AnalyticSteadyState> steady = loop.map(l -> steadyState(linear, l));
        return new Alignment(
                angles.total(),
                angles.weights(),
                UpdateAngles.between(update, linear.gaussNewton(damping)).total(),
                UpdateAngles.between(update, linear.backpropagation()).total(),
                steady.map(s -> UpdateAngles.between(update, s.update(rule(loop.get()), s.state())))
                        .map(UpdateAngles::total)
                        .orElse(Double.NaN),
                norms.program().mean(),
                norms.paper().mean(),
                steady.map(s -> feedback(linear, s, loop.get())).orElse(Feedback.NONE));
    }

    private static DfcRule rule(LoopPhase loop) {
        return loop.plasticities().stream()
                .filter(ForwardPlasticity.class::isInstance)
                .map(p -> (DfcRule) ((ForwardPlasticity) p).rule())
                .findFirst()
                .orElseThrow();
    }

    private static AnalyticSteadyState steadyState(LinearizedMinibatch linear, LoopPhase loop) {
        double step = ((OutputTarget.Nudge) loop.target()).stepSize();
        double[] error =
                IntStream.range(0, linear.samples())
                        .mapToObj(linear::lossGradient)
                        .flatMapToDouble(Arrays::stream)
                        .map(g -> -step * g)
                        .toArray();
        return AnalyticSteadyState.of(linear, error, controller(loop).leakageRate());
    }

    private static ProportionalIntegralController controller(LoopPhase loop) {
        return (ProportionalIntegralController) loop.controller();
    }

    private static Feedback feedback(
            LinearizedMinibatch linear, AnalyticSteadyState steady, LoopPhase loop) {
        LoopConstants constants =
                new LoopConstants(
                        controller(loop).leakageRate(),
                        controller(loop).proportionalGain(),
                        loop.dynamics().timeConstantRatio());
        double[] real =
                IntStream.range(0, linear.samples())
                        .mapToDouble(
                                b ->
                                        ReducedLoop.at(linear.matrices(), steady.state(), b)
                                                .largestRealPart(
                                                        StabilityMatrix.PROPORTIONAL_INTEGRAL,
                                                        constants))
                        .toArray();
        long above = Arrays.stream(real).filter(x -> x > 0).count();
        return new Feedback(
                MeanAndDeviation.of(FeedbackAlignment.conditionTwo(linear)).mean(),
                MeanAndDeviation.of(real).mean(),
                (double) above / real.length);
    }
}
