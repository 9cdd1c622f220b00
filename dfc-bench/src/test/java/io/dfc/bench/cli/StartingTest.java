package io.dfc.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** What the command line answers to odd machines, names, paths and outputs. */
class StartingTest {
    @TempDir private Path folder;

    private static CommandRun with(String javaOptions, String... arguments) throws Exception {
        return CommandRun.inOwnProcess(
                List.of("env", "JAVA_TOOL_OPTIONS=" + javaOptions), List.of(arguments));
    }

    @ParameterizedTest
    @CsvSource({
        "-XX:-UseFMA, fused multiply-add",
        "-XX:TieredStopAtLevel=1, first compiler alone",
        "-XX:TieredStopAtLevel=3, slower than plain loops",
        "-Xint, interprets"
    })
    void whereVectorCodeIsNotCompiledTheSimdBackendSaysSo(String options, String reason)
            throws Exception {
        CommandRun run = with(options, "backends");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .containsPattern("(?m)^cpu-simd .*unavailable: this JVM .*" + reason)
                .containsPattern("(?m)^reference +priority 0 +cpu");
    }

    @Test
    void anOptionThatDoesNoHarmIsMeasuredAndLeavesTheSimdBackendThere() throws Exception {
        CommandRun run = with("-XX:-UseCompiler -XX:+UseCompiler", "backends");
        assertThat(run.out()).containsPattern("(?m)^cpu-simd +priority 100 +cpu: ");
    }

    @Test
    void autoTakesTheFasterWhereVectorCodeIsNotCompiled() throws Exception {
        CommandRun run =
                with(
                        "-XX:TieredStopAtLevel=1",
                        CommandRun.trainArguments(
                                        folder.resolve("out"), "--epochs", "1", "--limit", "50")
                                .toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).contains("backend reference on", "cpu-simd is unavailable: this JVM");
    }

    @ParameterizedTest
    @CsvSource({
        "cpu, name \"cpu-simd\"",
        "CPU-SIMD, did you mean \"cpu-simd\"?",
        "referense, did you mean \"reference\"?",
        "auto:0, \"auto\" takes no device",
        "Auto, \"auto\" is",
        "cpu-simd:7, it has: cpu",
        "quantum, there are: cpu-simd"
    })
    void aBackendThatIsNotThereLeadsOn(String name, String lead) {
        CommandRun run = CommandRun.train(folder.resolve("out"), "--backend", name);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(lead).hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"backends --json", "configs"})
    void aFullDeviceIsAnError(String line) throws Exception {
        Assumptions.assumeTrue(
                Files.exists(Path.of("/dev/full")), "skipped: there is no /dev/full here");
        CommandRun run = intoFullDevice(List.of(line.split(" ", -1)));
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.errorLines())
                .singleElement()
                .asString()
                .contains("cannot write the result to standard output");
    }

    @Test
    void aTrainingWhoseSummaryGoesToAFullDeviceIsAnErrorAndKeepsItsRun() throws Exception {
        Assumptions.assumeTrue(
                Files.exists(Path.of("/dev/full")), "skipped: there is no /dev/full here");
        Path out = folder.resolve("out");
        CommandRun run =
                intoFullDevice(
                        CommandRun.trainArguments(out, "--json", "--epochs", "1", "--limit", "50"));
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.errorLines()).hasSize(1);
        assertThat(out.resolve("summary.json")).isNotEmptyFile();
    }

    private static CommandRun intoFullDevice(List<String> arguments) throws Exception {
        return CommandRun.inOwnProcess(
                List.of("sh", "-c", "exec \"$@\" > /dev/full", "sh"), arguments);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "train --out LINK",
                "train --out LINK/below",
                "train --resume LINK",
                "train --config LINK",
                "train --data csv:LINK --target y",
                "train --data idx:LINK",
                "train --data mnist --data-dir LINK",
                "eval LINK",
                "check --golden LINK",
                "bench --compare LINK"
            })
    void aDanglingLinkIsCalledThat(String line) throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("gone"));
        CommandRun run = CommandRun.of(line.replace("LINK", link.toString()).split(" ", -1));
        assertThat(run.code()).isIn(1, 2);
        assertThat(run.errorLines())
                .singleElement()
                .asString()
                .contains("dangling link to " + folder.resolve("gone"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "train --out LOCKED/run",
                "train --resume LOCKED/run",
                "train --config LOCKED/run.yaml",
                "train --data csv:LOCKED/t.csv --target y",
                "train --data idx:LOCKED",
                "train --data mnist --data-dir LOCKED",
                "eval LOCKED/run",
                "check --golden LOCKED"
            })
    void aFolderWithoutPermissionIsCalledThat(String line) throws Exception {
        Path locked = Files.createDirectory(folder.resolve("locked"));
        Files.createDirectory(locked.resolve("run"));
        List<String> prefix = Unprivileged.prefix();
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("---------"));
        try {
            CommandRun run =
                    CommandRun.inOwnProcess(
                            prefix,
                            List.of(line.replace("LOCKED", locked.toString()).split(" ", -1)));
            assertThat(run.code()).isIn(1, 2);
            assertThat(run.errorLines())
                    .singleElement()
                    .asString()
                    .contains("permission denied", locked.toString());
        } finally {
            Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void theListOfCommandsDescribesEachOfThem() {
        String help = CommandRun.of("--help").out();
        for (String name :
                List.of("train", "eval", "data", "configs", "backends", "check", "bench")) {
            assertThat(help).containsPattern("(?m)^  " + name + " +[A-Z]");
            assertThat(CommandRun.of(name, "--help").out())
                    .startsWith("Usage: dfc " + name + " ")
                    .contains("--stacktrace");
        }
    }
}
