package io.dfc.bench.faults;

import static io.dfc.bench.cli.CommandRun.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.bench.cli.CommandRun;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A run folder that is not what it was, or promises more than there is. */
class FolderFaultsTest {
    @TempDir private Path folder;

    private Path run() {
        return folder.resolve("run");
    }

    @Test
    @Timeout(60)
    void aFolderRemovedWhileARunWritesIntoItEndsTheRun() throws Exception {
        CompletableFuture<CommandRun> training =
                CompletableFuture.supplyAsync(
                        () -> CommandRun.train(run(), "--method", "bp", "--epochs", "100000"));
        while (!training.isDone() && !Files.exists(run().resolve("metrics.jsonl"))) {
            Thread.sleep(1);
        }
        // Out of the way at once: it could not be emptied faster than it is filled.
        Files.move(run(), folder.resolve("gone"));
        CommandRun ended = training.get(30, TimeUnit.SECONDS);
        assertRefused(ended, 1, "cannot write " + run(), "no such file or folder");
        assertThat(run()).doesNotExist();
    }

    private void trained() {
        CommandRun trained = CommandRun.train(run(), "--method", "bp", "--epochs", "1");
        assertThat(trained.code()).as(trained.err()).isZero();
    }

    private static List<CommandRun> readers(Path run) {
        List<CommandRun> all = new ArrayList<>();
        for (List<String> command :
                List.of(
                        List.of("train", "--resume", run.toString(), "--epochs", "2"),
                        List.of("eval", run.toString()),
                        List.of("predict", run.toString(), run.resolve("none.csv").toString()),
                        List.of("diagnose", run.toString()))) {
            all.add(CommandRun.of(command));
        }
        return all;
    }

    @Test
    void aCheckpointLargerThanTheHeapIsRefusedBeforeItIsRead() throws IOException {
        trained();
        Path checkpoint = run().resolve("checkpoint.safetensors");
        long size = Runtime.getRuntime().maxMemory() + (1 << 20);
        // A hole, which takes no place on the disk.
        try (RandomAccessFile file = new RandomAccessFile(checkpoint.toFile(), "rw")) {
            file.setLength(size);
        }
        for (CommandRun refused : readers(run())) {
            assertRefused(
                    refused,
                    1,
                    checkpoint + ": reading it takes at least its " + ((size >> 20) + 1) + " MiB",
                    "the Java heap may have",
                    "-Xmx");
        }
    }

    @Test
    void aConfigurationThatPromisesAWiderNetworkTakesNoMemory() throws IOException {
        trained();
        Path configuration = run().resolve("config.yaml");
        Files.writeString(
                configuration,
                Files.readString(configuration)
                        .replaceAll(
                                "hidden:[^\\[]*(\\[[^]]*]|(\\s*- \\d+)+)",
                                "hidden: [40000, 40000]"));
        for (CommandRun refused : readers(run())) {
            assertThat(refused.code()).as(refused.err()).isIn(1, 2);
            assertThat(refused.errorLines()).as(refused.err()).hasSize(1);
            assertThat(refused.err()).doesNotContain("out of memory");
        }
    }
}
