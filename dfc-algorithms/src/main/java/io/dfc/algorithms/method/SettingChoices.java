package io.dfc.algorithms.method;

import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.FeedbackInitialization;
import io.dfc.api.network.Initialization;

import java.util.Arrays;
import java.util.List;

/** The choices that settings name by words. */
public final class SettingChoices {
    /** The optimisers. */
    public static final List<String> OPTIMIZERS = List.of("adam", "sgd");

    /** The courses of learning rates. */
    public static final List<String> SCHEDULES = List.of("constant", "linear", "cosine");

    /**
     * The initial distributions of weights; that of teacher networks is for the student-teacher
     * data alone.
     */
    public static final List<String> INITIALIZATIONS =
            List.of("xavier-normal", "xavier", "orthogonal", "fan-in");

    /** The ways in which feedback weights start. */
    public static final List<String> FEEDBACK_INITIALIZATIONS =
            List.of("weight-product", "xavier-normal", "xavier", "orthogonal");

    private SettingChoices() {}

    /**
     * An optimiser.
     *
     * @param name one of {@link #OPTIMIZERS}
     * @param beta1 Adam's decay of the first moment
     * @param beta2 Adam's decay of the second moment
     * @param epsilons Adam's epsilon: one value, or one per layer
     * @param momentum momentum of SGD
     * @return the optimiser
     */
    public static Optimizer optimizer(
            String name, double beta1, double beta2, List<Double> epsilons, double momentum) {
        return name.equals("adam")
                ? new Optimizer.Adam(beta1, beta2, epsilons)
                : new Optimizer.Sgd(momentum);
    }

    /**
     * A distribution of weights at the start.
     *
     * @param name its label
     * @return the distribution
     */
    public static Initialization initialization(String name) {
        return Arrays.stream(Initialization.values())
                .filter(i -> i.label().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /**
     * How feedback weights start.
     *
     * @param name one of {@link #FEEDBACK_INITIALIZATIONS}
     * @param noise standard deviation of noise added to the weight product
     * @return the start
     */
    public static FeedbackInitialization feedbackInitialization(String name, double noise) {
        return name.equals("weight-product")
                ? new FeedbackInitialization.WeightProduct(noise)
                : new FeedbackInitialization.Random(initialization(name));
    }
}
