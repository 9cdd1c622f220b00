package io.dfc.algorithms.data.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.IdxFiles;
import io.dfc.algorithms.data.MissingPolicy;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.DfcException;
import io.dfc.api.tensor.Rows;

import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Tables as people have them: read rightly, or answered with what is wrong and what would do. */
class OddTableTest {
    private static final CsvOptions CLASSES = new CsvOptions(Optional.of("y"), CsvTask.AUTO);
    private static final CsvOptions NUMBERS = new CsvOptions(Optional.of("y"), CsvTask.REGRESSION);
    private static final CsvOptions MEAN = CLASSES.withMissing(MissingPolicy.MEAN);
    private static final int ROWS = 30;

    @TempDir private Path folder;

    private DataSplits load(CsvOptions options, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return CsvFile.load(
                IdxFiles.write(folder, "table.csv", bytes), options, true, Optional.empty());
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertBad(
            CsvOptions options, String text) {
        return assertThatThrownBy(() -> load(options, text)).isInstanceOf(DfcException.class);
    }

    /** Rows of a first column, a number and one of two classes. */
    private static String table(String separator, IntFunction<String> first) {
        return "a@b@y\n".replace("@", separator) + rows(separator, first);
    }

    private static String rows(String separator, IntFunction<String> first) {
        return IntStream.range(0, ROWS)
                .mapToObj(i -> first.apply(i) + "@" + i * i % 17 + "@" + "pq".charAt(i % 2) + "\n")
                .collect(Collectors.joining())
                .replace("@", separator);
    }

    private static String targets(IntFunction<String> target) {
        return "a,y\n"
                + IntStream.range(0, ROWS)
                        .mapToObj(i -> i % 7 + "," + target.apply(i) + "\n")
                        .collect(Collectors.joining());
    }

    private void assertSame(String table, String plain) {
        assertThat(load(CLASSES, table).fingerprint())
                .isEqualTo(load(CLASSES, plain).fingerprint());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "; | 1,234,5## | 12345##",
                "; | 1,2##.5 | 12##.5",
                "; | 1.2##,5 | 12##.5",
                ", | \"1,234,5##\" | 12345##",
                ", | \"1,2##.5\" | 12##.5",
            })
    void thousandsAreReadWhereTheyCanBeNothingElse(String separator, String cell, String plain) {
        String grouped = table(separator, i -> cell.replace("##", "" + (10 + i)));
        assertSame(grouped, table(";", i -> plain.replace("##", "" + (10 + i))));
    }

