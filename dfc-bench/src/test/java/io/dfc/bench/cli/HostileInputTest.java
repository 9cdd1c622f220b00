package io.dfc.bench.cli;

import static io.dfc.bench.cli.CommandRun.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Bad input: one line, an exit code, and nothing damaged. */
class HostileInputTest {
    @TempDir private Path folder;

    private Path out() {
        return folder.resolve("out");
    }

    @Test
    void anUnknownMethodIsNamedWithTheOnesThereAre() {
        assertRefused(
                CommandRun.train(out(), "--method", "dfc-sss"), 2, "method", "dfc-sss", "dfc-ss");
        assertThat(out()).doesNotExist();
    }

    @Test
    void aSettingOfAnotherMethodIsSaidToBeOne() {
        assertRefused(
                CommandRun.train(out(), "--method", "bp", "--set", "control.leakage=1"),
                2,
                "control.leakage: method bp has no such setting; it is one of dfc, dfc-fixed");
        assertRefused(
                CommandRun.train(out(), "--config", "mnist/dfc", "--method", "bp"),
                2,
                "method bp has no such setting (in named/mnist/dfc.yaml)");
        assertThat(out()).doesNotExist();
    }

    @Test
    void aRunFolderOfAnOlderVersionIsRefusedWhereItsMethodHasFewerSettingsNow() throws IOException {
        Path run = Files.createDirectories(out());
        Files.writeString(
                run.resolve("config.yaml"), "method: bp\nforward:\n  rule: nonlinear-difference\n");
        assertRefused(
                CommandRun.of("train", "--resume", run.toString()),
                2,
                "forward.rule: method bp has no such setting",
                "config.yaml");
    }

    @Test
    void aMisspeltKeyInAFileIsSuggestedRight() throws IOException {
        Path config = folder.resolve("mine.yaml");
        Files.writeString(config, "control:\n  time-stepp: 0.1\n");
        assertRefused(
                CommandRun.train(out(), "--config", config.toString()),
                2,
                "control.time-stepp",
                "mine.yaml",
                "did you mean \"time-step\"?");
    }

    @Test
    void aMisspeltKeyOnTheCommandLineIsSuggestedRight() {
        assertRefused(
                CommandRun.train(out(), "--set", "forward.learning-rat=1"), 2, "learning-rate");
    }

    @Test
    void aValueOfTheWrongTypeIsNamed() {
        assertRefused(CommandRun.train(out(), "--set", "batch=many"), 2, "batch", "many");
    }

    @Test
    void brokenYamlIsNamedWithItsLine() throws IOException {
        Path config = folder.resolve("broken.yaml");
        Files.writeString(config, "epochs: 1\nnetwork: [1, 2\n");
        assertRefused(
                CommandRun.train(out(), "--config", config.toString()), 1, "broken.yaml", "line");
    }

    @Test
    void aTimeStepAboveTheTimeConstantSaysWhyItIsUnstable() {
        assertRefused(
                CommandRun.train(out(), "--set", "control.time-step=0.5"),
                2,
                "control.time-step",
                "0.5",
                "time-constant-ratio",
                "unstable",
                "clamp-time-constants");
        CommandRun clamped =
                CommandRun.train(
                        out(),
                        "--epochs",
                        "1",
                        "--set",
                        "control.time-step=0.25",
                        // With the usual gain steps this long drive every sample away.
                        "--set",
                        "control.proportional-gain=0.1",
                        "--set",
                        "clamp-time-constants=true");
        assertThat(clamped.code()).as(clamped.err()).isZero();
    }

    @Test
    void anUnknownBackendIsNamedWithTheOnesThereAre() {
        assertRefused(
                CommandRun.train(out(), "--backend", "quantum"),
                2,
                "quantum",
                "reference",
                "cpu-simd");
        assertThat(out()).doesNotExist();
    }

    @Test
    void aTruncatedGzipIsNamed() throws IOException {
        byte[] images = gzip(idxImages(20));
        writeMnist(Arrays.copyOf(images, images.length / 2));
        assertRefused(trainMnist(), 1, "train-images-idx3-ubyte.gz");
    }

    @Test
    void aWrongMagicNumberIsNamed() throws IOException {
        byte[] images = idxImages(20);
        images[2] = 0x0b;
        writeMnist(gzip(images));
        assertRefused(trainMnist(), 1, "train-images-idx3-ubyte.gz", "magic");
    }

    @Test
    void aHeaderThatPromisesMoreThanTheFileHoldsIsRefused() throws IOException {
        byte[] images = idxImages(20);
        ByteBuffer.wrap(images).putInt(4, Integer.MAX_VALUE);
        writeMnist(gzip(images));
        assertRefused(trainMnist(), 1, "train-images-idx3-ubyte.gz");
    }

