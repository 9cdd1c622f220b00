package io.dfc.algorithms.train;

/**
 * Loss and error on a data set, means over its samples; the loss of targets that were standardised
 * is in the square of their own unit.
 *
 * @param loss mean loss
 * @param error share of samples classified wrongly, in [0, 1]; NaN for regression
 */
public record Evaluation(double loss, double error) {
    /** The evaluation of an empty set. */
    public static final Evaluation NONE = new Evaluation(Double.NaN, Double.NaN);

    /**
     * Orders by error, then by loss; by loss alone where there is no error. An undefined evaluation
     * is never better.
     *
     * @param other another evaluation
     * @return whether this one is better
     */
    public boolean isBetterThan(Evaluation other) {
        double mine = Double.isNaN(error) ? loss : error;
        double theirs = Double.isNaN(error) ? other.loss : other.error;
        return mine < theirs
                || (mine == theirs && loss < other.loss)
                || (Double.isNaN(theirs) && !Double.isNaN(mine));
    }
}
