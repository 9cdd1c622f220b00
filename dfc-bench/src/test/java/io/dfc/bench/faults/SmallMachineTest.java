package io.dfc.bench.faults;

import static io.dfc.bench.cli.CommandRun.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.bench.cli.CommandRun;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One processor and a heap of 256 MiB, as a container may have. */
@Tag("slow")
class SmallMachineTest {
    private static final Path DATA =
            Path.of(System.getProperty("dfc.root")).resolveSibling("shared").resolve("data");

    @TempDir private Path folder;

    private CommandRun train(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("train"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--out", folder.resolve("run").toString()));
        return new Child().with("-XX:ActiveProcessorCount=1", "-Xmx256m").run(all);
    }

    @Test
    void learnsTheBuiltInDigits() throws Exception {
        CommandRun run = train("--epochs", "1", "--set", "feedback.pretraining-epochs=0");
        assertThat(run.code()).as(run.err()).isZero();
    }

    @Test
    void learnsMnistAsPublished() throws Exception {
        Assumptions.assumeTrue(
                Files.isDirectory(DATA), "skipped: there is no shared/data with MNIST here");
        CommandRun run =
                train(
                        "--config",
                        "mnist/dfc",
                        "--data-dir",
                        DATA.toString(),
                        "--limit",
                        "1000",
                        "--epochs",
                        "1",
                        "--set",
                        "feedback.pretraining-epochs=0");
        assertThat(run.code()).as(run.err()).isZero();
    }

    @Test
    void saysWhatALargerNetworkNeeds() throws Exception {
        CommandRun run = train("--hidden", "4000,4000");
        assertRefused(run, 2, "network.hidden", "takes at least", "of memory", "-Xmx");
        assertThat(folder.resolve("run")).doesNotExist();
    }
}
