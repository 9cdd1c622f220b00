package io.dfc.api.error;

/**
 * Training left the range of usable numbers; it was stopped before the parameters of the last
 * checkpoint were lost.
 */
public final class DivergenceException extends DfcException {
    private static final long serialVersionUID = 1L;

    private final int epoch;
    private final int minibatch;

    /**
     * Creates the error.
     *
     * @param epoch epoch, counted from 1; 0 during feedback pre-training
     * @param minibatch minibatch within the epoch, counted from 1
     * @param problem what left its range, in which layer, and what to change
     */
    public DivergenceException(int epoch, int minibatch, String problem) {
        super(
                "diverged in "
                        + (epoch == 0 ? "feedback pre-training" : "epoch " + epoch)
                        + ", minibatch "
                        + minibatch
                        + ": "
                        + problem);
        this.epoch = epoch;
        this.minibatch = minibatch;
    }

    /** {@return the epoch, counted from 1; 0 during feedback pre-training} */
    public int epoch() {
        return epoch;
    }

    /** {@return the minibatch within the epoch, counted from 1} */
    public int minibatch() {
        return minibatch;
    }
}
