package io.dfc.algorithms.method.propagation;

import static io.dfc.algorithms.method.SettingChecks.fraction;
import static io.dfc.algorithms.method.SettingChecks.notNegative;
import static io.dfc.algorithms.method.SettingChecks.oneOf;
import static io.dfc.algorithms.method.SettingChecks.positive;
import static io.dfc.algorithms.method.SettingChecks.within;

import io.dfc.algorithms.method.RecordCopy;
import io.dfc.algorithms.method.SettingChoices;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Initialization;

import java.util.List;
import java.util.Set;

/**
 * The feedback maps: how they start and how they learn, by Adam, from a loss of reconstruction.
 *
 * @param initialization how their matrices are drawn: {@code xavier-normal}, {@code xavier}, {@code
 *     orthogonal} or {@code fan-in}; their biases start at 0
 * @param activation their rate function {@code psi}, {@code tanh} or {@code linear}; that of maps
 *     from the output is linear
 * @param noiseSigma standard deviation of the noise on rates, above 0
 * @param pretrainingEpochs sweeps before the first epoch, at least 0
 * @param extraEpochs sweeps at the end of every epoch, at least 0
 * @param steps steps on every minibatch, each with noise of its own, at least 1
 * @param learningRate learning rate, above 0: nothing can be led through maps that have not learnt
 * @param beta1 Adam's decay of the first moment, in [0, 1)
 * @param beta2 Adam's decay of the second moment, in [0, 1)
 * @param epsilon Adam's epsilon, above 0
 * @param weightDecay L2 decay, at least 0
 */
public record FeedbackMapSection(
        String initialization,
        String activation,
        double noiseSigma,
        int pretrainingEpochs,
        int extraEpochs,
        int steps,
        double learningRate,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay) {
    private static final int MOST_STEPS = 1000;

    /** Maps that learn on every minibatch, once, and at no other time. */
    static FeedbackMapSection learning(
            String activation, double noiseSigma, double rate, Optimizer.Adam adam) {
        return new FeedbackMapSection(
                "xavier-normal",
                activation,
                noiseSigma,
                0,
                0,
                1,
                rate,
                adam.beta1(),
                adam.beta2(),
                adam.epsilons().getFirst(),
                0);
    }

    /** The same with the sweeps of their own that were published: 6 before, 1 after every epoch. */
    FeedbackMapSection withSweeps() {
        return RecordCopy.with(RecordCopy.with(this, "pretrainingEpochs", 6), "extraEpochs", 1);
    }

    /** The same with several steps on every minibatch. */
    FeedbackMapSection withSteps(int count) {
        return RecordCopy.with(this, "steps", count);
    }

    /** The same with a decay of their own. */
    FeedbackMapSection withDecay(double decay) {
        return RecordCopy.with(this, "weightDecay", decay);
    }

    void check(List<String> activations) {
        oneOf("feedback.initialization", initialization, SettingChoices.INITIALIZATIONS);
        oneOf("feedback.activation", activation, activations);
        positive("feedback.noise-sigma", noiseSigma);
        within("feedback.pretraining-epochs", pretrainingEpochs, 0, Integer.MAX_VALUE);
        within("feedback.extra-epochs", extraEpochs, 0, Integer.MAX_VALUE);
        within("feedback.steps", steps, 1, MOST_STEPS);
        notNegative("feedback.learning-rate", learningRate);
        if (learningRate == 0) {
            throw new BadConfigurationException(
                    "feedback.learning-rate",
                    "at 0 the feedback maps stay as they were drawn, and targets need maps that have learnt; set it"
                            + " above 0, or use method dfa");
        }
        fraction("feedback.beta1", beta1);
        fraction("feedback.beta2", beta2);
        positive("feedback.epsilon", epsilon);
        notNegative("feedback.weight-decay", weightDecay);
    }

    Initialization drawn() {
        return SettingChoices.initialization(initialization);
    }

    Optimization optimization() {
        return new Optimization(
                new Optimizer.Adam(beta1, beta2, epsilon),
                List.of(learningRate),
                weightDecay,
                Set.of());
    }
}
