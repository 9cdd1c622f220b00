package io.dfc.tornado.learn;

import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.HomeostaticDecay;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.tensor.Tensor;
import io.dfc.tornado.kernel.Slots;
import io.dfc.tornado.memory.Layout;
import io.dfc.tornado.memory.Region;
import io.dfc.tornado.memory.TensorTable;
import io.dfc.tornado.memory.Tiles;
import io.dfc.tornado.runtime.DeviceShare;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A phase's gradient of the feedback weights on the device: as it was formed, and bounded. */
public final class FeedbackGradient {
    private final DeviceShare device;
    private final Layout layout;
    private final GradientOps gradients;
    private final ParameterGroup group;
    private final TensorTable tensors;

    /** Where it is to be formed. */
    public final int formed;

    private final int clipped;

    /** Norms of the layers, once they have been asked for. */
    private double[] norms;

    /**
     * The gradient of a phase.
     *
     * @param handle the gradient of the feedback weights
     */
    public FeedbackGradient(
            DeviceShare device, Layout layout, GradientOps gradients, GradientHandle handle) {
        this.device = device;
        this.layout = layout;
        this.gradients = gradients;
        group = handle.groups().getFirst();
        tensors = layout.tensors.table(handle.groups());
        formed = layout.at(handle, Region.Stage.UNBOUNDED);
        clipped = layout.at(handle);
    }

    /** Forms the gradient from what the tiles of a loop have summed over time. */
    public void reduce(FeedbackPlasticity teacher, LoopPhase phase, int samples) {
        double terms = (double) phase.dynamics().steps() * samples;
        double[] factors = new double[layout.depth];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = teacher.scale(phase.noise().orElseThrow(), i, layout.depth) / terms;
        }
        if (Arrays.stream(factors).distinct().count() == 1) {
            reduce(0, layout.feedbackLength, samples, factors[0]);
        } else {
            for (int i = 0; i < factors.length; i++) {
                int length = layout.at(i, Slots.SIZE) * layout.outputs;
                reduce(layout.at(i, Slots.FEEDBACK_GRADIENT), length, samples, factors[i]);
            }
        }
    }

    private void reduce(int start, int length, int samples, double factor) {
        gradients.reduce(
                layout.at(Slots.FEEDBACK_PARTIAL) + start,
                Tiles.count(samples),
                layout.feedbackLength,
                length,
                formed + start,
                factor);
    }

    /** Adds the decay to the gradient that has been formed, and bounds it. */
    public void complete(Optional<HomeostaticDecay> decay, Clipping clipping) {
        norms = null;
        decay.ifPresent(d -> gradients.decay(d, layout.address(group), formed, tensors));
        gradients.clip(clipping, formed, clipped, tensors);
    }

    public double norm(int layer) {
        if (norms == null) {
            norms = gradients.layerNorms(clipped, tensors);
        }
        return norms[layer];
    }

    public List<Tensor> unclipped() {
        return tensors.list(device.read(formed, tensors.length()));
    }

    public Parameters toParameters() {
        return gradients.download(clipped, tensors);
    }
}
