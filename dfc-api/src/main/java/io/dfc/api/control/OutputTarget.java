package io.dfc.api.control;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.network.Loss;

/** What the controller drives the output to, and hence its error {@code e}; a closed set. */
public sealed interface OutputTarget {
    /**
     * Weak feedback: the output of the feedforward pass, moved a small step down the loss, {@code
     * r* = r_L^- - lambda g}, {@code e = r* - r_L} (arXiv 2106.07887, equation 2).
     *
     * @param stepSize {@code lambda}, above 0
     * @param gradient whether {@code g} is the gradient of the mean over the minibatch or of each
     *     sample's own loss
     */
    record Nudge(double stepSize, Gradient gradient) implements OutputTarget {
        /** Which loss is differentiated. */
        public enum Gradient {
            /**
             * The mean over the minibatch, so that the step is divided by the batch size (published
             * DFC program).
             */
            OF_BATCH_MEAN,
            /** The sample's own loss (published Strong-DFC program). */
            OF_SAMPLE
        }

        /** Checks the step. */
        public Nudge {
            if (!(stepSize > 0) || Double.isInfinite(stepSize)) {
                throw new BadConfigurationException(
                        "target.step-size", "must be above 0, got " + stepSize);
            }
            java.util.Objects.requireNonNull(gradient, "gradient");
        }

        /**
         * Nudging by the gradient of the mean loss, as in the published DFC program.
         *
         * @param stepSize {@code lambda}, above 0
         */
        public Nudge(double stepSize) {
            this(stepSize, Gradient.OF_BATCH_MEAN);
        }
    }

    /**
     * Strong feedback (arXiv 2204.07249): the label itself. A class {@code c} becomes the soft
     * target {@code y_c = classValue}, {@code (1 - classValue) / (n_L - 1)} elsewhere.
     *
     * @param classValue target of the right class, in (0, 1); not used for targets given as values
     * @param comparison what the target is compared with
     */
    record Strong(double classValue, Comparison comparison) implements OutputTarget {
        /** What the target is compared with. */
        public enum Comparison {
            /**
             * What the loss compares it with: {@code e = y - softmax(r_L)} with the cross-entropy,
             * {@code e = y - r_L} with the squared error.
             */
            OF_LOSS,
            /**
             * The output, {@code e = y - r_L}, whatever the loss. With the cross-entropy this is
             * how the published Strong-DFC program trains feedback weights before the first epoch.
             */
            OF_OUTPUT
        }

        /** Checks the class value. */
        public Strong {
            if (!(classValue > 0 && classValue < 1)) {
                throw new BadConfigurationException(
                        "target.class-value", "must lie in (0, 1), got " + classValue);
            }
            java.util.Objects.requireNonNull(comparison, "comparison");
        }

        /**
         * A label that is compared with what the loss compares it with.
         *
         * @param classValue target of the right class, in (0, 1)
         */
        public Strong(double classValue) {
            this(classValue, Comparison.OF_LOSS);
        }

        /**
         * Tells whether the error is that of the softmax.
         *
         * @param loss loss at the network's output
         * @return whether {@code e = y - softmax(r_L)}
         */
        public boolean comparesSoftmax(Loss loss) {
            return comparison == Comparison.OF_LOSS && loss == Loss.CROSS_ENTROPY;
        }
    }

    /**
     * The network's own feedforward output, {@code r* = r_L^-}: the target of the published
     * feedback phase.
     */
    record OwnOutput() implements OutputTarget {}
}
