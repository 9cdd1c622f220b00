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
import io.dfc.cpu.simd.reduced.OutputSpaceFeedback;
import io.dfc.cpu.simd.reduced.OutputSpaceFeedbackSums;
import io.dfc.cpu.simd.runtime.Workers;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.IntConsumer;

/**
 * Learning of feedback weights from the noisy loop of a minibatch in output space. Distributes the
 * samples over tasks, a vector of them at a time so that threads end at the same time, and compares
 * the first samples with their simulation.
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
     * Sums of every n-th vector of samples, where n is the number of shares. The samples of a
     * share, and so its sums, do not depend on the threads.
     */
    private final List<OutputSpaceFeedbackSums> shares = new ArrayList<>();

    /** The same sums of the checked samples; null for shares without checked samples. */
    private final List<OutputSpaceFeedbackSums> checked = new ArrayList<>();

    private final OutputSpaceFeedbackSums checkedTotal;
    private final OutputSpaceFeedbackSums total;
    private final boolean[] withinBounds;

    /** Working memory that no task uses; there is one to each thread. */
    private final Queue<OutputSpaceFeedback> free;

    private final FeedbackWorkspace check;
    private final IntConsumer task = this::runTask;

    // Read by the tasks of the current call.
    private ControlError controlError;
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
            shares.add(new OutputSpaceFeedbackSums(network));
            boolean isChecked = i * LANES < OutputSpace.CHECKED_SAMPLES;
            checked.add(isChecked ? new OutputSpaceFeedbackSums(network) : null);
        }
        checkedTotal = new OutputSpaceFeedbackSums(network);
        total = new OutputSpaceFeedbackSums(network);
        withinBounds = new boolean[shares.size()];
        free = new ArrayBlockingQueue<>(workers.threads());
        for (int i = 0; i < workers.threads(); i++) {
            free.add(new OutputSpaceFeedback(phase, model));
        }
        check = new FeedbackWorkspace(phase, model, OutputSpace.CHECKED_SAMPLES);
    }

    /**
     * Runs the phase.
     *
     * @return whether the estimated error meets the tolerance
     */
    boolean run(ControlError target, NoiseSource noise, Recorder recording) {
        used = Math.min(shares.size(), Math.ceilDiv(batch.samples, LANES));
        controlError = target;
        source = noise;
        recorder = recording;
        workers.run(used + 1, task);
        for (int share = 0; share < used; share++) {
            if (!withinBounds[share]) {
                return false;
            }
        }
        addUp();
        estimate = estimateError();
        return estimate <= tolerance;
    }

    /** Task 0 is the check: it takes longest, so it starts first. */
    private void runTask(int number) {
        if (number == 0) {
            check.begin();
            check.run(batch, 0, OutputSpace.CHECKED_SAMPLES, controlError, source, recorder);
            check.end();
            return;
        }
        int k = number - 1;
        withinBounds[k] = true;
        shares.get(k).clear();
        if (checked.get(k) != null) {
            checked.get(k).clear();
        }
        OutputSpaceFeedback loop = free.remove();
        try {
            for (int first = k * LANES; first < batch.samples; first += used * LANES) {
                int count = Math.min(LANES, batch.samples - first);
                withinBounds[k] &=
                        loop.run(
                                first,
                                count,
                                batch,
                                controlError,
                                source,
                                checked.get(k),
                                shares.get(k));
            }
        } finally {
            free.add(loop);
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
            float[] reduced = checkedTotal.sums[i];
            float[] exact = check.sums()[i];
            double difference = 0;
            double norm = 0;
            for (int n = 0; n < network.size(i); n++) {
                for (int k = n * stride; k < n * stride + network.outputs(); k++) {
                    double d = reduced[k] - exact[k];
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
