package io.dfc.algorithms.data.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.IdxFiles;
import io.dfc.algorithms.data.TargetEncoding;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;
import io.dfc.api.tensor.Rows;

import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class CsvFileTest {
    private static final CsvOptions CLASSES =
            new CsvOptions(Optional.of("y"), CsvTask.CLASSIFICATION);
    private static final CsvOptions NUMBERS = new CsvOptions(Optional.of("y"), CsvTask.REGRESSION);

    @TempDir private Path folder;

    @Test
    void eightyTenTenOfTheRowsAreForTrainingValidationAndTest() {
        DataSplits data = CsvFile.load(table(57), CLASSES, true, Optional.empty());
        assertThat(data.train().size()).isEqualTo(47);
        assertThat(data.validation().size()).isEqualTo(5);
        assertThat(data.test().size()).isEqualTo(5);
    }

    @Test
    void withoutValidationTheTestRowsStayTheSame() {
        DataSplits with = CsvFile.load(table(50), NUMBERS, true, Optional.empty());
        DataSplits without = CsvFile.load(table(50), NUMBERS, false, Optional.empty());
        assertThat(without.train().size()).isEqualTo(45);
        assertThat(without.validation().size()).isZero();
        assertThat(targets(without, without.test())).containsExactly(targets(with, with.test()));
    }

    @Test
    void everyRowIsInExactlyOnePartAndTheirOrderIsNotThatOfTheFile() {
        DataSplits data = CsvFile.load(table(40), NUMBERS, true, Optional.empty());
        double[] all =
                IntStream.of(0, 1, 2)
                        .boxed()
                        .flatMapToDouble(
                                i ->
                                        Arrays.stream(
                                                targets(
                                                        data,
                                                        i == 0
                                                                ? data.train()
                                                                : i == 1
                                                                        ? data.validation()
                                                                        : data.test())))
                        .toArray();
        assertThat(all).isNotEqualTo(IntStream.range(0, 40).asDoubleStream().toArray());
        assertThat(all)
                .containsExactlyInAnyOrder(IntStream.range(0, 40).asDoubleStream().toArray());
    }

    @Test
    void theSplitIsTheSameEveryTime() {
        assertThat(CsvFile.load(table(50), NUMBERS, true, Optional.empty()).fingerprint())
                .isEqualTo(CsvFile.load(table(50), NUMBERS, true, Optional.empty()).fingerprint());
    }

    @Test
    void featuresAreStandardisedByTheTrainingRowsAlone() {
        DataSet train = CsvFile.load(table(50), NUMBERS, true, Optional.empty()).train();
        double[] x = new double[2 * train.size()];
        train.copyInputs(
                IntStream.range(0, train.size()).toArray(),
                0,
                train.size(),
                Rows.of(x, train.inputSize()));
        double mean = 0;
        double power = 0;
        for (int i = 0; i < train.size(); i++) {
            mean += x[2 * i] / train.size();
            power += x[2 * i] * x[2 * i] / train.size();
        }
        assertThat(mean).isCloseTo(0, within(1e-12));
        assertThat(power).isCloseTo(1, within(1e-12));
    }

    @Test
    void aConstantFeatureBecomesZero() {
        DataSet train = CsvFile.load(table(50), NUMBERS, true, Optional.empty()).train();
        double[] x = new double[2];
        train.copyInputs(new int[] {3}, 0, 1, Rows.of(x, train.inputSize()));
        assertThat(x[1]).isZero();
    }

    @Test
    void classesThatAreWholeNumbersAreOrderedByValue() {
        Path file = write(rows("x,y", 20, i -> i + "," + (i % 2 == 0 ? "10" : "9")));
        DataSplits data = CsvFile.load(file, CLASSES, true, Optional.empty());
        assertThat(data.train().outputSize()).isEqualTo(2);
        assertThat(data.encoding().orElseThrow().targets())
                .isEqualTo(new TargetEncoding.Classes(List.of("9", "10")));
    }

    @Test
    void quotedCellsSpacesAndAByteOrderMarkAreUnderstood() {
        Path file =
                write(
                        rows(
                                "\uFEFFy, \"x, 1\" ",
                                12,
                                i -> "\"a, \"\"b\"\" " + i % 2 + "\", " + i + ".5"));
        assertThat(CsvFile.load(file, CLASSES, true, Optional.empty()).train().outputSize())
                .isEqualTo(2);
    }

    @Test
    void aRaggedRowIsReportedWithItsLine() {
        assertBad(CLASSES, "a,b,y\n1,2,p\n3,q\n")
                .hasMessageEndingWith("line 3: expected 3 cells as in the header, found 2");
    }

    @Test
    void linesAreCountedInTheFileAlsoPastCellsOfSeveralLines() {
        assertBad(CLASSES, "a,y\r\n1,\"p\r\nq\"\r\n\r\nx,r")
                .hasMessageContaining("line 5, column 'a': expected a number");
    }

    @Test
    void textInAFeatureIsReportedWithLineAndColumn() {
        assertBad(CLASSES, "a,b,y\n1,2,p\n3,four,q\n")
                .hasMessageEndingWith("line 3, column 'b': expected a number, found 'four'");
    }

    @Test
    void anEmptyCellIsReported() {
        assertBad(CLASSES, "a,b,y\n1,,p\n2,3,q\n")
                .hasMessageEndingWith(
                        "line 2, column 'b': expected a number, found ''; 1 cell is missing: leave such rows out with"
                                + " --missing drop, or fill them with --missing mean");
        assertBad(CLASSES, "a,y\n1, \n2,q\n3,q\n4,q\n5,q\n6,q\n7,q\n8,q\n9,q\n10,q\n")
                .hasMessageContaining("line 2, column 'y': expected the name of a class, found ''");
    }

    @Test
    void numbersThatAreNotFiniteAreReported() {
        for (String number : new String[] {"inf", "Infinity", "-Infinity", "1e999"}) {
            assertBad(CLASSES, "a,y\n1,p\n" + number + ",q\n")
                    .hasMessageEndingWith(
                            "line 3, column 'a': expected a finite number, found '" + number + "'");
        }
    }

    @Test
    void aTargetThatIsNotANumberIsReportedInARegression() {
        assertBad(NUMBERS, rows("a,y", 12, i -> i + "," + (i == 7 ? "high" : "1")))
                .hasMessageEndingWith("line 9, column 'y': expected a number, found 'high'");
    }

    @Test
    void featuresWhoseSpreadOverflowsAreRefused() {
        assertBad(NUMBERS, rows("y,a,b", 12, i -> i + ",2," + (i % 2 == 0 ? "1e308" : "-1e308")))
                .hasMessageContaining(
                        "column 'b': numbers too far apart to standardise in float64; ");
    }

    @Test
    void aMissingTargetColumnListsTheColumns() {
        assertBad(CLASSES, "a,b,c\n1,2,3\n")
                .hasMessageEndingWith("line 1: no target column 'y'; the columns are a, b, c");
    }

    @Test
    void aTargetColumnHasToBeChosen() {
        assertThatThrownBy(
                        () -> CsvFile.load(table(20), CsvOptions.DEFAULT, true, Optional.empty()))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("table.csv");
    }

    @Test
    void aColumnNameThatAppearsTwiceIsRefused() {
        assertBad(CLASSES, "a,a,y\n1,2,p\n")
                .hasMessageEndingWith("line 1: the column 'a' appears twice; rename one of them");
    }

    @Test
    void filesWithoutDataAreRefused() {
        assertBad(CLASSES, "").hasMessageContaining("found no data");
        assertBad(CLASSES, "a,y\n").hasMessageContaining("found no data");
        assertBad(CLASSES, "y\np\n")
                .hasMessageContaining("expected columns besides the target 'y'");
        assertBad(CLASSES, "a,y\n1,p\n2,q\n")
                .hasMessageContaining("expected at least 10 rows of data to split, found 2");
    }

    @Test
    void oneClassAloneIsRefused() {
        assertBad(CLASSES, rows("a,y", 12, i -> i + ",p")).hasMessageContaining("found only 'p'");
    }

    @Test
    void aQuoteThatIsNotClosedIsReported() {
        assertBad(CLASSES, "a,y\n1,p\n2,\"q\n3,r\n")
                .hasMessageContaining("line 3: a quote is opened and not closed");
        assertBad(CLASSES, "a,y\n1,p\n2,\"" + "q".repeat(RowLimitReader.MAX_ROW + 10_000))
                .hasMessageContaining("a row of more than 16777216 characters");
    }

    @Test
    void bytesThatAreNotUtf8AreReported() throws IOException {
        Path file =
                Files.write(
                        folder.resolve("latin.csv"),
                        "a,y\n1,caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> CsvFile.load(file, CLASSES, true, Optional.empty()))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("expected UTF-8 text");
    }

    @Test
    void aMissingFileAndAFolderAreRefused() {
        assertThatThrownBy(
                        () ->
                                CsvFile.load(
                                        folder.resolve("none.csv"),
                                        CLASSES,
                                        true,
                                        Optional.empty()))
                .isInstanceOf(StorageException.class)
                .hasMessage(folder.resolve("none.csv") + ": no such file or folder");
        assertThatThrownBy(() -> CsvFile.load(folder, CLASSES, true, Optional.empty()))
                .isInstanceOf(StorageException.class);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertBad(
            CsvOptions options, String text) {
        Path file = write(text);
        return assertThatThrownBy(() -> CsvFile.load(file, options, true, Optional.empty()))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("table.csv: ")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    /** Rows with a feature that grows, a constant one, and the row number as the target. */
    private Path table(int rows) {
        return write(
                rows("a,c,y", rows, i -> String.format(Locale.ROOT, "%.3f,5,%d", Math.sqrt(i), i)));
    }

    private static String rows(String header, int count, IntFunction<String> row) {
        return header
                + "\n"
                + IntStream.range(0, count).mapToObj(row).collect(Collectors.joining("\n"));
    }

    private Path write(String text) {
        return IdxFiles.write(folder, "table.csv", text.getBytes(StandardCharsets.UTF_8));
    }

    /** Targets as they stand in the file. */
    private static double[] targets(DataSplits data, DataSet set) {
        TargetEncoding.Scale scale = (TargetEncoding.Scale) data.encoding().orElseThrow().targets();
        double[] y = new double[set.size()];
        set.copyTargets(
                IntStream.range(0, y.length).toArray(), 0, y.length, Rows.of(y, set.outputSize()));
        return Arrays.stream(y).map(t -> Math.rint(scale.decode(t))).toArray();
    }
}
