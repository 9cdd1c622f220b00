package io.dfc.bench.cli.train;

import io.dfc.algorithms.measure.Measurements;
import io.dfc.algorithms.store.RunLease;
import io.dfc.algorithms.store.RunRecorder;
import io.dfc.algorithms.train.EpochReport;
import io.dfc.algorithms.train.TrainingListener;
import io.dfc.algorithms.train.TrainingResult;
import io.dfc.algorithms.train.TrainingSnapshot;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets a run write its files only while it holds the lease of their folder. When the process is
 * asked to end, a file that is being written is finished, and no further one is begun.
 */
final class RunGuard implements TrainingListener, AutoCloseable {
    private final RunRecorder recorder;
    private final RunLease lease;
    private final ReentrantLock writing = new ReentrantLock();
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

    /** Holds the lock for ever, so that the training thread stops where it would write. */
    private void end() {
        writing.lock();
        lease.close();
    }

    private void write(Runnable files) {
        writing.lock();
        try {
            lease.requireHeld();
            files.run();
        } finally {
            writing.unlock();
        }
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
        hook.close();
    }
}
