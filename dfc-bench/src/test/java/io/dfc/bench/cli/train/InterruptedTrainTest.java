package io.dfc.bench.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.store.Checkpoint;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.algorithms.store.RunLease;
import io.dfc.bench.cli.CommandRun;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * {@code train} in a thread that is interrupted: it ends, and can be continued to the same bits.
 */
class InterruptedTrainTest {
    @TempDir private Path folder;

    @Test
    void anInterruptEndsTheRunAtItsLastEpoch() throws Exception {
        RunFolder run = new RunFolder(folder.resolve("cut"));
        AtomicReference<CommandRun> ended = new AtomicReference<>();
        Thread thread =
                Thread.ofPlatform()
                        .start(
                                () ->
                                        ended.set(
                                                CommandRun.train(
                                                        run.path(),
                                                        "--method",
                                                        "bp",
                                                        "--epochs",
                                                        "100000")));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Files.exists(run.checkpoint()) && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        thread.interrupt();
        thread.join(TimeUnit.SECONDS.toMillis(60));

        CommandRun.assertRefused(
                ended.get(), 1, "interrupted; continue with: ./dfc train --resume " + run.path());
        assertThat(run.summary()).doesNotExist();
        assertThat(RunLease.isHeld(run.path())).isFalse();
        int done = Checkpoint.read(run.checkpoint()).progress().epochs();
        assertThat(done).isPositive();
        assertThat(Files.readAllLines(run.metrics())).hasSize(done);

        Path whole = folder.resolve("whole");
        assertThat(CommandRun.train(whole, "--method", "bp", "--epochs", "" + (done + 1)).code())
                .isZero();
        CommandRun rest =
                CommandRun.of("train", "--resume", "" + run.path(), "--epochs", "" + (done + 1));
        assertThat(rest.code()).as(rest.err()).isZero();
        assertThat(Files.readAllBytes(run.checkpoint()))
                .isEqualTo(Files.readAllBytes(new RunFolder(whole).checkpoint()));
    }
}
