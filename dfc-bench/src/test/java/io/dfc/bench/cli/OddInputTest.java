package io.dfc.bench.cli;

import static io.dfc.bench.cli.CommandRun.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.config.RunConfigurations;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Commands and files that are odd and not broken: done rightly, or refused with a way on. */
class OddInputTest {
    @TempDir private Path folder;

    private CommandRun run(String line) {
        return CommandRun.of(
                Arrays.stream(line.strip().split(" "))
                        .map(word -> word.equals("EMPTY") ? "" : word.replace("DIR", "" + folder))
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "train --out EMPTY | --out': expected a path, got \"\"",
                "train --resume EMPTY | --resume': expected a path, got \"\"",
                "train --data-dir EMPTY | --data-dir': expected a path",
                "eval EMPTY | expected a path, got \"\"",
                "predict EMPTY x.csv | expected a path, got \"\"",
                "train --target y | target-column: is for tables, and the data are glyphs; name a table with --data csv:FILE",
                "train --data mnist --drop id | table.drop: is for tables",
                "train --missing mean | table.missing: is for tables",
                "help | help is an option: ./dfc --help",
                "train help | help is an option",
                "train --epochs 1 @DIR | Unmatched argument at index 3: '@",
                "train --data-dir DIR | data-dir: is for data sets such as mnist, which are looked for there, and the data are glyphs, which need no files",
                "train --data student-teacher --set data-dir=DIR | the data are student-teacher, which need no files",
                "train --data csv:DIR/a.csv --target y --data-dir DIR | which says itself where it lies",
                "train --set clamp-time-constants=1 | clamp-time-constants: must be true or false, got 1",
                "train --data csv:a.csv --target y --drop \"a,b | table.drop: the quotes in \"a,b do not enclose whole names",
                "train --set epochs=1e3 | epochs: must be a whole number from 0 to 2147483647, got 1000.0; write 1000",
                "train --set seed=010 | seed: 010 begins with a zero",
            })
    void argumentsLeadOn(String line, String words) {
        assertRefused(run(line), 2, words);
    }

    @Test
    void aFileInThePlaceOfARunIsCalledOne() {
        Tables.write(folder, "file", "x");
        // A model is a file, a run is a folder.
        assertRefused(run("eval DIR/file"), 1, "file: ends after 1 bytes", "expected a header");
        assertRefused(run("train --resume DIR/file"), 1, "it is a file; name the folder");
        assertRefused(
                run("train --method bp --limit 20 --epochs 1 --out DIR/file"),
                1,
                "file is a file, not a folder");
        assertRefused(
                run("train --method bp --limit 20 --epochs 1 --out DIR/file/below"),
                1,
                "a part of the path is not a folder");
    }

    @Test
    void aFolderForDataIsNotIgnored() throws IOException {
        CommandRun.train(folder.resolve("run"), "--method", "bp", "--epochs", "1");
        for (String line :
                List.of(
                        "eval DIR/run --data-dir DIR",
                        "train --resume DIR/run --epochs 2 --data-dir DIR")) {
            assertRefused(run(line), 2, "data-dir: ", "the data are glyphs, which need no files");
        }
        Files.writeString(
                folder.resolve("old.yaml"),
                "data-dir: /somewhere\nmethod: bp\nepochs: 1\nlimit: 50\nnetwork: {hidden: [4]}\n");
        CommandRun fromFile = run("train --config DIR/old.yaml --out DIR/other");
        assertThat(fromFile.code()).as(fromFile.err()).isZero();
        assertThat(fromFile.err()).contains("data-dir is not used: the data are glyphs");
    }

    @Test
    void columnsWithACommaCanBeNamed() {
        Path table =
                Tables.write(
                        folder,
                        "comma.csv",
                        "\"weight, kg\",id,\"code, 1\",y\n"
                                + IntStream.range(0, 30)
                                        .mapToObj(
                                                i -> i + "," + i + "," + i % 3 + "," + i % 2 + "\n")
                                        .collect(Collectors.joining()));
        CommandRun trained =
                IrisRun.train(
                        table,
                        folder.resolve("run"),
                        "--target",
                        "y",
                        "--drop",
                        "id",
                        "--drop",
                        "\"weight, kg\"",
                        "--text",
                        "\"code, 1\"",
                        "--epochs",
                        "1");
        assertThat(trained.code()).as(trained.err()).isZero();
        assertThat(trained.err()).contains("test samples, 3 inputs, 2 classes");
        assertThat(RunConfigurations.load(folder + "/run/config.yaml", List.of()).table().drop())
                .containsExactly("id", "weight, kg");
    }

    @Test
    void anArgumentThatBeginsWithAnAtIsNoFileOfArguments() {
        Path table =
                Tables.write(
                        folder,
                        "at.csv",
                        "a,@b\n"
                                + IntStream.range(0, 20)
                                        .mapToObj(i -> i + "," + "pq".charAt(i % 2) + "\n")
                                        .collect(Collectors.joining()));
        CommandRun run =
                CommandRun.of(
                        "train",
                        "--data",
                        "csv:" + table,
                        "--target",
                        "@b",
                        "--method",
                        "bp",
                        "--epochs",
                        "1",
                        "--out",
                        folder + "/run");
        assertThat(run.code()).as(run.err()).isZero();
    }

