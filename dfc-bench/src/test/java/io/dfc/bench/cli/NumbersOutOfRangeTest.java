package io.dfc.bench.cli;

import static io.dfc.bench.cli.CommandRun.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Numbers that do not fit their range, or the machine: one line, and nothing internal in it. */
class NumbersOutOfRangeTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "train --epochs 3000000000 | epochs: must be a whole number from 0 to 2147483647, got 3000000000",
                "train --epochs -1 | epochs: must be a whole number from 0",
                "train --batch 99999999999999999999 | batch: must be a whole number from 1 to 1048576",
                "train --threads 5000 | threads: must be a whole number from 0 to 1024, got 5000",
                "train --limit 1e3 | --limit': expected a whole number, got \"1e3\"",
                "train --seed 99999999999999999999 | seed: must be a whole number from -9223372036854775808",
                "train --seeds 99999999999 | --seeds: must lie in [1, 1000]",
                "train --hidden 3000000000 | network.hidden: must be a whole number from 1 to 1048576",
                "train --hidden 10,many | --hidden' (N,...): expected a whole number, got \"many\"",
                "train --set control.time-points=99999999999 | control.time-points: must be a whole number from",
                "train --set control.leakage=1e999 | control.leakage: must be a finite number",
                "train --method bp --set feedback.initialization=foo | feedback.initialization: method bp has no such setting",
                "bench --batch 99999999999 | --batch': expected a whole number from -2147483648 to 2147483647",
                "bench --batch 0 | batch",
                "bench --seeds 0 | seeds",
                "bench --threads -1 | threads",
                "eval nowhere --threads many | --threads': expected a whole number",
                "check --golden . --threads 99999999999 | --threads': expected a whole number",
            })
    void aNumberIsNamedWithItsRange(String arguments, String words) {
        assertRefused(CommandRun.of(arguments.split(" ")), 2, words);
    }

    @Test
    void aNumberInAFileIsNamedWithItsRange() throws IOException {
        Path config = folder.resolve("mine.yaml");
        Files.writeString(config, "epochs: 30000000000\n");
        assertRefused(
                CommandRun.of("train", "--config", config.toString()),
                2,
                "epochs: must be a whole number from 0 to 2147483647, got 30000000000");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--hidden 50000,50000 | network.hidden: training 784-50000(tanh)-50000(tanh)-10(linear) takes at least 113.7 GiB",
                "--hidden 50000,50000 --method bp | 50000 x 50000 = 2500000000 weights",
                "--hidden 1048576,1048576,1048576 | network.hidden: training",
                "--batch 1048576 --hidden 4096 | batch: 1048576 samples of 4096 numbers take",
            })
    void whatIsTooLargeIsNamedWithTheBytesThatItTakes(String options, String words) {
        List<String> arguments = new ArrayList<>(List.of("train"));
        arguments.addAll(List.of(options.split(" ")));
        arguments.addAll(List.of("--out", folder.resolve("run").toString()));
        assertRefused(CommandRun.of(arguments), 2, words, "iB of memory");
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void whatIsTooLargeForThisHeapSaysHowToAllowMore() throws Exception {
        CommandRun run =
                CommandRun.inOwnProcess(
                        List.of("env", "JAVA_TOOL_OPTIONS=-Xmx300m -XX:+UseSerialGC"),
                        List.of("train", "--batch", "1048576"));
        assertRefused(
                run,
                2,
                "batch: with minibatches of 1048576 samples training",
                "the Java heap may have",
                "DFC_JAVA_OPTS=-Xmx");
    }

    @Test
    void memoryThatRunsOutIsAnErrorLikeAnyOther() throws Exception {
        // More than the estimate says is needed at the least, and less than it takes.
        CommandRun run =
                CommandRun.inOwnProcess(
                        List.of("env", "JAVA_TOOL_OPTIONS=-Xmx180m -XX:+UseSerialGC"),
                        CommandRun.trainArguments(
                                folder.resolve("run"), "--hidden", "1500,1500", "--method", "bp"));
        assertRefused(run, 1, "out of memory", "Java heap", "-Xmx");
        assertThat(folder.resolve("run/lease.json")).doesNotExist();
    }
}
