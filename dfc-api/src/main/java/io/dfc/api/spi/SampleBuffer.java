package io.dfc.api.spi;

import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Rows;
import io.dfc.api.tensor.Tensor;

import java.util.Arrays;

/**
 * Where the samples of one minibatch are written, so that an engine reads them without a copy. Its
 * arrays belong to the engine that hands it out ({@link Engine#buffer}); a caller may write to them
 * from then on until {@link Engine#forward(SampleBuffer)}, and not after that, for phases read them
 * as well. Buffers of several sizes may lie in one array. Two buffers are equal only if they are
 * the same.
 */
public final class SampleBuffer {
    /** Where the targets are written. */
    public sealed interface Target {
        /**
         * Class labels.
         *
         * @param classes at least as many as there are samples, each to be in [0, n_L)
         */
        @SuppressWarnings("ArrayRecordComponent")
        record Labels(int[] classes) implements Target {}

        /**
         * Values.
         *
         * @param rows rows of n_L numbers
         */
        record Values(Rows rows) implements Target {}

        /** Nowhere: the inputs are the targets. */
        record Inputs() implements Target {}
    }

    private final int samples;
    private final Rows inputs;
    private final Target target;

    /**
     * A buffer over arrays of an engine.
     *
     * @param samples number of samples {@code B}, at least 1
     * @param inputs rows of n_0 numbers, for at least as many samples
     * @param target where the targets are written
     * @throws io.dfc.api.error.ShapeMismatchException if an array is too short
     */
    public SampleBuffer(int samples, Rows inputs, Target target) {
        this.samples = samples;
        this.inputs = inputs.requireRoom("buffer of inputs", samples, inputs.length());
        this.target = target;
        if (target instanceof Target.Values(Rows rows)) {
            rows.requireRoom("buffer of targets", samples, rows.length());
        }
    }

    /** {@return the number of samples {@code B}; all of them are to be written} */
    public int samples() {
        return samples;
    }

    /** {@return where the inputs are written} */
    public Rows inputs() {
        return inputs;
    }

    /** {@return where the targets are written} */
    public Target target() {
        return target;
    }

    /**
     * Checks the numbers of the inputs. Allocates nothing if they are sound.
     *
     * @param type type in which they are computed
     * @throws io.dfc.api.error.BadDataException if one is NaN, infinite or beyond what the type
     *     holds
     */
    public void requireInputs(ElementType type) {
        requireFit("minibatch inputs", inputs, type);
    }

    /**
     * Checks the numbers of the targets; labels are none. Allocates nothing if they are sound.
     *
     * @param type type in which they are computed
     * @throws io.dfc.api.error.BadDataException if one is NaN, infinite or beyond what the type
     *     holds
     */
    public void requireTargets(ElementType type) {
        switch (target) {
            case Target.Labels _ -> {}
            case Target.Values(Rows rows) -> requireFit("minibatch targets", rows, type);
            case Target.Inputs _ -> requireFit("minibatch targets", inputs, type);
        }
    }

    private void requireFit(String name, Rows rows, ElementType type) {
        if (!rows.fit(samples, type)) {
            rows.toTensor(samples).requireFit(name, type);
        }
    }

    /** {@return a minibatch of what is written, which shares nothing with this buffer} */
    public Minibatch copy() {
        Tensor x = inputs.toTensor(samples);
        return new Minibatch(
                x,
                switch (target) {
                    case Target.Labels(int[] classes) ->
                            new Targets.Labels(Arrays.copyOf(classes, samples));
                    case Target.Values(Rows rows) -> new Targets.Values(rows.toTensor(samples));
                    case Target.Inputs _ -> new Targets.Values(x);
                });
    }
}
