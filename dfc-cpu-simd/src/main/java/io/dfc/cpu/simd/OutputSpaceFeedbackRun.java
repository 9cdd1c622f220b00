package io.dfc.cpu.simd;

import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.network.Network;
import io.dfc.api.spi.OutputSpace;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The noisy feedback phase of a minibatch in output space: shares tiles out to slots and holds the
 * first samples against their simulation.
 */
final class OutputSpaceFeedbackRun {
    private final double tolerance;
    private final Network network;
    private final Batch batch;
    private final Workers workers;
    private final List<OutputSpaceFeedback> slots = new ArrayList<>();
    private final FeedbackSlot check;
    private final IntConsumer task = this::runTask;

    // What the tasks in flight work on.
    private ControlError aim;
    private NoiseSource source;
    private Recorder recorder;
    private int used;
    private double estimate;

    OutputSpaceFeedbackRun(
            FeedbackRule.NormalController rule,
            double tolerance,
            Model model,
            Batch batch,
            Workers workers,
            int slotCount) {
        this.tolerance = tolerance;
        this.network = model.network;
        this.batch = batch;
        this.workers = workers;
        for (int i = 0; i < slotCount; i++) {
            slots.add(new OutputSpaceFeedback(rule, model));
        }
        check = new FeedbackSlot(rule, model, OutputSpace.CHECKED_SAMPLES);
    }

    /**
     * Runs the phase.
     *
     * @return whether the estimated error meets the tolerance
     */
    boolean run(ControlError target, NoiseSource noise, Recorder recording) {
        used = Math.min(slots.size(), batch.tiles());
        aim = target;
        source = noise;
        recorder = recording;
        workers.run(used + 1, task);
        for (int slot = 0; slot < used; slot++) {
            if (!slots.get(slot).tame) {
                return false;
            }
        }
        estimate = estimateError();
        return estimate <= tolerance;
    }

    /** The check first: it takes longest to start with. */
    private void runTask(int number) {
        if (number == 0) {
            check.begin();
            check.simulate(batch, 0, OutputSpace.CHECKED_SAMPLES, aim, source, recorder);
            return;
        }
        OutputSpaceFeedback slot = slots.get(number - 1);
        slot.begin();
        for (int t = number - 1; t < batch.tiles(); t += used) {
            slot.run(t, batch, aim, source);
        }
        slot.finish();
    }

    double estimate() {
        return estimate;
    }

    /** The error of the checked samples' sums in the worst layer, with a margin. */
    private double estimateError() {
        int stride = Simd.stride(network.outputs());
        double worst = 0;
        for (int i = 0; i < network.depth(); i++) {
            float[] small = slots.getFirst().checked[i];
            float[] exact = check.sums[i];
            double difference = 0;
            double norm = 0;
            for (int n = 0; n < network.size(i); n++) {
                for (int k = n * stride; k < n * stride + network.outputs(); k++) {
                    double d = small[k] - exact[k];
                    difference += d * d;
                    norm += (double) exact[k] * exact[k];
                }
            }
            double error = difference == 0 ? 0 : Math.sqrt(difference / norm);
            // Written so that an undefined error counts as unbounded.
            if (!(error <= worst)) {
                worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
            }
        }
        return OutputSpace.CHECK_MARGIN * worst;
    }

    /** Writes {@code factor} times the sums, row-major [n_i, n_L]. */
    void collect(float[][] gradient, float factor) {
        int outputs = network.outputs();
        int stride = Simd.stride(outputs);
        for (int i = 0; i < gradient.length; i++) {
            for (int n = 0; n < network.size(i); n++) {
                for (int j = 0; j < outputs; j++) {
                    float sum = slots.getFirst().checked[i][n * stride + j];
                    for (int slot = 0; slot < used; slot++) {
                        sum += slots.get(slot).sums[i][n * stride + j];
                    }
                    gradient[i][n * outputs + j] = factor * sum;
                }
            }
        }
    }
}
