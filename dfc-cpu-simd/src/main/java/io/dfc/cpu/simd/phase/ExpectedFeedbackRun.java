package io.dfc.cpu.simd.phase;

import static io.dfc.cpu.simd.kernel.Simd.LANES;

import io.dfc.api.plan.LoopPhase;
import io.dfc.cpu.simd.loop.ControlError;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.reduced.ExpectedFeedback;
import io.dfc.cpu.simd.reduced.ExpectedFeedbackSums;
import io.dfc.cpu.simd.runtime.Workers;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.IntConsumer;

/**
 * Learning of feedback weights from the mean over all noise, for a minibatch. Distributes the
 * samples over tasks, a vector of them at a time so that threads end at the same time.
 */
final class ExpectedFeedbackRun {
    /** Bound on the number of shares; fixed, so that sums do not depend on the threads. */
    private static final int MAX_SHARES = 64;

    private final Batch batch;
    private final Workers workers;
    private final Model model;

    /**
     * Sums of every so many vectors of samples: which samples share one does not depend on the
     * threads, so that no sum does.
     */
    private final List<ExpectedFeedbackSums> shares = new ArrayList<>();

    /** Working memory that no task uses; there is one to each thread. */
    private final Queue<ExpectedFeedback> free;

    private final IntConsumer task = this::runShare;

    // Read by the tasks of the current call.
    private ControlError controlError;
    private int used;

    ExpectedFeedbackRun(LoopPhase phase, Model model, Batch batch, Workers workers) {
        this.model = model;
        this.batch = batch;
        this.workers = workers;
        for (int i = 0; i < Math.min(MAX_SHARES, Math.ceilDiv(batch.capacity, LANES)); i++) {
            shares.add(new ExpectedFeedbackSums(model.network));
        }
        free = new ArrayBlockingQueue<>(workers.threads());
        for (int i = 0; i < workers.threads(); i++) {
            free.add(new ExpectedFeedback(phase, model));
        }
    }

    /** Runs the phase and writes each layer's factor times its sums, row-major [n_i, n_L]. */
    void run(ControlError target, float[][] gradient, float[] factors) {
        used = Math.min(shares.size(), Math.ceilDiv(batch.samples, LANES));
        controlError = target;
        workers.run(used, task);
        ExpectedFeedbackSums total = shares.getFirst();
        for (int share = 1; share < used; share++) {
            total.add(shares.get(share));
        }
        total.addFeedback(model);
        for (int i = 0; i < gradient.length; i++) {
            total.write(i, factors[i], gradient[i]);
        }
    }

    private void runShare(int number) {
        ExpectedFeedbackSums sums = shares.get(number);
        sums.clear();
        ExpectedFeedback loop = free.remove();
        try {
            for (int first = number * LANES; first < batch.samples; first += used * LANES) {
                int count = Math.min(LANES, batch.samples - first);
                loop.add(first, count, batch, controlError, sums);
            }
        } finally {
            free.add(loop);
        }
    }
}
