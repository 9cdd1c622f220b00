package io.dfc.bench.cli;

import static io.dfc.bench.cli.CommandRun.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** A table from the first command to predictions, and what happens when its file changes. */
class OwnDataTest {
    @TempDir private Path folder;

    private Path iris;
    private Path run;

    @BeforeEach
    void train() {
        IrisRun trained = IrisRun.train(folder, 20);
        iris = trained.table();
        run = trained.folder();
    }

    private CommandRun trainBp(Path out, String... more) {
        return IrisRun.train(iris, out, more);
    }

    private List<String> rows() {
        return new ArrayList<>(Tables.read(iris).lines().toList());
    }

    private static String reordered(String row, int... order) {
        String[] cells = row.split(",", -1);
        return Arrays.stream(order).mapToObj(i -> cells[i]).collect(Collectors.joining(","));
    }

    private CommandRun eval(String... more) {
        List<String> arguments = new ArrayList<>(List.of("eval", run.toString(), "--json"));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments);
    }

    private CommandRun predict(Path file, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("predict", run.toString(), file.toString()));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments);
    }

    @Test
    void whatWasChosenIsSaidAndPathsAreKeptAbsolute() {
        Path here = Path.of("").toAbsolutePath();
        Path relative = here.relativize(iris.toAbsolutePath());
        iris = relative;
        CommandRun again = trainBp(folder.resolve("again"));
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.err())
                .contains(
                        "iris: 120 training, 15 validation and 15 test samples, 4 inputs, 3 classes (setosa, versicolor,"
                                + " virginica)",
                        "chosen for 120 training samples: --batch 16 --hidden 32");
        RunConfiguration stored =
                RunConfigurations.load(folder.resolve("again/config.yaml").toString(), List.of());
        assertThat(stored.data()).isEqualTo("csv:" + relative.toAbsolutePath().normalize());
    }

    @Test
    void settingsOfAFileGoBeforeTheChosenOnes() {
        Path config =
                Tables.write(
                        folder,
                        "mine.yaml",
                        "method: bp\ndata: 'csv:"
                                + iris
                                + "'\ntarget-column: species\nepochs: 3\n");
        CommandRun trained =
                CommandRun.of("train", "--config", config.toString(), "--out", folder + "/mine");
        assertThat(trained.code()).as(trained.err()).isZero();
        RunConfiguration stored =
                RunConfigurations.load(folder.resolve("mine/config.yaml").toString(), List.of());
        assertThat(stored.epochs()).isEqualTo(3);
        assertThat(stored.batch()).isEqualTo(16);
    }

    @Test
    void withoutATargetTheColumnsAreListed() {
        assertRefused(
                CommandRun.of("train", "--data", "csv:" + iris, "--out", folder + "/x"),
                2,
                "iris.csv",
                "--target",
                "sepal_length, sepal_width, petal_length, petal_width, species");
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void aNumericTargetIsAskedAbout() {
        assertRefused(
                trainBp(folder.resolve("x"), "--target", "petal_width"),
                2,
                "petal_width",
                "--task regression",
                "--task classification");
    }

    @Test
    void resumingRefusesOtherData() throws IOException {
        byte[] checkpoint = Files.readAllBytes(run.resolve("checkpoint.safetensors"));
        List<String> rows = rows();
        Collections.reverse(rows.subList(1, rows.size()));
        Tables.write(folder, "iris.csv", String.join("\n", rows));
        String[] resume = {"train", "--resume", run.toString(), "--epochs", "22"};
        assertRefused(
                CommandRun.of(resume), 1, iris.toString(), run.toString(), "order of samples");
        Tables.write(folder, "iris.csv", String.join("\n", rows.subList(0, 140)));
        assertRefused(
                CommandRun.of(resume),
                1,
                iris.toString(),
                run.toString(),
                "120 training",
                "113 training");
        assertThat(Files.readAllBytes(run.resolve("checkpoint.safetensors"))).isEqualTo(checkpoint);
        Files.delete(iris);
        Tables.shipped(folder, "iris");
        assertThat(CommandRun.of(resume).code()).isZero();
    }

    @Test
    void evaluationMatchesColumnsByNameAndRefusesOtherRows() {
        CommandRun before = eval();
        assertThat(before.code()).as(before.err()).isZero();
        List<String> swapped = rows().stream().map(r -> reordered(r, 2, 4, 0, 3, 1)).toList();
        Tables.write(folder, "iris.csv", String.join("\n", swapped));
        assertThat(eval().out()).isEqualTo(before.out());
        List<String> fewer = rows().subList(0, 140);
        Tables.write(folder, "iris.csv", String.join("\n", fewer));
        assertRefused(eval(), 1, iris.toString(), run.toString(), "--data");
        String renamed = Tables.read(iris).replace("petal_width", "width");
        Tables.write(folder, "iris.csv", renamed);
        assertRefused(eval(), 1, iris.toString(), run.toString(), "lacks the column petal_width");
    }

    @Test
    void anotherTableIsEvaluatedWithTheClassesOfTheRun() {
        Path two =
                Tables.write(
                        folder,
                        "two.csv",
                        rows().stream()
                                .filter(r -> !r.endsWith("setosa"))
                                .collect(Collectors.joining("\n")));
        CommandRun evaluated = eval("--data", "csv:" + two);
        assertThat(evaluated.code()).as(evaluated.err()).isZero();
        assertThat(JsonError.of(evaluated)).isLessThan(0.2);
        Path other =
                Tables.write(
                        folder, "other.csv", Tables.read(two).replace("virginica", "sibirica"));
        assertRefused(
                eval("--data", "csv:" + other),
                1,
                other.toString(),
                run.toString(),
                "expected one of the classes setosa, versicolor, virginica",
                "found 'sibirica'");
    }

    /** The error in the JSON of an evaluation. */
    private static final class JsonError {
        static double of(CommandRun run) {
            return tools.jackson.databind.json.JsonMapper.shared()
                    .readTree(run.out())
                    .path("test_error")
                    .asDouble(Double.NaN);
        }
    }

    @Test
    void predictionsNeedNoTargetsAndTakeColumnsInAnyOrder() {
        Path fresh =
                Tables.write(
                        folder,
                        "new.csv",
                        rows().stream()
                                .map(r -> reordered(r, 3, 1, 0, 2))
                                .collect(Collectors.joining("\n")));
        CommandRun predicted = predict(fresh);
        assertThat(predicted.code()).as(predicted.err()).isZero();
        List<String> lines = predicted.out().lines().toList();
        assertThat(lines.getFirst())
                .isEqualTo("prediction,score setosa,score versicolor,score virginica");
        assertThat(lines).hasSize(151);
        List<String> rows = rows();
        int right = 0;
        for (int i = 1; i < lines.size(); i++) {
            String[] cells = lines.get(i).split(",", -1);
            double sum = Arrays.stream(cells).skip(1).mapToDouble(Double::parseDouble).sum();
            assertThat(sum).isBetween(1 - 1e-5, 1 + 1e-5);
            right += rows.get(i).endsWith(cells[0]) ? 1 : 0;
        }
        assertThat(right).isGreaterThan(120);

        Path out = folder.resolve("predictions.csv");
        assertThat(predict(iris, "--out", out.toString()).code()).isZero();
        assertThat(Tables.read(out)).isEqualTo(predicted.out());
    }

    @Test
    void anyNumberOfRowsIsPredicted() {
        String header = rows().getFirst();
        String row = rows().get(1);
        for (int count : new int[] {0, 1, 1000}) {
            Path file = Tables.write(folder, "n.csv", header + "\n" + (row + "\n").repeat(count));
            CommandRun predicted = predict(file);
            assertThat(predicted.code()).as(predicted.err()).isZero();
            assertThat(predicted.out().lines()).hasSize(count + 1);
        }
    }

    @Test
    void aRowThatCannotBeReadLeavesNothingBehind() {
        List<String> rows = rows();
        rows.set(100, "1,2,x,3,setosa");
        Path file = Tables.write(folder, "bad.csv", String.join("\n", rows));
        assertRefused(predict(file), 1, "bad.csv", "line 101, column 'petal_length'", "found 'x'");
        Path out = folder.resolve("predictions.csv");
        assertRefused(predict(file, "--out", out.toString()), 1, "line 101");
        assertThat(out).doesNotExist();
        assertThat(folder.resolve("predictions.csv.part")).doesNotExist();
        rows.set(100, "1,2,,3,setosa");
        Tables.write(folder, "bad.csv", String.join("\n", rows));
        assertRefused(predict(file), 1, "line 101", "--missing mean");
        assertThat(predict(file, "--missing", "mean").out().lines()).hasSize(151);
    }

    @Test
    void filesOfAnotherKindAreNamed() throws IOException {
        Path images = folder.resolve("images");
        Files.write(
                images,
                ByteBuffer.allocate(17).putInt(0x803).putInt(1).putInt(1).putInt(1).array());
        assertRefused(predict(images), 1, "images", "learnt from a table");
        assertRefused(predict(folder.resolve("none.csv")), 1, "none.csv", "no such file");
        assertRefused(predict(folder), 1, "is a folder");
        assertRefused(predict(iris, "--out", folder + "/none/x.csv"), 1, "no folder");
        assertRefused(predict(iris, "--missing", "drop"), 2, "without a prediction");
        Files.delete(run.resolve("data.json"));
        assertRefused(predict(iris), 2, run.toString(), "data.json");
        Tables.write(
                folder,
                "iris.csv",
                Tables.read(iris)
                        .replace(",setosa", ",1,setosa")
                        .replace("petal_width,", "petal_width,e,")
                        .replace(",versi", ",2,versi")
                        .replace(",virg", ",3,virg"));
        assertRefused(eval(), 1, iris.toString(), run.toString(), "5 inputs and 3 outputs");
    }

    @Test
    void numbersArePredictedInTheirOwnUnit() {
        Path houses = Tables.houses(folder);
        run = folder.resolve("houses");
        CommandRun trained =
                CommandRun.of(
                        "train",
                        "--data",
                        "csv:" + houses,
                        "--target",
                        "price",
                        "--task",
                        "regression",
                        "--method",
                        "bp",
                        "--out",
                        run.toString());
        assertThat(trained.code()).as(trained.err()).isZero();
        List<String> lines = predict(houses).out().lines().toList();
        List<String> rows = Tables.read(houses).lines().toList();
        double sum = 0;
        for (int i = 1; i < rows.size(); i++) {
            double price = Double.parseDouble(rows.get(i).split(";", -1)[4]);
            sum += Math.abs(Double.parseDouble(lines.get(i)) - price) / (rows.size() - 1);
        }
        assertThat(lines.getFirst()).isEqualTo("prediction");
        assertThat(sum).isBetween(1_000.0, 25_000.0);
        assertThat(trained.out()).containsPattern("test +loss [1-9]\\.\\d+e\\+08 \\(root [1-3]\\.");
    }

    @Test
    void imagesArePredictedFromAnIdxFile() throws IOException {
        run = folder.resolve("glyphs");
        assertThat(CommandRun.train(run, "--method", "bp", "--epochs", "1").code()).isZero();
        ByteBuffer file = ByteBuffer.allocate(16 + 3 * 784).putInt(0x803).putInt(3).putInt(28);
        Path images = Files.write(folder.resolve("three.idx"), file.putInt(28).array());
        CommandRun predicted = predict(images);
        assertThat(predicted.code()).as(predicted.err()).isZero();
        assertThat(predicted.out().lines()).hasSize(4);
        assertThat(predicted.out()).startsWith("prediction,score 0,score 1,");
        assertRefused(predict(iris), 1, "iris.csv", "is no IDX file", "give an IDX file");
        ByteBuffer small = ByteBuffer.allocate(20).putInt(0x803).putInt(1).putInt(2).putInt(2);
        Files.write(images, small.array());
        assertRefused(predict(images), 1, "three.idx", "4 pixels (2 x 2)", "784");
    }
}
