package io.dfc.bench.cli.train;

import io.dfc.algorithms.measure.Measurements;
import io.dfc.algorithms.store.RunLease;
import io.dfc.algorithms.store.RunRecorder;
import io.dfc.algorithms.train.EpochReport;
import io.dfc.algorithms.train.MinibatchEvent;
import io.dfc.algorithms.train.TrainingListener;
import io.dfc.algorithms.train.TrainingResult;
import io.dfc.algorithms.train.TrainingSnapshot;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets a run write its files only while it holds the lease of their folder. When the process is
 * asked to end, the minibatch that is being learnt is finished, and so is a file that is being
 * written; no further one of either is begun.
 */
final class RunGuard implements TrainingListener, AutoCloseable {
    /** A minibatch that takes longer is cut off: whoever ends processes does not wait for ever. */
    private static final int PATIENCE_SECONDS = 10;

    private final RunRecorder recorder;
    private final RunLease lease;
    private final ReentrantLock writing = new ReentrantLock();

    /** Whether the training thread is where it may be left for ever. */
    private final CountDownLatch halted = new CountDownLatch(1);

    private volatile boolean ending;
    private final ShutdownHook hook;

    /**
     * A guard.
     *
     * @param recorder writes the files
     * @param lease the right to do so, given back at once when the process is asked to end
     */
    RunGuard(RunRecorder recorder, RunLease lease) {
        this.recorder = recorder;
        this.lease = lease;
        hook = new ShutdownHook("end of writing", this::end);
    }

    /**
     * Waits until the training thread has stopped, and holds the lock for ever, so that it does not
     * write even if it has not.
     */
    void end() {
        ending = true;
        try {
            var _ = halted.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        writing.lock();
        lease.close();
    }

    /** Stops the training thread for good, if the process is ending. */
    private void haltIfEnding() {
        if (ending) {
            halted.countDown();
            new Semaphore(0).acquireUninterruptibly();
        }
    }

    private void write(Runnable files) {
        haltIfEnding();
        writing.lock();
        try {
            lease.requireHeld();
            files.run();
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void minibatchDone(MinibatchEvent event) {
        haltIfEnding();
    }

    @Override
    public void measured(int epoch, Measurements measurements) {
        recorder.measured(epoch, measurements);
    }

    @Override
    public void pretrainingSweepDone(TrainingSnapshot snapshot, double seconds) {
        write(() -> recorder.pretrainingSweepDone(snapshot, seconds));
    }

    @Override
    public void epochDone(EpochReport report, TrainingSnapshot snapshot) {
        write(() -> recorder.epochDone(report, snapshot));
    }

    @Override
    public void finished(TrainingResult result) {
        write(() -> recorder.finished(result));
    }

    @Override
    public void close() {
        halted.countDown();
        hook.close();
    }
}
