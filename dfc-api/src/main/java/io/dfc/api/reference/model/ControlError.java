package io.dfc.api.reference.model;

import io.dfc.api.control.OutputTarget;
import io.dfc.api.network.Loss;
import io.dfc.api.spi.Targets;

/** The control error {@code e} as a function of the output's deviation; a closed set. */
public sealed interface ControlError {
    /**
     * A fixed target at a distance from the feedforward output: {@code e = distance - dr_L}.
     *
     * @param distance {@code r* - r_L^-}
     */
    record Distance(double[] distance) implements ControlError {}

    /**
     * A label as target, compared with the output itself or with its softmax.
     *
     * @param label {@code y}
     * @param feedforward {@code r_L^-}
     * @param softmax whether {@code e = y - softmax(r_L)}, else {@code y - r_L}
     */
    record Label(double[] label, double[] feedforward, boolean softmax) implements ControlError {}

    static ControlError of(
            OutputTarget target,
            Loss kind,
            OutputLoss loss,
            double[] output,
            int outputs,
            Targets targets) {
        return switch (target) {
            case OutputTarget.Nudge nudge -> {
                int samples = output.length / outputs;
                double factor =
                        switch (nudge.gradient()) {
                            case OF_BATCH_MEAN -> -nudge.stepSize();
                            case OF_SAMPLE -> -nudge.stepSize() * samples;
                        };
                double[] distance = new double[output.length];
                Buffers.add(distance, factor, loss.gradient);
                yield new Distance(distance);
            }
            case OutputTarget.OwnOutput own -> new Distance(new double[output.length]);
            case OutputTarget.Strong strong -> {
                double right = strong.classValue();
                double[] label =
                        targets instanceof Targets.Labels(int[] classes)
                                ? OutputLoss.classValues(
                                        classes,
                                        outputs,
                                        right,
                                        (1 - right) / Math.max(1, outputs - 1))
                                : loss.values;
                yield new Label(label, output, strong.comparesSoftmax(kind));
            }
        };
    }

    /** The same error for one sample. */
    default ControlError sample(int s, int outputs) {
        return switch (this) {
            case Distance(double[] distance) -> new Distance(Activity.row(distance, s, outputs));
            case Label(double[] label, double[] feedforward, boolean softmax) ->
                    new Label(
                            Activity.row(label, s, outputs),
                            Activity.row(feedforward, s, outputs),
                            softmax);
        };
    }

    /** Writes {@code e} for an output deviation [samples, outputs]. */
    default void evaluate(double[] outputDeviation, int outputs, double[] error) {
        switch (this) {
            case Distance(double[] distance) -> {
                for (int j = 0; j < error.length; j++) {
                    error[j] = distance[j] - outputDeviation[j];
                }
            }
            case Label(double[] label, double[] feedforward, boolean softmax) -> {
                double[] row = new double[outputs];
                double[] probabilities = new double[outputs];
                for (int s = 0; s < error.length / outputs; s++) {
                    for (int j = 0; j < outputs; j++) {
                        row[j] = feedforward[s * outputs + j] + outputDeviation[s * outputs + j];
                    }
                    if (softmax) {
                        OutputLoss.softmax(row, 0, outputs, probabilities);
                    }
                    for (int j = 0; j < outputs; j++) {
                        error[s * outputs + j] =
                                label[s * outputs + j] - (softmax ? probabilities[j] : row[j]);
                    }
                }
            }
        }
    }

    /** {@code -de/dr_L} of one sample, [outputs, outputs]. */
    default double[] slope(double[] outputDeviation, int outputs) {
        double[] slope = new double[outputs * outputs];
        if (this instanceof Label(double[] label, double[] feedforward, boolean softmax)
                && softmax) {
            double[] row = new double[outputs];
            double[] p = new double[outputs];
            for (int j = 0; j < outputs; j++) {
                row[j] = feedforward[j] + outputDeviation[j];
            }
            OutputLoss.softmax(row, 0, outputs, p);
            for (int j = 0; j < outputs; j++) {
                for (int k = 0; k < outputs; k++) {
                    slope[j * outputs + k] = (j == k ? p[j] : 0) - p[j] * p[k];
                }
            }
        } else {
            for (int j = 0; j < outputs; j++) {
                slope[j * outputs + j] = 1;
            }
        }
        return slope;
    }

    /** The target itself, as {@link io.dfc.api.spi.ForwardResult#outputTarget} gives it. */
    default double[] target(double[] output) {
        return switch (this) {
            case Distance(double[] distance) -> {
                double[] target = output.clone();
                Buffers.add(target, 1, distance);
                yield target;
            }
            case Label label -> label.label().clone();
        };
    }
}
