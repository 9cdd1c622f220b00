package io.dfc.tornado;

import io.dfc.api.error.PlanUnsupportedException;
import io.dfc.api.network.Network;

import java.util.function.IntToLongFunction;

/** Where the tensors of a network begin in one row of them, and at last where the row ends. */
final class TensorStarts {
    private TensorStarts() {}

    /** Weights of all layers, then biases if there are any. */
    static int[] forward(Network network) {
        int depth = network.depth();
        return starts(
                network.bias() ? 2 * depth : depth,
                t ->
                        t < depth
                                ? (long) network.size(t) * network.fanIn(t)
                                : network.size(t - depth));
    }

    /** Feedback weights of all layers. */
    static int[] feedback(Network network) {
        return starts(network.depth(), t -> (long) network.size(t) * network.outputs());
    }

    private static int[] starts(int tensors, IntToLongFunction length) {
        int[] starts = new int[tensors + 1];
        long at = 0;
        for (int t = 0; t < tensors; t++) {
            at += length.applyAsLong(t);
            if (at > Integer.MAX_VALUE / 2) {
                throw new PlanUnsupportedException(
                        "backend \"tornado\": the network has more parameters than it can address");
            }
            starts[t + 1] = (int) at;
        }
        return starts;
    }
}
