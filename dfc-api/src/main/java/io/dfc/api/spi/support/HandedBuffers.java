package io.dfc.api.spi.support;

import io.dfc.api.error.MisuseException;
import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.SampleBuffer;
import io.dfc.api.spi.TargetKind;

import org.jspecify.annotations.Nullable;

/**
 * The buffers that an engine hands out. Each is good for one pass, from its request until anything
 * else is requested or passed, for they may lie in the same arrays.
 */
final class HandedBuffers {
    private final Plan plan;
    private final SampleReader reader;

    /** By kind and number of samples, once requested. */
    private final @Nullable SampleBuffer[] @Nullable [] buffers =
            new SampleBuffer[TargetKind.values().length][];

    private @Nullable SampleBuffer current;

    HandedBuffers(Plan plan, SampleReader reader) {
        this.plan = plan;
        this.reader = reader;
    }

    /** Hands out a buffer, the only one that is good from now on. */
    SampleBuffer request(int samples, TargetKind kind) {
        Minibatch.requireSamples(samples, plan);
        requireAllowed(kind);
        @Nullable SampleBuffer[] ofKind = buffers[kind.ordinal()];
        if (ofKind == null) {
            ofKind = new SampleBuffer[plan.maxBatch() + 1];
            buffers[kind.ordinal()] = ofKind;
        }
        SampleBuffer buffer = ofKind[samples];
        if (buffer == null) {
            buffer = reader.buffer(samples, kind);
            ofKind[samples] = buffer;
        }
        current = buffer;
        return buffer;
    }

    private void requireAllowed(TargetKind kind) {
        Network network = plan.network();
        switch (kind) {
            case LABELS -> {
                if (plan.loss() != Loss.CROSS_ENTROPY) {
                    throw new ShapeMismatchException(
                            "minibatch targets: labels need the cross-entropy loss");
                }
            }
            case VALUES -> {}
            case INPUTS -> {
                if (network.inputs() != network.outputs()) {
                    throw new ShapeMismatchException(
                            "minibatch targets: inputs as targets need as many inputs as outputs,"
                                    + " the network has "
                                    + network.inputs()
                                    + " and "
                                    + network.outputs());
                }
            }
        }
    }

    /** Checks that a buffer is the one handed out last, and takes it back. */
    void take(SampleBuffer buffer) {
        if (buffer != current) {
            throw new MisuseException(
                    "the buffer is not the one that this engine handed out last, or has been used;"
                            + " request one for every minibatch, write the samples, then call"
                            + " forward");
        }
        current = null;
        if (buffer.target() instanceof SampleBuffer.Target.Labels(int[] classes)) {
            Minibatch.requireLabels(classes, buffer.samples(), plan);
        }
    }

    /** What was handed out is good no longer. */
    void forget() {
        current = null;
    }
}
