package io.dfc.cpu.simd.program;

import io.dfc.api.plan.Operation;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.model.Batch;

import java.util.List;

/** Relative change of some buffers in a round of a repetition. */
final class RoundChange {
    private final double threshold;
    private final Batch batch;
    private final BufferRows[] states;

    /** The buffers before the round. */
    private final BufferRows[] before;

    /** Whether the changes of all samples of a task are below the threshold. */
    private final boolean[] small;

    RoundChange(double threshold, Batch batch, List<BufferRows> states) {
        this.threshold = threshold;
        this.batch = batch;
        this.states = states.toArray(BufferRows[]::new);
        before = new BufferRows[this.states.length];
        for (int k = 0; k < before.length; k++) {
            before[k] = BufferRows.zeros(batch.capacity, this.states[k].width());
        }
        small = new boolean[batch.capacity / Simd.TILE];
    }

    /** Begins a round. */
    void remember(int task, int first, int rows, int round) {
        for (int k = 0; k < states.length; k++) {
            int stride = before[k].stride();
            System.arraycopy(
                    states[k].data(),
                    first * stride,
                    before[k].data(),
                    first * stride,
                    rows * stride);
        }
    }

    /** Ends a round. */
    void compare(int task, int first, int rows, int round) {
        boolean all = true;
        for (int s = first; s < Math.min(first + rows, batch.samples); s++) {
            // Not "at least the threshold", for an undefined change is not below it.
            all &= change(s) < threshold;
        }
        small[task] = all;
    }

    private double change(int sample) {
        double change = 0;
        double size = 0;
        for (int k = 0; k < states.length; k++) {
            float[] now = states[k].data();
            float[] old = before[k].data();
            int from = sample * states[k].stride();
            for (int at = from; at < from + states[k].width(); at++) {
                double d = (double) now[at] - old[at];
                change += d * d;
                size += (double) old[at] * old[at];
            }
        }
        return Math.sqrt(change) / (Operation.Until.NORM_OFFSET + Math.sqrt(size));
    }

    /**
     * Whether every sample of the minibatch changed by less than the threshold in the last round.
     */
    boolean isBelowThreshold() {
        boolean all = true;
        for (int task = 0; task < batch.tasks(); task++) {
            all &= small[task];
        }
        return all;
    }
}
