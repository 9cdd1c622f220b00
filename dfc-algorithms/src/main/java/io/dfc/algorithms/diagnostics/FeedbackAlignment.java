package io.dfc.algorithms.diagnostics;

/** How the feedback weights lie to the Jacobians of a minibatch. */
public final class FeedbackAlignment {
    private FeedbackAlignment() {}

    /**
     * Condition 2 (arXiv 2106.07887): the share of {@code Q} in the row space of {@code J}, {@code
     * ||J^T (J J^T)^-1 J Q||_F / ||Q||_F}; 1 where the condition holds.
     *
     * @param minibatch the samples
     * @return the share of every sample, in [0, 1]
     */
    public static double[] conditionTwo(LinearizedMinibatch minibatch) {
        Matrix q = minibatch.matrices().stackedFeedback();
        double norm = q.norm();
        double[] ratios = new double[minibatch.samples()];
        for (int b = 0; b < ratios.length; b++) {
            GramSolver gram = minibatch.gram(b);
            ratios[b] = gram.normInRowSpace(q, gram.cutoff()) / norm;
        }
        return ratios;
    }

    /**
     * Angle between {@code Q} and {@code J^T}.
     *
     * @param minibatch the samples
     * @return degrees, the mean over the samples
     */
    public static double angleToTranspose(LinearizedMinibatch minibatch) {
        double[] q = minibatch.matrices().stackedFeedback().data();
        double sum = 0;
        for (int b = 0; b < minibatch.samples(); b++) {
            sum += Vectors.angle(q, minibatch.jacobian(b).stacked().transposed().data());
        }
        return sum / minibatch.samples();
    }

    /**
     * Angle between {@code Q} and {@code J^T (J J^T + gamma I)^-1}.
     *
     * @param minibatch the samples
     * @param damping {@code gamma}, at least 0; 0 is the pseudo-inverse
     * @return degrees, the mean over the samples
     */
    public static double angleToPseudoInverse(LinearizedMinibatch minibatch, double damping) {
        double[] q = minibatch.matrices().stackedFeedback().data();
        double sum = 0;
        for (int b = 0; b < minibatch.samples(); b++) {
            sum += Vectors.angle(q, minibatch.gram(b).dampedPseudoInverse(damping).data());
        }
        return sum / minibatch.samples();
    }
}
