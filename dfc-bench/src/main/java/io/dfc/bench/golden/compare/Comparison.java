package io.dfc.bench.golden.compare;

/**
 * A computed tensor held against the expected one.
 *
 * @param path place inside {@code expected}, such as {@code updates[2].grad_W[0]}
 * @param measure how they were compared
 * @param error distance by that measure, at least 0; infinite if the backend returned NaN
 * @param tolerance largest distance allowed
 */
public record Comparison(String path, Measure measure, double error, double tolerance) {
    /** {@return the path without list indices} */
    public String quantity() {
        return Expectation.quantityOf(path);
    }

    /** {@return whether the error is within the tolerance} */
    public boolean isMet() {
        return error <= tolerance;
    }

    /**
     * {@return the error as a multiple of the tolerance; where no error is allowed, the error
     * itself}
     */
    public double severity() {
        return tolerance > 0 ? error / tolerance : error;
    }
}
