package io.dfc.bench.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.store.RunDevice;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.algorithms.store.RunInfo;
import io.dfc.algorithms.store.RunLease;
import io.dfc.algorithms.store.RunRecorder;
import io.dfc.algorithms.store.TrainingSize;
import io.dfc.algorithms.train.Evaluation;
import io.dfc.algorithms.train.MinibatchEvent;
import io.dfc.algorithms.train.Progress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** What happens to a training thread when the process is asked to end. */
@Timeout(30)
class RunGuardTest {
    private static final MinibatchEvent MINIBATCH =
            new MinibatchEvent("forward", false, 1, 2, 1, 5, 50, Evaluation.NONE);

    @TempDir private Path folder;

    private RunGuard guard(RunLease lease) {
        RunInfo info =
                new RunInfo(
                        "bp",
                        "glyphs",
                        "f00",
                        "none",
                        new RunDevice("reference", "cpu"),
                        1,
                        1,
                        "0");
        return new RunGuard(
                new RunRecorder(
                        new RunFolder(folder), info, new TrainingSize(10, 5), 0, Progress.none()),
                lease);
    }

    @Test
    void theMinibatchIsFinishedAndNoFurtherOneIsBegun() throws Exception {
        RunLease lease = RunLease.acquire(folder);
        RunGuard guard = guard(lease);
        CountDownLatch inMinibatch = new CountDownLatch(1);
        CountDownLatch minibatchMayEnd = new CountDownLatch(1);
        AtomicBoolean wentOn = new AtomicBoolean();
        Thread training =
                Thread.ofPlatform()
                        .daemon()
                        .start(
                                () -> {
                                    guard.minibatchDone(MINIBATCH);
                                    inMinibatch.countDown();
                                    await(minibatchMayEnd);
                                    guard.minibatchDone(MINIBATCH);
                                    wentOn.set(true);
                                });
        await(inMinibatch);
        CompletableFuture<Void> ended = CompletableFuture.runAsync(guard::end);
        Thread.sleep(200);
        assertThat(ended).as("waits for the minibatch").isNotDone();
        assertThat(RunLease.isHeld(folder)).isTrue();

        minibatchMayEnd.countDown();
        ended.get(5, TimeUnit.SECONDS);
        assertThat(RunLease.isHeld(folder)).as("given back at once").isFalse();
        training.join(200);
        assertThat(training.isAlive()).isTrue();
        assertThat(wentOn).isFalse();
        // Else it would wait for that thread when these tests end.
        guard.close();
    }

    @Test
    void aRunThatHasEndedIsNotWaitedFor() throws Exception {
        RunGuard guard = guard(RunLease.acquire(folder));
        guard.close();
        CompletableFuture.runAsync(guard::end).get(5, TimeUnit.SECONDS);
        assertThat(RunLease.isHeld(folder)).isFalse();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
