package io.dfc.tornado.learn;

import io.dfc.tornado.memory.TensorTable;

/**
 * A gradient whose norms are requested, or the difference of two.
 *
 * @param gradient its address
 * @param subtrahend address of a gradient that is subtracted; negative if none is
 * @param tensors its tensors
 */
public record NormRequest(int gradient, int subtrahend, TensorTable tensors) {
    private static final int NONE = -1;

    /** Norms of a gradient itself. */
    public NormRequest(int gradient, TensorTable tensors) {
        this(gradient, NONE, tensors);
    }
}
