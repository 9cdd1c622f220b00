package io.dfc.api.learn;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Controller;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.Solver;
import io.dfc.api.error.BadConfigurationException;

import java.util.Objects;

/**
 * How the feedback weights learn from noise; a closed set. Every gradient below is scaled by {@code
 * 1 / max(sigma, 0.01)^2} with the hidden layers' {@code sigma}, the output layer included, as in
 * the published program.
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
     * The published rule (arXiv 2106.07887, equation 13): the loop runs with noise in the apical
     * compartments, and {@code G_Q(i) = scale / ((K-1) B) sum_(k=0..K-2) sum_b apical_i[k]
     * u[k+1]^T}. The published program never controls proactively here.
     *
     * @param controller controller of the feedback phase
     * @param dynamics dynamics of the feedback phase
     * @param noise noise of the feedback phase
     * @param target what the controller pursues; the network's own output in the published program
     * @param solver {@link Solver.Euler} or {@link Solver.Auto}
     */
    record NormalController(
            Controller controller,
            Dynamics dynamics,
            ApicalNoise noise,
            OutputTarget target,
            Solver solver)
            implements FeedbackRule {
        /** Checks that all parts are there. */
        public NormalController {
            if (!(solver instanceof Solver.Euler || solver instanceof Solver.Auto)) {
                throw new BadConfigurationException(
                        "feedback", "the noisy loop is solved by euler or auto, not by " + solver);
            }
            Objects.requireNonNull(controller, "controller");
            Objects.requireNonNull(dynamics, "dynamics");
            Objects.requireNonNull(noise, "noise");
            Objects.requireNonNull(target, "target");
        }

        /**
         * A loop that is simulated.
         *
         * @param controller controller of the feedback phase
         * @param dynamics dynamics of the feedback phase
         * @param noise noise of the feedback phase
         * @param target what the controller pursues
         */
        public NormalController(
                Controller controller, Dynamics dynamics, ApicalNoise noise, OutputTarget target) {
            this(controller, dynamics, noise, target, new Solver.Euler());
        }
    }

    /**
     * No loop: {@code eps_i = sigma xi_i} is added to every voltage of one forward pass and {@code
     * G_Q(i) = -scale / B sum_b eps_i (r_L - r_L^-)^T}, which moves {@code Q} towards the
     * transposed Jacobian ("special controller" of the published program).
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
     * No loop: the output of the noisy forward pass is the target of the linearised steady state,
     * and {@code G_Q(i) = scale / B sum_b delta_v_i u^T} ("old learning rule" of the published
     * program).
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
