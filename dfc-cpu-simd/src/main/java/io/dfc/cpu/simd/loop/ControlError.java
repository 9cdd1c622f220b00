package io.dfc.cpu.simd.loop;

import static io.dfc.cpu.simd.kernel.Simd.LANES;

import io.dfc.api.control.OutputTarget;
import io.dfc.api.network.Loss;
import io.dfc.cpu.simd.kernel.Softmax;
import io.dfc.cpu.simd.model.Batch;

/**
 * The control error of a minibatch in float64: {@code e = d - dr_L} with the distance {@code d} to
 * a nudged target, or the label minus the output (or its softmax).
 */
public final class ControlError {
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

    /** The target of the reference; null if the reference was given. */
    private final OutputTarget target;

    public ControlError(OutputTarget target, Loss loss, Batch batch, int outputs) {
        this.target = target;
        this.batch = batch;
        this.outputs = outputs;
        form =
                switch (target) {
                    case OutputTarget.Nudge nudge -> Form.DISTANCE;
                    case OutputTarget.OwnOutput own -> Form.DISTANCE;
                    case OutputTarget.Strong strong ->
                            strong.comparesSoftmax(loss) ? Form.LABEL_MINUS_SOFTMAX : Form.LABEL;
                };
        reference = new double[batch.output.length];
    }

    /** Follows the batch to its current minibatch. */
    public ControlError refresh() {
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
            case OutputTarget.Strong(double right, var comparison) -> {
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
    public ControlError(double[] distance, Batch batch, int outputs) {
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
     * @param scratch the calling thread's
     */
    void evaluate(int first, int count, double[] deviation, double[] error, Softmax scratch) {
        int base = first * outputs;
        if (softmax(first, count, deviation, error, scratch)) {
            for (int i = 0; i < count * outputs; i++) {
                error[i] = reference[base + i] - error[i];
            }
            return;
        }
        for (int i = 0; i < count * outputs; i++) {
            double own = form == Form.LABEL ? batch.output[base + i] : 0;
            error[i] = reference[base + i] - own - deviation[i];
        }
    }

    /** Whether the error is a constant of every sample and output less the output's deviation. */
    boolean isDifference() {
        return form != Form.LABEL_MINUS_SOFTMAX;
    }

    /** That constant. */
    double constant(int sample, int output) {
        int at = sample * outputs + output;
        return form == Form.LABEL ? reference[at] - batch.output[at] : reference[at];
    }

    /**
     * Writes the softmax {@code p} of the outputs of consecutive samples if the error is a
     * difference from it. Then {@code -de/dr_L = diag(p) - p p^T}, else the identity.
     *
     * @param first first sample
     * @param count number of samples
     * @param deviation output deviations [count, n_L]
     * @param probabilities receives the softmax [count, n_L]
     * @param scratch the calling thread's
     * @return whether the error compares with it; if not, nothing is written
     */
    public boolean softmax(
            int first, int count, double[] deviation, double[] probabilities, Softmax scratch) {
        if (form != Form.LABEL_MINUS_SOFTMAX) {
            return false;
        }
        int base = first * outputs;
        for (int i = 0; i < count * outputs; i++) {
            probabilities[i] = batch.output[base + i] + deviation[i];
        }
        scratch.apply(probabilities, count, outputs, null);
        return true;
    }

    /**
     * Writes the distance to a nudged target, a sample to a lane; of lanes without a sample it is
     * 0.
     *
     * @param first first sample
     * @param count number of samples
     * @param distance receives the distances [n_L, lanes]
     */
    public void writeDistance(int first, int count, float[] distance) {
        for (int j = 0; j < outputs; j++) {
            for (int lane = 0; lane < LANES; lane++) {
                distance[j * LANES + lane] =
                        lane < count ? (float) reference[(first + lane) * outputs + j] : 0f;
            }
        }
    }

    /** The target itself, [samples, n_L]. */
    public double[] target() {
        double[] target = reference.clone();
        if (form == Form.DISTANCE) {
            for (int i = 0; i < target.length; i++) {
                target[i] += batch.output[i];
            }
        }
        return target;
    }
}
