package io.dfc.api.spi;

import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.network.Loss;
import io.dfc.api.plan.Plan;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;

/**
 * Some samples.
 *
 * @param inputs shape [B, n_0], B at least 1
 * @param targets as many targets; for an autoencoder, values in the tensor of the inputs itself
 */
public record Minibatch(Tensor inputs, Targets targets) {
    /** {@return the number of samples {@code B}} */
    public int samples() {
        return inputs.dim(0);
    }

    /**
     * Checks shapes, labels and numbers against a plan. Reads every number, so it belongs at the
     * entry of a minibatch.
     *
     * @param plan the plan
     * @param type type in which it will be computed
     * @return this minibatch
     * @throws ShapeMismatchException if there are no samples or too many, a shape differs, or a
     *     label is not a class
     * @throws io.dfc.api.error.BadDataException if an input or target is NaN, infinite or beyond
     *     what the type holds
     */
    public Minibatch requireFit(Plan plan, ElementType type) {
        return requireFit(plan).requireInputs(type).requireTargets(type);
    }

    /**
     * Checks the numbers of the inputs.
     *
     * @param type type in which they will be computed
     * @return this minibatch
     * @throws io.dfc.api.error.BadDataException if one is NaN, infinite or beyond what the type
     *     holds
     */
    public Minibatch requireInputs(ElementType type) {
        inputs.requireFit("minibatch inputs", type);
        return this;
    }

    /**
     * Checks the numbers of the targets; labels are none.
     *
     * @param type type in which they will be computed
     * @return this minibatch
     * @throws io.dfc.api.error.BadDataException if one is NaN, infinite or beyond what the type
     *     holds
     */
    public Minibatch requireTargets(ElementType type) {
        if (targets instanceof Targets.Values(Tensor values)) {
            values.requireFit("minibatch targets", type);
        }
        return this;
    }

    /**
     * Checks shapes and labels against a plan, without reading the numbers.
     *
     * @param plan the plan
     * @return this minibatch
     * @throws ShapeMismatchException if there are no samples or too many, a shape differs, or a
     *     label is not a class
     */
    public Minibatch requireFit(Plan plan) {
        requireInputs(inputs, plan);
        switch (targets) {
            case Targets.Labels(int[] classes) -> {
                if (plan.loss() != Loss.CROSS_ENTROPY) {
                    throw new ShapeMismatchException(
                            "minibatch targets: labels need the cross-entropy loss");
                }
                if (classes.length != samples()) {
                    throw new ShapeMismatchException(
                            "minibatch targets: expected "
                                    + samples()
                                    + " labels, got "
                                    + classes.length);
                }
                requireLabels(classes, samples(), plan);
            }
            case Targets.Values(Tensor values) ->
                    values.requireShape("minibatch targets", samples(), plan.network().outputs());
        }
        return this;
    }

    /**
     * Checks the shape of inputs against a plan.
     *
     * @param inputs the inputs
     * @param plan the plan
     * @throws ShapeMismatchException if there are no samples or too many, or the shape differs
     */
    public static void requireInputs(Tensor inputs, Plan plan) {
        if (inputs.rank() != 2 || inputs.dim(1) != plan.network().inputs()) {
            throw new ShapeMismatchException(
                    "minibatch inputs: expected shape [B, "
                            + plan.network().inputs()
                            + "], got "
                            + inputs);
        }
        requireSamples(inputs.dim(0), plan);
    }

    /**
     * Checks a number of samples against a plan.
     *
     * @param samples number of samples
     * @param plan the plan
     * @throws ShapeMismatchException if it is none of 1 to the plan's maximum
     */
    public static void requireSamples(int samples, Plan plan) {
        if (samples < 1 || samples > plan.maxBatch()) {
            throw new ShapeMismatchException(
                    "minibatch: expected 1 to " + plan.maxBatch() + " samples, got " + samples);
        }
    }

    /**
     * Checks labels against a plan.
     *
     * @param labels labels
     * @param samples how many of them count
     * @param plan the plan
     * @throws ShapeMismatchException if one is not a class
     */
    public static void requireLabels(int[] labels, int samples, Plan plan) {
        int classes = plan.network().outputs();
        for (int b = 0; b < samples; b++) {
            if (labels[b] < 0 || labels[b] >= classes) {
                throw new ShapeMismatchException(
                        "minibatch targets: label "
                                + labels[b]
                                + " of sample "
                                + b
                                + " is not in 0.."
                                + (classes - 1));
            }
        }
    }
}
