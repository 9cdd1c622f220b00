package io.dfc.cpu.simd;

import io.dfc.api.control.OutputTarget;
import io.dfc.api.network.Loss;

/**
 * The control error of a minibatch in float64: {@code e = d - dr_L} with the distance {@code d} to
 * a nudged target, or the label minus the output (or its softmax).
 */
final class ControlError {
    private enum Form {
        DISTANCE,
        LABEL,
        LABEL_MINUS_SOFTMAX
    }

    private final Batch batch;
    private final int outputs;
    private final Form form;

    /** Distance to the target, or the label; [samples, n_L]. */
    private final double[] reference;

    /** What the reference is computed from; null if it was given. */
    private final OutputTarget target;

    ControlError(OutputTarget target, Loss loss, Batch batch, int outputs) {
        this.target = target;
        this.batch = batch;
        this.outputs = outputs;
        form =
                switch (target) {
                    case OutputTarget.Nudge nudge -> Form.DISTANCE;
                    case OutputTarget.OwnOutput own -> Form.DISTANCE;
                    case OutputTarget.Strong strong ->
                            loss == Loss.CROSS_ENTROPY ? Form.LABEL_MINUS_SOFTMAX : Form.LABEL;
                };
        reference = new double[batch.output.length];
    }

    /** Follows the batch to its current minibatch. */
    ControlError refresh() {
        int n = batch.samples * outputs;
        switch (target) {
            case OutputTarget.Nudge nudge -> {
                double factor =
                        switch (nudge.gradient()) {
                            case OF_BATCH_MEAN -> -nudge.stepSize();
                            case OF_SAMPLE -> -nudge.stepSize() * batch.samples;
                        };
                for (int i = 0; i < n; i++) {
                    reference[i] = factor * batch.lossGradient[i];
                }
            }
            case OutputTarget.OwnOutput own -> {}
            case OutputTarget.Strong(double right) -> {
                System.arraycopy(batch.targets, 0, reference, 0, n);
                if (batch.labelled) {
                    double wrong = (1 - right) / Math.max(1, outputs - 1);
                    for (int i = 0; i < n; i++) {
                        reference[i] = reference[i] == 1 ? right : wrong;
                    }
                }
            }
        }
        return this;
    }

    /** A distance given as such, [samples, n_L]. */
    ControlError(double[] distance, Batch batch, int outputs) {
        target = null;
        this.batch = batch;
        this.outputs = outputs;
        form = Form.DISTANCE;
        reference = distance;
    }

    /**
     * Writes the error of consecutive samples.
     *
     * @param first first sample
     * @param count number of samples
     * @param deviation output deviations [count, n_L]
     * @param error receives the errors [count, n_L]
     * @param scratch at least {@code 2 n_L} numbers
     */
    void evaluate(int first, int count, double[] deviation, double[] error, double[] scratch) {
        int base = first * outputs;
        if (form != Form.LABEL_MINUS_SOFTMAX) {
            for (int i = 0; i < count * outputs; i++) {
                double own = form == Form.LABEL ? batch.output[base + i] : 0;
                error[i] = reference[base + i] - own - deviation[i];
            }
            return;
        }
        for (int s = 0; s < count; s++) {
            double[] row = softmaxRow(first + s, deviation, s * outputs, scratch);
            for (int j = 0; j < outputs; j++) {
                error[s * outputs + j] = reference[base + s * outputs + j] - row[j];
            }
        }
    }

    private double[] softmaxRow(int sample, double[] deviation, int at, double[] scratch) {
        double[] p = scratch;
        double max = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < outputs; j++) {
            p[j] = batch.output[sample * outputs + j] + deviation[at + j];
            max = Math.max(max, p[j]);
        }
        double sum = 0;
        for (int j = 0; j < outputs; j++) {
            p[j] = Math.exp(p[j] - max);
            sum += p[j];
        }
        for (int j = 0; j < outputs; j++) {
            p[j] /= sum;
        }
        return p;
    }

    /**
     * Replaces {@code g} by {@code S g} in place, {@code S = -de/dr_L}; {@code g} is row-major
     * [n_L, n_L].
     */
    void applySlope(int sample, double[] deviation, int at, double[] g, double[] scratch) {
        if (form != Form.LABEL_MINUS_SOFTMAX) {
            return;
        }
        double[] p = softmaxRow(sample, deviation, at, scratch);
        for (int k = 0; k < outputs; k++) {
            double mean = 0;
            for (int j = 0; j < outputs; j++) {
                mean += p[j] * g[j * outputs + k];
            }
            for (int j = 0; j < outputs; j++) {
                g[j * outputs + k] = p[j] * (g[j * outputs + k] - mean);
            }
        }
    }

    /** Replaces a vector {@code x} by {@code S x} in place, {@code S = -de/dr_L}. */
    void applySlopeToRow(
            int sample, double[] deviation, int at, float[] x, int xAt, double[] scratch) {
        if (form != Form.LABEL_MINUS_SOFTMAX) {
            return;
        }
        double[] p = softmaxRow(sample, deviation, at, scratch);
        double mean = 0;
        for (int j = 0; j < outputs; j++) {
            mean += p[j] * x[xAt + j];
        }
        for (int j = 0; j < outputs; j++) {
            x[xAt + j] = (float) (p[j] * (x[xAt + j] - mean));
        }
    }

    /** The target itself, [samples, n_L]. */
    double[] target() {
        double[] target = reference.clone();
        if (form == Form.DISTANCE) {
            for (int i = 0; i < target.length; i++) {
                target[i] += batch.output[i];
            }
        }
        return target;
    }
}
