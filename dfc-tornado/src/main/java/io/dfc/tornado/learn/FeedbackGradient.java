package io.dfc.tornado.learn;

import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.HomeostaticDecay;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.tensor.Tensor;
import io.dfc.tornado.kernel.ResponseKernels;
import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.memory.MemoryLayout;
import io.dfc.tornado.memory.Region;
import io.dfc.tornado.memory.TensorTable;
import io.dfc.tornado.memory.Tiles;
import io.dfc.tornado.runtime.DeviceShare;
import io.dfc.tornado.runtime.Kernel;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A phase's gradient of feedback weights on the device, before and after its norm is bounded. */
public final class FeedbackGradient {
    private final DeviceShare device;
    private final MemoryLayout layout;
    private final GradientOperations gradients;
    private final ParameterGroup group;
    private final TensorTable tensors;

    /** Address at which the gradient is formed. */
    public final int formed;

    private final int clipped;

    /**
     * The gradient of a phase.
     *
     * @param handle the gradient of the feedback weights
     */
    public FeedbackGradient(
            DeviceShare device,
            MemoryLayout layout,
            GradientOperations gradients,
            GradientHandle handle) {
        this.device = device;
        this.layout = layout;
        this.gradients = gradients;
        group = handle.groups().getFirst();
        tensors = layout.tensors.table(handle.groups());
        formed = layout.at(handle, Region.Stage.UNBOUNDED);
        clipped = layout.at(handle);
    }

    /** Forms the gradient from the tiles' sums over time. */
    public void reduce(FeedbackPlasticity plasticity, LoopPhase phase, int samples) {
        double[] factors = factors(plasticity, phase, samples);
        if (areEqual(factors)) {
            reduce(0, layout.feedbackLength, samples, factors[0]);
        } else {
            for (int i = 0; i < factors.length; i++) {
                int length = layout.at(i, TableLayout.SIZE) * layout.outputs;
                reduce(layout.at(i, TableLayout.FEEDBACK_GRADIENT), length, samples, factors[i]);
            }
        }
    }

    /** Forms the gradient from the samples' Jacobians and responses to noise. */
    public void formExpected(FeedbackPlasticity plasticity, LoopPhase phase, int samples) {
        int responses = layout.at(TableLayout.RESPONSES);
        // In place: each number of the first sample is read by the work-item that writes it.
        gradients.reduce(
                responses,
                samples,
                ResponseKernels.length(layout.depth, layout.outputs),
                layout.outputs * layout.outputs,
                responses,
                1);
        double[] factors = factors(plasticity, phase, samples);
        if (areEqual(factors)) {
            formExpected(0, layout.depth, factors[0]);
        } else {
            for (int i = 0; i < factors.length; i++) {
                formExpected(i, i + 1, factors[i]);
            }
        }
    }

    private void formExpected(int firstLayer, int endLayer, double factor) {
        device.set(TableLayout.DESTINATION, formed);
        device.set(TableLayout.FIRST_LAYER, firstLayer);
        device.set(TableLayout.END_LAYER, endLayer);
        device.set(TableLayout.FACTOR, factor);
        device.launch(
                Kernel.FORM_GRADIENT,
                device.groups(layout.network.neurons() * Math.ceilDiv(layout.outputs, 4)));
    }

    /** By layer, the factor on sums over time points and samples. */
    private double[] factors(FeedbackPlasticity plasticity, LoopPhase phase, int samples) {
        double terms = (double) phase.dynamics().steps() * samples;
        double[] factors = new double[layout.depth];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = plasticity.scale(phase.noise().orElseThrow(), i, layout.depth) / terms;
        }
        return factors;
    }

    private static boolean areEqual(double[] factors) {
        return Arrays.stream(factors).distinct().count() == 1;
    }

    private void reduce(int start, int length, int samples, double factor) {
        gradients.reduce(
                layout.at(TableLayout.FEEDBACK_PARTIAL) + start,
                Tiles.count(samples),
                layout.feedbackLength,
                length,
                formed + start,
                factor);
    }

    /** Adds the decay to the gradient that has been formed, and bounds it. */
    public void complete(Optional<HomeostaticDecay> decay, Clipping clipping) {
        decay.ifPresent(d -> gradients.decay(d, layout.address(group), formed, tensors));
        gradients.clip(clipping, formed, clipped, tensors);
    }

    /** Requests the norms of its layers. */
    public NormRequest norms() {
        return new NormRequest(clipped, tensors);
    }

    public List<Tensor> unclipped() {
        return tensors.list(device.read(formed, tensors.length()));
    }

    public Parameters toParameters() {
        return gradients.download(clipped, tensors);
    }
}
