package io.dfc.bench.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Size of a minibatch.
 *
 * @param batch number of samples
 * @param steps number of Euler steps; 0 for a workload without time
 */
public record Size(int batch, int steps) {
    /** Steps are cut before samples are, but not below this. */
    static final int LEAST_STEPS = 20;

    /** A backend works on several samples at once, so that fewer say nothing about its speed. */
    static final int LEAST_BATCH = 32;

    /**
     * The sizes to choose from, each smaller than the one before: at first fewer steps, then fewer
     * samples. Round numbers, so that runs on machines of similar speed choose the same.
     */
    List<Size> ladder() {
        List<Size> sizes = new ArrayList<>(List.of(this));
        Size size = this;
        for (int s = roundBelow(steps); s >= LEAST_STEPS; s = roundBelow(s)) {
            size = new Size(batch, s);
            sizes.add(size);
        }
        for (int b = halfOf(batch); b >= LEAST_BATCH; b = halfOf(b)) {
            sizes.add(new Size(b, size.steps));
        }
        return sizes;
    }

    /** Sizes below the smallest of the ladder, to learn from how long that may take. */
    List<Size> probes() {
        Size least = ladder().getLast();
        List<Size> sizes = new ArrayList<>();
        for (int b = halfOf(least.batch); b >= 1; b = halfOf(b)) {
            sizes.add(new Size(b, least.steps));
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

    /** The largest power of two below a number; 0 if there is none. */
    private static int halfOf(int n) {
        return Integer.highestOneBit(n - 1);
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
