package io.dfc.algorithms.method.dfc;

import static io.dfc.algorithms.method.SettingChecks.between;
import static io.dfc.algorithms.method.SettingChecks.fraction;
import static io.dfc.algorithms.method.SettingChecks.notNegative;
import static io.dfc.algorithms.method.SettingChecks.oneOf;
import static io.dfc.algorithms.method.SettingChecks.optional;
import static io.dfc.algorithms.method.SettingChecks.positive;

import io.dfc.algorithms.method.RecordCopy;
import io.dfc.algorithms.method.SettingChecks;
import io.dfc.algorithms.method.SettingChoices;
import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Dynamics;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.HomeostaticDecay;
import io.dfc.api.learn.Optimization;
import io.dfc.api.network.FeedbackInitialization;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The feedback weights: how they start and how they learn.
 *
 * @param initialization {@code weight-product}, {@code xavier-normal}, {@code xavier} or {@code
 *     orthogonal}
 * @param initializationNoise standard deviation of noise added to the weight product, at least 0
 * @param freezeOutput whether the output layer's feedback weights stay the identity
 * @param pretrainingEpochs sweeps before the first epoch, at least 0
 * @param pretrainingMinibatches in place of sweeps before the first epoch: minibatches, at least 0;
 *     more than the training set has are several sweeps
 * @param extraEpochs sweeps at the end of every epoch, at least 0
 * @param epochBeforeForward whether every epoch begins with a pass
 * @param every in place of sweeps in every epoch: a step on the first of every so many minibatches
 *     of the forward weights, with the same samples and at the same parameters; 0: none
 * @param schedule course of the learning rate of the steps on every n-th minibatch: {@code
 *     constant}, or {@code linear} to zero at the last epoch; sweeps have a constant rate
 * @param rule {@code normal-controller}, {@code special-controller} or {@code old-rule}
 * @param optimizer {@code adam} or {@code sgd}
 * @param learningRate learning rate during training, at least 0
 * @param pretrainingLearningRate learning rate before training, at least 0
 * @param beta1 Adam's decay of the first moment, in [0, 1)
 * @param beta2 Adam's decay of the second moment, in [0, 1)
 * @param epsilon Adam's epsilon, above 0
 * @param momentum momentum of SGD, in [0, 1)
 * @param weightDecay L2 decay, at least 0
 * @param clipNorm bound on a norm of the gradient, above 0; absent: none
 * @param clipScope whose norm is bounded: {@code joint} (all feedback weights together) or {@code
 *     tensor} (those of every layer on their own)
 * @param homeostaticWeightDecay rate of the homeostatic decay, at least 0; absent: none
 * @param homeostaticConstant squared norm at rest, at least 0; absent: that of the initial feedback
 *     weights
 * @param leakage leakage alpha of the controller, at least 0
 * @param proportionalGain {@code k_p}, at least 0
 * @param timeStep {@code dt}, above 0
 * @param timePoints number of time points, at least 2
 * @param timeConstantRatio somatic time constant, at least {@code timeStep}
 * @param apicalTimeConstant apical time constant, above 0; absent: the time step
 * @param instantTransmission whether a layer sees the layer below at once
 * @param instantSystem whether voltages follow their inputs at once
 * @param proactive whether the apical compartment sees the new control; never in the published DFC
 *     program
 * @param noiseSigma noise in the hidden layers, above 0
 * @param noiseSigmaOutput noise in the output layer; absent: as in the hidden layers
 * @param noiseScale whose noise scales the gradient: {@code hidden} (that of the hidden layers, for
 *     the output layer too) or {@code layer} (the layer's own, as in the Strong-DFC program)
 * @param estimator {@code sampled} (from noise that is drawn, as published) or {@code expected}
 *     (the mean over all noise, for the rule {@code normal-controller})
 * @param solverTolerance bound on the estimated relative error of an update that solver auto
 *     accepts, in (0, 1); the noise of one minibatch moves the update far more
 */
public record FeedbackSection(
        String initialization,
        double initializationNoise,
        boolean freezeOutput,
        int pretrainingEpochs,
        int pretrainingMinibatches,
        int extraEpochs,
        boolean epochBeforeForward,
        int every,
        String schedule,
        String rule,
        String optimizer,
        double learningRate,
        double pretrainingLearningRate,
        double beta1,
        double beta2,
        double epsilon,
        double momentum,
        double weightDecay,
        Optional<Double> clipNorm,
        String clipScope,
        Optional<Double> homeostaticWeightDecay,
        Optional<Double> homeostaticConstant,
        double leakage,
        double proportionalGain,
        double timeStep,
        int timePoints,
        double timeConstantRatio,
        Optional<Double> apicalTimeConstant,
        boolean instantTransmission,
        boolean instantSystem,
        boolean proactive,
        double noiseSigma,
        Optional<Double> noiseSigmaOutput,
        String noiseScale,
        String estimator,
        double solverTolerance) {
    /**
     * Checks every range.
     *
     * @param clamp whether a time constant below the time step is raised to it
     * @return the settings, with the time constant to run with
     */
    FeedbackSection check(boolean clamp) {
        oneOf("feedback.initialization", initialization, SettingChoices.FEEDBACK_INITIALIZATIONS);
        notNegative("feedback.initialization-noise", initializationNoise);
        FeedbackSchedule.of(this).check();
        oneOf(
                "feedback.rule",
                rule,
                List.of("normal-controller", "special-controller", "old-rule"));
        oneOf("feedback.optimizer", optimizer, SettingChoices.OPTIMIZERS);
        notNegative("feedback.learning-rate", learningRate);
        notNegative("feedback.pretraining-learning-rate", pretrainingLearningRate);
        fraction("feedback.beta1", beta1);
        fraction("feedback.beta2", beta2);
        fraction("feedback.momentum", momentum);
        positive("feedback.epsilon", epsilon);
        notNegative("feedback.weight-decay", weightDecay);
        optional("feedback.clip-norm", clipNorm, SettingChecks::positive);
        oneOf("feedback.clip-scope", clipScope, List.of("joint", "tensor"));
        optional(
                "feedback.homeostatic-weight-decay",
                homeostaticWeightDecay,
                SettingChecks::notNegative);
        optional("feedback.homeostatic-constant", homeostaticConstant, SettingChecks::notNegative);
        notNegative("feedback.leakage", leakage);
        notNegative("feedback.proportional-gain", proportionalGain);
        SettingChecks.timePoints("feedback.time-points", timePoints);
        optional("feedback.apical-time-constant", apicalTimeConstant, SettingChecks::positive);
        positive("feedback.noise-sigma", noiseSigma);
        optional("feedback.noise-sigma-output", noiseSigmaOutput, SettingChecks::notNegative);
        oneOf("feedback.noise-scale", noiseScale, List.of("hidden", "layer"));
        oneOf("feedback.estimator", estimator, List.of("sampled", "expected"));
        if (estimator.equals("expected") && !rule.equals("normal-controller")) {
            throw new BadConfigurationException(
                    "feedback.estimator",
                    "the expected gradient is known for feedback.rule normal-controller, not for "
                            + rule
                            + "; sample it");
        }
        between("feedback.solver-tolerance", solverTolerance);
        return RecordCopy.with(
                this,
                "timeConstantRatio",
                TimeConstants.check("feedback", timeStep, timeConstantRatio, instantSystem, clamp));
    }

    FeedbackInitialization start() {
        return SettingChoices.feedbackInitialization(initialization, initializationNoise);
    }

    Clipping clipping() {
        return clipNorm.<Clipping>map(
                        norm ->
                                clipScope.equals("tensor")
                                        ? new Clipping.PerTensor(norm)
                                        : new Clipping.Joint(norm))
                .orElseGet(Clipping.None::new);
    }

    Dynamics dynamics() {
        return new Dynamics(
                timeStep,
                timePoints,
                timeConstantRatio,
                apicalTimeConstant.orElse(timeStep),
                instantTransmission,
                instantSystem,
                proactive);
    }

    FeedbackPlasticity plasticity(Optional<HomeostaticDecay> decay) {
        return new FeedbackPlasticity(
                OptionalDouble.empty(),
                noiseScale.equals("layer")
                        ? FeedbackPlasticity.NoiseScale.OF_LAYER
                        : FeedbackPlasticity.NoiseScale.OF_HIDDEN_LAYERS,
                1,
                decay,
                clipping(),
                FeedbackPlasticity.Estimator.valueOf(estimator.toUpperCase(Locale.ROOT)));
    }

    ApicalNoise noise() {
        return new ApicalNoise(noiseSigma, noiseSigmaOutput.orElse(noiseSigma));
    }

    /**
     * How the feedback weights are stepped.
     *
     * @param rate learning rate
     * @param depth number of layers
     */
    Optimization optimization(double rate, int depth) {
        return new Optimization(
                SettingChoices.optimizer(optimizer, beta1, beta2, List.of(epsilon), momentum),
                List.of(rate),
                // Homeostatic decay takes the place of the optimiser's.
                homeostaticWeightDecay.isPresent() ? 0 : weightDecay,
                freezeOutput ? Set.of(depth - 1) : Set.of());
    }
}
