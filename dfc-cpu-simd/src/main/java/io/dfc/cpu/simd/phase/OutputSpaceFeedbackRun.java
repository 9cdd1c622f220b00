package io.dfc.cpu.simd.phase;

import static io.dfc.cpu.simd.kernel.Simd.LANES;

import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.spi.reduced.OutputSpace;
import io.dfc.cpu.simd.kernel.NoiseSource;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.loop.ControlError;
import io.dfc.cpu.simd.loop.Recorder;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.reduced.FeedbackShare;
import io.dfc.cpu.simd.reduced.OutputSpaceFeedback;
import io.dfc.cpu.simd.runtime.Workers;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.IntConsumer;

/**
 * The noisy feedback phase of a minibatch in output space: shares out the samples, a vector of them
 * at a time so that threads end together, and holds the first against their simulation.
 */
final class OutputSpaceFeedbackRun {
    /** Bound on the number of shares; fixed, so that sums do not depend on the threads. */
    private static final int MAX_SHARES = 64;

    private final double tolerance;
    private final Network network;
    private final Batch batch;
    private final Workers workers;
    private final Model model;

    /**
     * Sums of every so many vectors of samples: which samples share one does not depend on the
     * threads, so that no sum does.
     */
    private final List<FeedbackShare> shares = new ArrayList<>();

    /** The same of samples that are checked; null for the shares that have none. */
    private final List<FeedbackShare> checked = new ArrayList<>();

    private final FeedbackShare checkedTotal;
    private final FeedbackShare total;
    private final boolean[] tame;

    /** What nobody computes with at the moment; as many in all as there are threads. */
    private final Queue<OutputSpaceFeedback> idle;

    private final FeedbackSlot check;
    private final IntConsumer task = this::runTask;

    // What the tasks in flight work on.
    private ControlError aim;
    private NoiseSource source;
    private Recorder recorder;
    private int used;
    private double estimate;

    OutputSpaceFeedbackRun(
            LoopPhase phase, double tolerance, Model model, Batch batch, Workers workers) {
        this.tolerance = tolerance;
        this.model = model;
        network = model.network;
        this.batch = batch;
        this.workers = workers;
        for (int i = 0; i < Math.min(MAX_SHARES, Math.ceilDiv(batch.capacity, LANES)); i++) {
            shares.add(new FeedbackShare(network));
            boolean isChecked = i * LANES < OutputSpace.CHECKED_SAMPLES;
            checked.add(isChecked ? new FeedbackShare(network) : null);
        }
        checkedTotal = new FeedbackShare(network);
        total = new FeedbackShare(network);
        tame = new boolean[shares.size()];
        idle = new ArrayBlockingQueue<>(workers.threads());
        for (int i = 0; i < workers.threads(); i++) {
            idle.add(new OutputSpaceFeedback(phase, model));
        }
        check = new FeedbackSlot(phase, model, OutputSpace.CHECKED_SAMPLES);
    }

    /**
     * Runs the phase.
     *
     * @return whether the estimated error meets the tolerance
     */
    boolean run(ControlError target, NoiseSource noise, Recorder recording) {
        used = Math.min(shares.size(), Math.ceilDiv(batch.samples, LANES));
        aim = target;
        source = noise;
        recorder = recording;
        workers.run(used + 1, task);
        for (int share = 0; share < used; share++) {
            if (!tame[share]) {
                return false;
            }
        }
        addUp();
        estimate = estimateError();
        return estimate <= tolerance;
    }

    /** The check first: it takes longest. */
    private void runTask(int number) {
        if (number == 0) {
            check.begin();
            check.run(batch, 0, OutputSpace.CHECKED_SAMPLES, aim, source, recorder);
            check.end();
            return;
        }
        int k = number - 1;
        tame[k] = true;
        shares.get(k).clear();
        if (checked.get(k) != null) {
            checked.get(k).clear();
        }
        OutputSpaceFeedback small = idle.remove();
        try {
            for (int first = k * LANES; first < batch.samples; first += used * LANES) {
                int count = Math.min(LANES, batch.samples - first);
                tame[k] &=
                        small.run(first, count, batch, aim, source, checked.get(k), shares.get(k));
            }
        } finally {
            idle.add(small);
        }
    }

    private void addUp() {
        checkedTotal.clear();
        total.clear();
        for (int share = 0; share < used; share++) {
            total.add(shares.get(share));
            if (checked.get(share) != null) {
                checkedTotal.add(checked.get(share));
            }
        }
        checkedTotal.addFeedback(model);
        total.addFeedback(model);
    }

    double estimate() {
        return estimate;
    }

    /** The error of the checked samples' sums in the worst layer, with a margin. */
    private double estimateError() {
        int stride = Simd.stride(network.outputs());
        double worst = 0;
        for (int i = 0; i < network.depth(); i++) {
            float[] small = checkedTotal.sums[i];
            float[] exact = check.sums()[i];
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

    /** Writes each layer's factor times its sums, row-major [n_i, n_L]. */
    void collect(float[][] gradient, float[] factors) {
        int outputs = network.outputs();
        int stride = Simd.stride(outputs);
        for (int i = 0; i < gradient.length; i++) {
            for (int n = 0; n < network.size(i); n++) {
                for (int j = 0; j < outputs; j++) {
                    int at = n * stride + j;
                    float sum = checkedTotal.sums[i][at] + total.sums[i][at];
                    gradient[i][n * outputs + j] = factors[i] * sum;
                }
            }
        }
    }
}
