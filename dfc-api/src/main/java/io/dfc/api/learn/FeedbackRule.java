package io.dfc.api.learn;

import io.dfc.api.error.BadConfigurationException;

/**
 * How the feedback weights learn from noise without a loop; a closed set. Learning from a loop is a
 * {@link FeedbackPlasticity}. Every gradient below is scaled by {@code 1 / max(sigma, 0.01)^2} with
 * the hidden layers' {@code sigma}, the output layer included, as in the published program.
 */
public sealed interface FeedbackRule {
    /** Floor of sigma in the scale of the gradient. */
    double SIGMA_FLOOR = 0.01;

    /**
     * The factor {@code 1 / max(sigma, 0.01)^2}.
     *
     * @param sigma standard deviation of the noise in the hidden layers
     * @return the factor
     */
    static double scale(double sigma) {
        double s = Math.max(sigma, SIGMA_FLOOR);
        return 1 / (s * s);
    }

    /**
     * {@code eps_i = sigma xi_i} is added to every voltage of one forward pass and {@code G_Q(i) =
     * -scale / B sum_b eps_i (r_L - r_L^-)^T}, which moves {@code Q} towards the transposed
     * Jacobian ("special controller" of the published program).
     *
     * @param sigma standard deviation, above 0
     */
    record ForwardPerturbation(double sigma) implements FeedbackRule {
        /** Checks the range. */
        public ForwardPerturbation {
            requirePositive(sigma);
        }
    }

    /**
     * The output of the noisy forward pass is the target of the linearised steady state, and {@code
     * G_Q(i) = scale / B sum_b delta_v_i u^T} ("old learning rule" of the published program).
     *
     * @param sigma standard deviation, above 0
     * @param leakage {@code alpha} of the linearised steady state, at least 0
     */
    record LinearizedReconstruction(double sigma, double leakage) implements FeedbackRule {
        /** Checks the ranges. */
        public LinearizedReconstruction {
            requirePositive(sigma);
            if (!(leakage >= 0)) {
                throw new BadConfigurationException(
                        "feedback.leakage", "must be at least 0, got " + leakage);
            }
        }
    }

    private static void requirePositive(double sigma) {
        if (!(sigma > 0) || Double.isInfinite(sigma)) {
            throw new BadConfigurationException(
                    "feedback.noise-sigma", "must be above 0, got " + sigma);
        }
    }
}
