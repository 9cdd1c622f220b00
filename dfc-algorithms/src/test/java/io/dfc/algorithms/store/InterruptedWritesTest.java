package io.dfc.algorithms.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.train.TrainingSnapshot;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** What is being written when its thread is interrupted is written in full. */
class InterruptedWritesTest {
    @TempDir private Path folder;

    @AfterEach
    void wakeUp() {
        Thread.interrupted();
    }

    @Test
    void aThreadThatIsInterruptedBeforeWritesAllTheSame() {
        Path file = folder.resolve("file");
        Thread.currentThread().interrupt();
        AtomicFiles.writeText(file, "all of it");

        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        assertThat(file).content().isEqualTo("all of it");
        assertThat(folder.resolve("file.part")).doesNotExist();
    }

    @Test
    void aThreadThatIsInterruptedMeanwhileWritesAllTheSame() {
        Path file = folder.resolve("file");
        AtomicFiles.write(
                file,
                out -> {
                    out.write(new byte[1 << 17]);
                    Thread.currentThread().interrupt();
                    out.write(new byte[1 << 17]);
                });

        assertThat(Thread.interrupted()).isTrue();
        assertThat(file).hasSize(1 << 18);
    }

    @Test
    void checkpointsUnderAStormOfInterruptsAreWholeAndEqual() throws Exception {
        Path file = folder.resolve("checkpoint");
        TrainingSnapshot snapshot = CheckpointSamples.snapshot(true);
        Checkpoint.write(file, snapshot);
        byte[] expected = Files.readAllBytes(file);
        Thread writer = Thread.currentThread();
        AtomicBoolean done = new AtomicBoolean();
        Thread storm =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    while (!done.get()) {
                                        writer.interrupt();
                                    }
                                });
        try {
            for (int i = 0; i < 40; i++) {
                Checkpoint.write(file, snapshot);
                assertThat(Checkpoint.read(file).progress()).isEqualTo(snapshot.progress());
            }
        } finally {
            done.set(true);
            while (storm.isAlive()) {
                Thread.onSpinWait();
            }
            Thread.interrupted();
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(expected);
    }

    @Test
    void aLeaseIsTakenAndGivenBackByAnInterruptedThread() throws Exception {
        Thread.currentThread().interrupt();
        try (RunLease lease = RunLease.acquire(folder)) {
            lease.requireHeld();
            assertThat(RunLease.isHeld(folder)).isTrue();
        }
        assertThat(Thread.interrupted()).isTrue();
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }
}
