package io.dfc.bench.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.store.Checkpoint;
import io.dfc.bench.cli.CommandRun;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A backend that goes wrong after an epoch or two: one line, and what was learnt is kept. */
@Tag("slow")
class FaultyBackendTest {
    /** More passes than an epoch has with its evaluations, and fewer than all epochs have. */
    private static final String PASS = "-Dfaulty.pass=100";

    @TempDir private Path folder;

    private Path services() throws IOException {
        Path services = folder.resolve("services");
        Path file = services.resolve("META-INF/services/io.dfc.api.spi.BackendProvider");
        Files.createDirectories(file.getParent());
        Files.writeString(file, FaultyProvider.class.getName() + "\n");
        return services;
    }

    private CommandRun train(String how) throws IOException, InterruptedException {
        return new Child()
                .with("-Dfaulty.how=" + how, PASS)
                .and(services())
                .and(Child.testClasses())
                .run(
                        CommandRun.trainArguments(
                                folder.resolve("run"),
                                "--method",
                                "bp",
                                "--backend",
                                "faulty",
                                "--epochs",
                                "50"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "throw | internal error: java.lang.IllegalStateException: the device is on fire",
                "loss | the loss is NaN",
                "weights | a parameter of layer 1 is NaN"
            })
    void endsTheRunInOneLineAndLeavesWhatWasLearnt(String how, String words) throws Exception {
        CommandRun run = train(how);
        assertThat(run.code()).as(run.err()).isEqualTo(1);
        assertThat(run.errorLines()).singleElement().asString().contains(words);
        assertThat(run.err()).doesNotContain("\tat ");
        Path kept = folder.resolve("run/checkpoint.safetensors");
        int epochs = Checkpoint.read(kept).progress().epochs();
        assertThat(epochs).isBetween(1, 49);
        assertThat(folder.resolve("run/lease.json")).doesNotExist();

        CommandRun resumed =
                CommandRun.of(
                        List.of(
                                "train",
                                "--resume",
                                folder.resolve("run").toString(),
                                "--epochs",
                                Integer.toString(epochs + 1),
                                "--backend",
                                "reference"));
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(resumed.err()).contains("continuing after epoch " + epochs);
    }

    @Test
    void anErrorOfTheVirtualMachineEndsTheRunToo() throws Exception {
        CommandRun run = train("error");
        assertThat(run.code()).as(run.err()).isEqualTo(1);
        assertThat(run.errorLines())
                .containsExactly("error: internal error: java.lang.StackOverflowError");
        assertThat(run.err()).doesNotContain("\tat ");
        assertThat(folder.resolve("run/lease.json")).doesNotExist();
    }
}