    @Test
    void numbersFurtherDownDecideWhatAMarkIs() {
        String head = "1.2#;0,5;p\n";
        String rows = rows(";", i -> "1.2" + (10 + i));
        String plain = rows(";", i -> "12" + (10 + i));
        assertSame("a;b;y\n" + rows + head.replace("#", "00"), "a;b;y\n" + plain + "1200;0.5;p\n");
        assertSame(
                "a;b;y\n" + rows(";", i -> "1,2" + (10 + i)) + "1200;0.5;p\n",
                "a;b;y\n" + plain + "1200;0.5;p\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {";", "\t", ","})
    void aCommaThatMayBeEitherIsAskedAbout(String separator) {
        String cell = separator.equals(",") ? "\"1,2##\"" : "1,2##";
        String table = table(separator, i -> cell.replace("##", "" + (10 + i)));
        assertBad(CLASSES, table)
                .hasMessageContaining("line 2, column 'a': expected a number, found '1,210'")
                .hasMessageContaining("--decimal");
        CsvOptions point = CLASSES.withForm(Optional.empty(), Optional.of('.'), Optional.empty());
        assertThat(load(point, table).fingerprint())
                .isEqualTo(load(CLASSES, table(";", i -> "12" + (10 + i))).fingerprint());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "## % | a percent sign",
                "##% | a percent sign",
                "$##.50 | a currency",
                "##.50 \u20ac | a currency",
                "USD ## | a currency",
                "1'0## | signs between thousands",
                "1 0## | signs between thousands",
                "1\u00a00## | signs between thousands",
                "\u2212## | a typographic minus",
                "##- | a minus behind it",
                "(##) | parentheses for a minus",
            })
    void numbersWithSignsAreNamedAndNotTakenAsText(String cell, String sign) {
        String table = table(";", i -> cell.replace("##", "" + (10 + i)));
        assertBad(CLASSES, table)
                .hasMessageContaining("line 2, column 'a': expected a plain number, found '")
                .hasMessageContaining("which has " + sign)
                .hasMessageContaining("--text a or leave it out with --drop a");
        assertThat(load(CLASSES.withColumns(List.of(), List.of("a")), table).train().inputSize())
                .isEqualTo(ROWS + 1);
        assertBad(NUMBERS, targets(i -> "\"" + cell.replace("##", "" + (10 + i)) + "\""))
                .hasMessageContaining("column 'y': expected a plain number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"A##", "##A", "v1.##", "## Main Street", "2##th"})
    void textWithDigitsStaysText(String cell) {
        assertThat(load(CLASSES, table(",", i -> cell.replace("##", "" + i % 3))).notes())
                .contains("text with one input for each value: a");
    }

    @Test
    void datesAreSaidNotToBeRead() {
        String table =
                "a,y\n"
                        + IntStream.range(0, 90)
                                .mapToObj(
                                        i ->
                                                "2024-%02d-%02d,%s\n"
                                                        .formatted(
                                                                1 + i % 12,
                                                                1 + i / 4,
                                                                "pq".charAt(i % 2)))
                                .collect(Collectors.joining());
        assertBad(CLASSES, table)
                .hasMessageContaining("leave it out with --drop a; dates and times become numbers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "--", ".", "none", "None", "missing", "#VALUE!"})
    void wordsForNothingAmongNumbersAreMissingCells(String word) {
        String table = table(",", i -> i % 10 == 3 ? word : "" + i);
        assertBad(CLASSES, table)
                .hasMessageContaining("line 5, column 'a': expected a number, found '" + word)
                .hasMessageContaining("3 cells are missing")
                .hasMessageContaining("--missing mean");
        assertThat(load(MEAN, table).fingerprint())
                .isEqualTo(load(MEAN, table.replace(word + ",", ",")).fingerprint());
    }

    @Test
    void wordsForNothingAmongTextsAreTexts() {
        assertThat(load(CLASSES, table(",", i -> i % 3 == 0 ? "none" : "dog")).train().inputSize())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a,b\\0,y | line 1: expected text, found the control character 0x00; if it is UTF-32",
                "a,b,y\\n1\\0,2,p | line 2, column 'a': expected text, found the control character 0x00",
                "a,b,y\\n1,2,p\\e[31m | line 2, column 'y': expected text, found the control character 0x1b",
            })
    void controlCharactersAreNamed(String text, String problem) {
        String table = text.replace("\\0", "\0").replace("\\n", "\n").replace("\\e", "\u001b");
        assertBad(CLASSES, table + "\n" + rows(",", i -> "" + i)).hasMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "My table\\na,b,y | no target column 'y'; the columns are My table; it stands in line 2",
                "A,B,Y | did you mean 'Y'?",
                "a b y | name the separator with --separator",
                "<html>,b,c | is this HTML or XML and no CSV?",
                "[1,b,c | is this JSON and no CSV?",
                "a,b,b,y | the column 'b' appears twice; rename one of them",
            })
    void aHeaderThatIsNoneSaysWhereItMayBe(String header, String hint) {
        assertBad(CLASSES, header.replace("\\n", "\n") + "\n" + rows(",", i -> "" + i))
                .hasMessageContaining("line 1: ")
                .hasMessageContaining(hint);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1,2,p, | line 2: expected 3 cells as in the header, found 4; the row ends with a separator",
                "1,1,2,p | line 2: expected 3 cells as in the header, found 4; has the header no name for the first column",
                "1,p | line 2: expected 3 cells as in the header, found 2",
                "\"1\"x,2,p | line 2: a quote closes in the middle of a cell",
                "1,\"2,p | line 2: a quote is opened and not closed",
            })
    void aRowThatDoesNotFitIsNamedWithALikelyCause(String row, String problem) {
        assertBad(CLASSES, "a,b,y\n" + row + "\n" + rows(",", i -> "" + i))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining(problem)
                .hasMessageNotContaining("token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "  \n \n", "\uFEFF", "\n  \n\n"})
    void blankLinesAloneAreNoData(String text) {
        assertBad(CLASSES, text).hasMessageContaining("expected a header row");
    }

    @Test
    void blankLinesBeforeTheHeaderDoNoHarm() {
        assertSame("\n  \n" + table(",", i -> "" + i), table(",", i -> "" + i));
    }

    @Test
    void theSameNumberInTwoWritingsIsNotTwoClasses() {
        String table = targets(i -> List.of("0", "1", "1.0").get(i % 3));
        assertBad(CLASSES, table)
                .hasMessageContaining("the classes '1' and '1.0' of the target column 'y'")
                .hasMessageContaining("--text y");
        DataSplits asText = load(CLASSES.withColumns(List.of(), List.of("y")), table);
        assertThat(asText.train().outputSize()).isEqualTo(3);
    }

    @Test
    void classesAreThoseOfTheRowsThatAreUsed() {
        String table = table(",", i -> i % 2 == 0 ? "" : "" + i);
        assertBad(CLASSES.withMissing(MissingPolicy.DROP), table)
                .hasMessageContaining("expected at least 2 classes")
                .hasMessageContaining("found only 'q' in the 15 rows that have no missing cells");
    }

    @Test
    void whatAClassLacksIsSaid() {
        assertThat(load(CLASSES, targets(i -> i == 4 ? "r" : i % 2 == 0 ? "Yes" : "yes")).notes())
                .contains(
                        "classes with fewer than 3 rows are learnt and may not be tested: r",
                        "the classes Yes, yes differ in the case of letters alone, and are taken as two");
    }

    @Test
    void columnsThatAreAlwaysTheSameAreSaid() {
        assertThat(load(CLASSES, table(",", i -> "0.1")).notes())
                .contains("the same in all training rows, so of no use: a");
        assertThat(load(CLASSES, table(",", i -> "x")).notes())
                .contains("the same in all training rows, so of no use: a");
    }

    @Test
    void aConstantColumnIsNotStandardisedByItsRounding() {
        DataSplits data = load(CLASSES, table(",", i -> "0.1"));
        double[] row = new double[2];
        data.train().copyInputs(new int[] {0}, 0, 1, Rows.of(row, data.train().inputSize()));
        assertThat(row[0]).isZero();
    }

    @Test
    void aTargetThatNeverChangesIsRefused() {
        assertBad(NUMBERS, targets(i -> "0.1"))
                .hasMessageContaining("target column 'y' holds the same number")
                .hasMessageContaining("nothing to learn");
    }

    @Test
    void numbersTooSmallForTheirSquaresAreStandardisedAsWell() {
        DataSet tiny = load(CLASSES, table(",", i -> i % 5 + "e-250")).train();
        DataSet plain = load(CLASSES, table(",", i -> Integer.toString(i % 5))).train();
        double[] a = new double[2];
        double[] b = new double[2];
        for (int i = 0; i < plain.size(); i++) {
            tiny.copyInputs(new int[] {i}, 0, 1, Rows.of(a, tiny.inputSize()));
            plain.copyInputs(new int[] {i}, 0, 1, Rows.of(b, plain.inputSize()));
            assertThat(a[0]).isCloseTo(b[0], within(1e-12));
        }
        assertBad(NUMBERS, targets(i -> i + "e-200"))
                .hasMessageContaining("give them in another unit");
    }

    @Test
    void aNumberFarFromTheOthersIsRefusedInEveryPart() {
        for (int at = 0; at < ROWS; at++) {
            int outlier = at;
            assertBad(CLASSES, table(",", i -> i == outlier ? "1e200" : "" + i))
                    .hasMessageContaining("column 'a'");
            assertBad(NUMBERS, targets(i -> i == outlier ? "1e200" : "" + i))
                    .hasMessageContaining("column 'y'");
        }
    }

    @Test
    void columnsWithACommaAreSuggestedAsTheyAreToBeWritten() {
        String table = "\"a,b\",\"c,d\",y\n" + rows(",", i -> "");
        assertBad(CLASSES, table)
                .hasMessageContaining("'a,b' is empty; leave it out with --drop '\"a,b\"'");
        CsvOptions parts = CLASSES.withColumns(List.of("a", "b"), List.of());
        assertBad(parts, table).hasMessageContaining("no column 'a'");
        assertBad(parts, table).hasMessageEndingWith("; for 'a,b' write '\"a,b\"'");
        assertBad(CLASSES.withColumns(List.of("e"), List.of()), table)
                .hasMessageNotContaining("write");
        assertThat(load(CLASSES.withColumns(List.of("a,b"), List.of()), table).train().inputSize())
                .isEqualTo(1);
    }

    @Test
    void theTargetCannotBeLeftOut() {
        assertThatThrownBy(
                        () ->
                                load(
                                        CLASSES.withColumns(List.of("y"), List.of()),
                                        table(",", i -> "" + i)))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("'y' is the target column");
    }

    @Test
    void missingTargetsAreLeftOutAndNotFilled() {
        assertBad(CLASSES, targets(i -> i % 5 == 0 ? "" : "" + i % 2))
                .hasMessageContaining("--missing drop")
                .hasMessageNotContaining("--missing mean");
    }
}
