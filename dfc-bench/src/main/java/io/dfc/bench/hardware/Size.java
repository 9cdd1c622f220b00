package io.dfc.bench.hardware;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Size of a minibatch.
 *
 * @param batch number of samples
 * @param steps number of Euler steps; 0 for a workload without time
 */
record Size(int batch, int steps) {
    /** Steps are cut before samples are, but not below this. */
    private static final int FEW_STEPS = 20;

    /**
     * The sizes to choose from, each smaller than the one before: at first fewer steps, then fewer
     * samples, then fewer steps again; a single sample and step at the end. Round numbers, so that
     * runs on machines of similar speed choose the same.
     */
    List<Size> ladder() {
        List<Size> sizes = new ArrayList<>(List.of(this));
        Size size = this;
        for (int s = roundBelow(steps); s >= FEW_STEPS; s = roundBelow(s)) {
            size = new Size(batch, s);
            sizes.add(size);
        }
        for (int b = Integer.highestOneBit(batch - 1); b >= 1; b = Integer.highestOneBit(b - 1)) {
            size = new Size(b, size.steps);
            sizes.add(size);
        }
        for (int s = roundBelow(size.steps); s >= 1; s = roundBelow(s)) {
            sizes.add(new Size(size.batch, s));
        }
        return sizes;
    }

    /** The largest size whose work does not exceed a limit, or the smallest of all. */
    Size within(double limit, ToDoubleFunction<Size> work) {
        List<Size> ladder = ladder();
        return ladder.stream()
                .filter(s -> work.applyAsDouble(s) <= limit)
                .findFirst()
                .orElse(ladder.getLast());
    }

    /** The largest of 1, 2, 5, 10, 20, 50, ... below a number; 0 if there is none. */
    private static int roundBelow(int n) {
        int best = 0;
        for (int decade = 1; decade < n; decade *= 10) {
            for (int digit : new int[] {1, 2, 5}) {
                if (digit * decade < n) {
                    best = digit * decade;
                }
            }
        }
        return best;
    }
}
