package io.dfc.bench.golden.compare;

/**
 * One quantity over all files of a kind.
 *
 * @param kind the kind
 * @param quantity the quantity, such as {@code updates.grad_W}
 * @param cases number of files that hold it
 * @param misses number of tensors, over all files, that miss their tolerance
 * @param worst the comparison that came closest to its tolerance, or missed it furthest
 * @param worstFile the file of that comparison
 */
public record QuantitySummary(
        Kind kind, String quantity, int cases, int misses, Comparison worst, String worstFile) {
    /** {@return whether every tensor is within its tolerance} */
    public boolean isMet() {
        return misses == 0;
    }
}
