package io.dfc.bench.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.bench.cli.CommandRun;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Kills a training at random moments, from its first file to its last epoch, and lets it go on: its
 * checkpoint ends with the bytes of one that was never disturbed. {@code -Dkills.count=N} kills N
 * times; {@code -Dkills.seed=N} at other moments.
 */
@Tag("slow")
class KilledRunsTest {
    private static final int KILLS = Integer.getInteger("kills.count", 10);
    private static final int SEED = Integer.getInteger("kills.seed", 1);

    /** A run is killed so often on its way, each time later. */
    private static final int KILLS_PER_RUN = 5;

    private static final int EPOCHS = 40;

    @TempDir private Path folder;

    private static List<String> arguments(Path run) {
        return CommandRun.trainArguments(
                run,
                "--epochs",
                Integer.toString(EPOCHS),
                "--limit",
                "100",
                "--set",
                "keep-every=7");
    }

    private static byte[] bytes(Path run, String file) throws IOException {
        return Files.readAllBytes(run.resolve(file));
    }

    @Test
    void aRunKilledAtAnyMomentEndsWithTheSameBytes() throws Exception {
        Path whole = folder.resolve("whole");
        long start = System.nanoTime();
        Process undisturbed = new Child().start(arguments(whole));
        while (undisturbed.isAlive() && !Files.exists(whole.resolve("config.yaml"))) {
            Thread.sleep(1);
        }
        long begun = System.nanoTime();
        assertThat(undisturbed.waitFor()).isZero();
        long training = System.nanoTime() - begun;
        System.out.printf(
                "undisturbed: %d ms to its first file, %d ms from there%n",
                (begun - start) / 1_000_000, training / 1_000_000);

        SplittableRandom random = new SplittableRandom(SEED);
        int killed = 0;
        for (int run = 0; killed < KILLS; run++) {
            Path disturbed = folder.resolve("run" + run);
            int left = Math.min(KILLS_PER_RUN, KILLS - killed);
            List<Long> moments = new ArrayList<>();
            for (int kill = 0; kill < left; kill++) {
                long moment = random.nextLong(training / left);
                moments.add(moment / 1_000_000);
                killed += killedAfter(disturbed, moment) ? 1 : 0;
            }
            // As the undisturbed one: a program of modules would write its version, too.
            CommandRun end = new Child().run(next(disturbed));
            assertThat(end.code()).as("killed after ms %s: %s", moments, end.err()).isZero();
            for (String file :
                    List.of("checkpoint.safetensors", "checkpoint-epoch-35.safetensors")) {
                assertThat(bytes(disturbed, file))
                        .as("%s, killed after ms %s", file, moments)
                        .isEqualTo(bytes(whole, file));
            }
            assertThat(Files.readAllLines(disturbed.resolve("metrics.jsonl"))).hasSize(EPOCHS);
            assertThat(disturbed.resolve("lease.json")).doesNotExist();
        }
        System.out.println("killed " + killed + " times, and every run went on to the same bytes");
    }

    /** Starts or continues a run as a user would, who repeats what failed. */
    private static List<String> next(Path run) {
        return Files.exists(run.resolve("checkpoint.safetensors"))
                ? List.of("train", "--resume", run.toString())
                : arguments(run);
    }

    /** Whether the process was there to be killed, so long after it began to write. */
    private static boolean killedAfter(Path run, long nanos) throws Exception {
        Process process = new Child().start(next(run));
        // The lease that the process before left behind is taken over first.
        String own = "\"process\":" + process.pid() + ",";
        while (process.isAlive() && !text(run.resolve("lease.json")).contains(own)) {
            Thread.sleep(1);
        }
        TimeUnit.NANOSECONDS.sleep(nanos);
        boolean alive = process.isAlive();
        process.destroyForcibly().waitFor();
        return alive;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