    @Test
    void classesWithOddNamesAreToldInOneLineAndPredictedWhole() throws IOException {
        String longName = "z".repeat(3000);
        Path table =
                Tables.write(
                        folder,
                        "odd.csv",
                        "a,y\n"
                                + IntStream.range(0, 30)
                                        .mapToObj(
                                                i ->
                                                        i % 3
                                                                + ","
                                                                + List.of(
                                                                                "\"l1\nl2\"",
                                                                                "\"a, \"\"b\"\"\"",
                                                                                longName)
                                                                        .get(i % 3)
                                                                + "\n")
                                        .collect(Collectors.joining()));
        CommandRun trained = IrisRun.train(table, folder.resolve("run"), "--target", "y");
        assertThat(trained.code()).as(trained.err()).isZero();
        assertThat(trained.err().lines())
                .contains(
                        "odd: 24 training, 3 validation and 3 test samples, 1 inputs, 3 classes (a, \"b\", l1 l2, "
                                + "z".repeat(40)
                                + "...)");
        CommandRun predicted = run("predict DIR/run DIR/odd.csv");
        assertThat(predicted.out())
                .startsWith("prediction,\"score a, \"\"b\"\"\",\"score l1\nl2\",score zzz")
                .contains(longName + ",0.");
    }

    @Test
    void predictionsKeepTheDigitsOfNumbersFarFromZero() throws IOException {
        Path table =
                Tables.write(
                        folder,
                        "far.csv",
                        "a,y\n"
                                + IntStream.range(0, 60)
                                        .mapToObj(
                                                i -> i % 7 + "," + (1_700_000_000L + i % 7) + "\n")
                                        .collect(Collectors.joining()));
        CommandRun trained =
                IrisRun.train(
                        table,
                        folder.resolve("run"),
                        "--target",
                        "y",
                        "--task",
                        "regression",
                        "--epochs",
                        "60");
        assertThat(trained.code()).as(trained.err()).isZero();
        List<String> lines = run("predict DIR/run DIR/far.csv").out().lines().toList();
        for (int i = 0; i < 7; i++) {
            assertThat(Double.parseDouble(lines.get(i + 1)) - 1_700_000_000L)
                    .isBetween(i - 0.7, i + 0.7);
        }
        Files.writeString(folder.resolve("outlier.csv"), "a\n3\n1e30\n");
        assertRefused(
                run("predict DIR/run DIR/outlier.csv"),
                1,
                "outlier.csv: line 3, column 'a': expected a number like those that run",
                "found '1e30'");
        Files.writeString(folder.resolve("none.csv"), "a\n3\nnone\n");
        assertRefused(run("predict DIR/run DIR/none.csv"), 1, "line 3", "--missing mean");
        assertThat(run("predict DIR/run DIR/none.csv --missing mean").out().lines()).hasSize(3);
    }

    @Test
    void adviceAgainstNonsensicalRatesNamesSensibleOnes() {
        CommandRun run =
                run(
                        "train --method bp --limit 100 --hidden 6 --epochs 1 --out DIR/run --set forward.learning-rate=1e300");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.errorLines())
                .singleElement()
                .asString()
                .contains("--set forward.learning-rate=[0.1]");
    }

    @Test
    void divergenceBeforeTheFirstEpochIsSaidToBeInPretraining() {
        CommandRun run =
                run(
                        "train --limit 100 --hidden 6 --epochs 1 --out DIR/run --set feedback.weight-decay=1e300");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.errorLines())
                .singleElement()
                .asString()
                .contains("diverged in feedback pre-training, minibatch 1: ");
    }

    @Test
    void damagedFilesOfARunAreNamedInPlainWords() throws IOException {
        IrisRun iris = IrisRun.train(folder, 1);
        Path config = iris.folder().resolve("config.yaml");
        String text = Files.readString(config);
        Files.writeString(config, text.replace("epochs: 1\n", "epochs: -1\n"));
        for (String line : List.of("eval DIR/run", "train --resume DIR/run --epochs 2")) {
            assertRefused(run(line), 2, "epochs: must be a whole number", "(in " + config + ")");
        }
        Files.writeString(config, text + "seed: 2\n");
        assertRefused(run("eval DIR/run"), 1, config + ": line ", "\"seed\" appears twice");
        Files.writeString(config, text);
        Path metrics = iris.folder().resolve("metrics.jsonl");
        Files.writeString(metrics, "garbage\n");
        assertRefused(
                run("train --resume DIR/run --epochs 2"),
                1,
                "line 1 is no JSON of an epoch; put the file back");
        Files.writeString(iris.folder().resolve("data.json"), "[1, 2");
        CommandRun evaluated = run("eval DIR/run");
        assertRefused(evaluated, 1, "data.json: is no JSON: Unexpected end-of-input");
        assertThat(evaluated.err()).doesNotContain("REDACTED", "StreamReadFeature");
    }

    @Test
    void aNumberWithASignIsNamedInPredictionsToo() {
        IrisRun.train(folder, 1);
        Tables.write(
                folder,
                "percent.csv",
                "sepal_length,sepal_width,petal_length,petal_width\n5,3,1,20%\n");
        assertRefused(
                run("predict DIR/run DIR/percent.csv"),
                1,
                "line 2, column 'petal_width': expected a number, found '20%', which has a percent sign");
    }
}
