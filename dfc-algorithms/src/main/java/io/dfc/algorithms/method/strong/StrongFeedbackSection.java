package io.dfc.algorithms.method.strong;

import static io.dfc.algorithms.method.SettingChecks.fraction;
import static io.dfc.algorithms.method.SettingChecks.notNegative;
import static io.dfc.algorithms.method.SettingChecks.oneOf;
import static io.dfc.algorithms.method.SettingChecks.optional;
import static io.dfc.algorithms.method.SettingChecks.positive;
import static io.dfc.algorithms.method.SettingChecks.within;

import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.method.SettingChecks;
import io.dfc.algorithms.method.SettingChoices;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.Optimization;
import io.dfc.api.network.ParameterInitializer;
import io.dfc.api.network.Parameters;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The feedback weights: how they start, and how they are stepped.
 *
 * @param initialization {@code weight-product}, {@code xavier-normal}, {@code xavier} or {@code
 *     orthogonal}
 * @param freezeOutput whether the output layer's feedback weights stay the identity
 * @param pretrainingEpochs sweeps before the first epoch, at least 0
 * @param optimizer {@code adam} or {@code sgd}
 * @param learningRate learning rate during training, at least 0
 * @param pretrainingLearningRate learning rate before training, at least 0
 * @param beta1 Adam's decay of the first moment, in [0, 1)
 * @param beta2 Adam's decay of the second moment, in [0, 1)
 * @param epsilon Adam's epsilon, above 0
 * @param momentum momentum of SGD, in [0, 1)
 * @param weightDecay L2 decay, at least 0
 * @param clipNorm bound on the norm of every layer's gradient, above 0; absent: none
 * @param estimator {@code sampled} (from noise that is drawn, as published) or {@code expected}
 *     (the mean over all noise), in loops of the feedback weights alone that pursue the output of
 *     the feedforward pass
 */
public record StrongFeedbackSection(
        String initialization,
        boolean freezeOutput,
        int pretrainingEpochs,
        String optimizer,
        double learningRate,
        double pretrainingLearningRate,
        double beta1,
        double beta2,
        double epsilon,
        double momentum,
        double weightDecay,
        Optional<Double> clipNorm,
        String estimator) {
    void check() {
        oneOf("feedback.initialization", initialization, SettingChoices.FEEDBACK_INITIALIZATIONS);
        within("feedback.pretraining-epochs", pretrainingEpochs, 0, Integer.MAX_VALUE);
        oneOf("feedback.optimizer", optimizer, SettingChoices.OPTIMIZERS);
        notNegative("feedback.learning-rate", learningRate);
        notNegative("feedback.pretraining-learning-rate", pretrainingLearningRate);
        fraction("feedback.beta1", beta1);
        fraction("feedback.beta2", beta2);
        positive("feedback.epsilon", epsilon);
        fraction("feedback.momentum", momentum);
        notNegative("feedback.weight-decay", weightDecay);
        optional("feedback.clip-norm", clipNorm, SettingChecks::positive);
        oneOf("feedback.estimator", estimator, List.of("sampled", "expected"));
    }

    /**
     * Refuses the mean over the noise for a loop that leaves the feedforward pass.
     *
     * @param key key of the loop's target
     * @param target the loop's target
     */
    void requireEstimable(String key, FeedbackTarget target) {
        if (isExpected() && target == FeedbackTarget.LABEL) {
            throw new BadConfigurationException(
                    "feedback.estimator",
                    "expected is the mean of a loop that stays near the feedforward pass, which one that pursues the"
                            + " label leaves; set "
                            + key
                            + "=own-output with it, or sample it");
        }
    }

    /** {@return whether the mean over the noise is computed where it can be} */
    boolean isExpected() {
        return estimator.equals("expected");
    }

    /**
     * A plasticity of a loop of the feedback weights alone by the estimator chosen.
     *
     * @param sampled what the feedback weights learn by from noise that is drawn
     */
    FeedbackPlasticity estimated(FeedbackPlasticity sampled) {
        return isExpected()
                ? sampled.withEstimator(FeedbackPlasticity.Estimator.EXPECTED)
                : sampled;
    }

    Parameters drawn(MethodContext context) {
        return ParameterInitializer.draw(
                context.network(),
                context.initialization(),
                SettingChoices.feedbackInitialization(initialization, 0),
                context.seed());
    }

    Clipping clipping() {
        return clipNorm.<Clipping>map(Clipping.PerTensor::new).orElseGet(Clipping.None::new);
    }

    Optimization optimization(double rate, int depth) {
        return new Optimization(
                SettingChoices.optimizer(optimizer, beta1, beta2, List.of(epsilon), momentum),
                List.of(rate),
                weightDecay,
                freezeOutput ? Set.of(depth - 1) : Set.of());
    }
}