    private CommandRun trainMnist() {
        return CommandRun.train(out(), "--data", "mnist", "--data-dir", folder.toString());
    }

    private static byte[] idxImages(int count) {
        return ByteBuffer.allocate(16 + count * 784)
                .putInt(0x803)
                .putInt(count)
                .putInt(28)
                .putInt(28)
                .array();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private void writeMnist(byte[] trainImages) throws IOException {
        byte[] labels = ByteBuffer.allocate(8 + 20).putInt(0x801).putInt(20).array();
        Files.write(folder.resolve("train-images-idx3-ubyte.gz"), trainImages);
        Files.write(folder.resolve("train-labels-idx1-ubyte.gz"), gzip(labels));
        Files.write(folder.resolve("t10k-images-idx3-ubyte.gz"), gzip(idxImages(20)));
        Files.write(folder.resolve("t10k-labels-idx1-ubyte.gz"), gzip(labels));
    }

    private CommandRun trainCsv(String text) throws IOException {
        Path csv = folder.resolve("table.csv");
        Files.writeString(csv, text);
        return CommandRun.train(out(), "--data", "csv:" + csv, "--target", "kind");
    }

    @Test
    void aRaggedRowIsNamedWithItsLine() throws IOException {
        assertRefused(trainCsv("a,b,kind\n1,2,x\n3,y\n"), 1, "table.csv", "line 3");
    }

    @Test
    void notANumberInTheDataIsNamedWithItsPlace() throws IOException {
        assertRefused(trainCsv("a,b,kind\n1,2,x\n3,NaN,y\n"), 1, "table.csv", "line 3", "NaN");
    }

    @Test
    void aCheckpointCutShortIsNamedAndLeftAlone() throws IOException {
        CommandRun.train(out(), "--epochs", "1");
        Path checkpoint = out().resolve("checkpoint.safetensors");
        byte[] whole = Files.readAllBytes(checkpoint);
        for (int length : new int[] {0, 7, 200, whole.length - 1}) {
            byte[] part = Arrays.copyOf(whole, length);
            Files.write(checkpoint, part);
            assertRefused(
                    CommandRun.of("train", "--resume", out().toString()),
                    1,
                    "checkpoint.safetensors");
            assertRefused(CommandRun.of("eval", out().toString()), 1, "checkpoint.safetensors");
            assertThat(Files.readAllBytes(checkpoint)).isEqualTo(part);
        }
        byte[] damaged = whole.clone();
        damaged[whole.length - 5] ^= 1;
        Files.write(checkpoint, damaged);
        assertRefused(
                CommandRun.of("eval", out().toString()), 1, "checkpoint.safetensors", "damaged");
    }

    @Test
    void aFolderThatHoldsARunIsNotOverwritten() throws IOException {
        CommandRun.train(out(), "--epochs", "1");
        byte[] before = Files.readAllBytes(out().resolve("checkpoint.safetensors"));
        assertRefused(CommandRun.train(out(), "--epochs", "1"), 2, "already holds a run");
        assertThat(Files.readAllBytes(out().resolve("checkpoint.safetensors"))).isEqualTo(before);
    }

    @Test
    void aFolderWithoutWritePermissionIsNamed() throws Exception {
        Path locked = Files.createDirectory(folder.resolve("locked"));
        List<String> prefix = Unprivileged.prefix();
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-xr-xr-x"));
        List<String> arguments = CommandRun.trainArguments(locked.resolve("run"));
        assertRefused(CommandRun.inOwnProcess(prefix, arguments), 1, "locked", "permission denied");
    }

    @Test
    void aFullDiskEndsTheRunAndKeepsTheLastCheckpoint() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        Process mount =
                new ProcessBuilder(
                                "mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", disk.toString())
                        .start();
        Assumptions.assumeTrue(
                mount.waitFor() == 0, "skipped: a small tmpfs cannot be mounted here");
        try {
            Path run = disk.resolve("run");
            CommandRun.train(run, "--epochs", "1");
            Path checkpoint = run.resolve("checkpoint.safetensors");
            byte[] before = Files.readAllBytes(checkpoint);
            byte[] filler = new byte[400 * 1024 - (int) Files.size(checkpoint) - 60 * 1024];
            Files.write(disk.resolve("filler"), filler);
            CommandRun resumed =
                    CommandRun.of("train", "--resume", run.toString(), "--epochs", "2");
            assertRefused(resumed, 1, "cannot write", "checkpoint.safetensors");
            assertThat(Files.readAllBytes(checkpoint)).isEqualTo(before);
            try (var files = Files.list(run)) {
                assertThat(files.map(f -> f.getFileName().toString()))
                        .noneMatch(name -> name.endsWith(".part"));
            }
        } finally {
            new ProcessBuilder("umount", disk.toString()).start().waitFor();
        }
    }
}
