package io.dfc.api.network;

/** Loss at the output of the network, a mean over the minibatch. */
public enum Loss {
    /**
     * Mean over the samples of {@code -sum_j y_j log softmax(r_L)_j}; {@code y} is a one-hot label
     * or a soft target. The network's output layer stays linear; the softmax lives in the loss
     * alone.
     */
    CROSS_ENTROPY,
    /** Mean over samples and outputs of {@code (r_L - y)^2}. */
    MEAN_SQUARED_ERROR
}
