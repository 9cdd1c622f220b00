package io.dfc.algorithms.data.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.FittedEncoding;
import io.dfc.algorithms.data.IdxFiles;
import io.dfc.algorithms.data.MissingPolicy;
import io.dfc.algorithms.data.TargetEncoding;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.BadDataException;
import io.dfc.api.tensor.Rows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What becomes of columns: text, missing cells, targets of both kinds; and how rows are split. */
class TableFitTest {
    private static final CsvOptions OPTIONS = new CsvOptions(Optional.of("y"), CsvTask.AUTO);

    @TempDir private Path folder;

    private Path write(String name, String header, int rows, IntFunction<String> row) {
        String text =
                header
                        + "\n"
                        + IntStream.range(0, rows).mapToObj(row).collect(Collectors.joining("\n"));
        return IdxFiles.write(folder, name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static DataSplits load(Path file, CsvOptions options) {
        return CsvFile.load(file, options, true, Optional.empty());
    }

    private static double[] inputs(DataSet set) {
        double[] x = new double[set.size() * set.inputSize()];
        set.copyInputs(
                IntStream.range(0, set.size()).toArray(),
                0,
                set.size(),
                Rows.of(x, set.inputSize()));
        return x;
    }

    @Test
    void everyClassHasItsShareOfEveryPart() {
        Path sorted = write("t.csv", "a,y", 150, i -> i + "," + i / 50);
        DataSplits data = load(sorted, OPTIONS);
        for (DataSet part : List.of(data.train(), data.validation(), data.test())) {
            int[] counts = new int[3];
            for (int i = 0; i < part.size(); i++) {
                counts[part.label(i)]++;
            }
            assertThat(counts).containsOnly(part.size() / 3);
        }
        assertThat(data.test().size()).isEqualTo(15);
    }

    @Test
    void aClassOfOneRowOnlyTrains() {
        Path file = write("t.csv", "a,y", 60, i -> i + "," + (i == 59 ? "rare" : i % 2));
        DataSplits data = load(file, OPTIONS);
        int rare = data.train().outputSize() - 1;
        assertThat(IntStream.range(0, data.train().size()).map(data.train()::label)).contains(rare);
        for (DataSet part : List.of(data.validation(), data.test())) {
            assertThat(IntStream.range(0, part.size()).map(part::label)).doesNotContain(rare);
        }
    }

    @Test
    void textBecomesOneInputForEachValue() {
        Path file =
                write("t.csv", "a,port,y", 30, i -> i + "," + "SCQ".charAt(i % 3) + "," + i % 2);
        DataSplits data = load(file, OPTIONS);
        assertThat(data.train().inputSize()).isEqualTo(4);
        assertThat(data.notes()).contains("text with one input for each value: port");
        double[] x = inputs(data.train());
        for (int i = 0; i < data.train().size(); i++) {
            assertThat(new double[] {x[4 * i + 1], x[4 * i + 2], x[4 * i + 3]})
                    .containsExactlyInAnyOrder(0, 0, 1);
        }
    }

    @Test
    void numbersAreTakenAsTextWhenAskedFor() {
        Path file = write("t.csv", "k,y", 30, i -> i % 3 + "," + i % 2);
        CsvOptions options = OPTIONS.withColumns(List.of(), List.of("k"));
        assertThat(load(file, OPTIONS).train().inputSize()).isEqualTo(1);
        assertThat(load(file, options).train().inputSize()).isEqualTo(3);
    }

    @Test
    void numbersTakenAsTextMayBeTooManyToo() {
        Path file = write("t.csv", "k,y", 300, i -> i + "," + i % 2);
        assertThatThrownBy(() -> load(file, OPTIONS.withColumns(List.of(), List.of("k"))))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("the text column k has more than 50 different values");
    }

    @Test
    void textWithManyValuesIsRefusedWithTheOptionThatDropsIt() {
        Path file =
                write(
                        "t.csv",
                        "name,a,full ticket,y",
                        300,
                        i -> "n" + i + "," + i + ",t" + i + "," + i % 2);
        assertThatThrownBy(() -> load(file, OPTIONS))
                .isInstanceOf(BadDataException.class)
                .hasMessageEndingWith(
                        "the text columns name, full ticket have more than 50 different values, the most that become"
                                + " inputs; leave them out with --drop 'name,full ticket'");
        CsvOptions dropped = OPTIONS.withColumns(List.of("name", "full ticket"), List.of());
        assertThat(load(file, dropped).train().inputSize()).isEqualTo(1);
    }

    @Test
    void aDroppedColumnHasToBeThere() {
        Path file = write("t.csv", "a,y", 12, i -> i + "," + i % 2);
        assertThatThrownBy(() -> load(file, OPTIONS.withColumns(List.of("b"), List.of())))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("no column 'b'")
                .hasMessageEndingWith("the columns are a, y");
    }

    private Path gappy() {
        return write(
                "gappy.csv",
                "a,b,port,y",
                40,
                i ->
                        (i % 10 == 3 ? "?" : i)
                                + ","
                                + (i % 10 == 4 ? "NA" : -i)
                                + ","
                                + (i % 10 == 5 ? "" : i % 4 == 0 ? "C" : "S")
                                + ","
                                + (i == 6 ? "" : i % 2 == 0 ? "no" : "yes"));
    }

    @Test
    void missingCellsAreRefusedUnlessSomethingIsToBeDone() {
        Path file = gappy();
        assertThatThrownBy(() -> load(file, OPTIONS))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("line 5, column 'a': expected a number, found '?'")
                .hasMessageContaining("13 cells are missing")
                .hasMessageContaining("--missing drop")
                .hasMessageContaining("--missing mean");
    }

    @Test
    void rowsWithMissingCellsCanBeLeftOut() {
        DataSplits data = load(gappy(), OPTIONS.withMissing(MissingPolicy.DROP));
        assertThat(data.train().size() + data.validation().size() + data.test().size())
                .isEqualTo(27);
        assertThat(data.notes()).contains("13 of 40 rows have missing cells and are left out");
    }

    @Test
    void missingCellsCanTakeTheMeanOrTheMostFrequentText() {
        DataSplits data = load(gappy(), OPTIONS.withMissing(MissingPolicy.MEAN));
        assertThat(data.train().size() + data.validation().size() + data.test().size())
                .as("all but the row without a target")
                .isEqualTo(39);
        double[] x = inputs(data.train());
        int filled = 0;
        for (int i = 0; i < data.train().size(); i++) {
            filled += x[4 * i] == 0 ? 1 : 0;
            assertThat(x[4 * i + 2] + x[4 * i + 3]).isEqualTo(1);
        }
        assertThat(filled).isBetween(1, 4);
    }

    @Test
    void aNumericTargetWithManyValuesIsAskedAbout() {
        Path file = write("t.csv", "a,y", 60, i -> i + "," + 1000 * i);
        assertThatThrownBy(() -> load(file, OPTIONS))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("the target 'y'")
                .hasMessageContaining("60 different numbers")
                .hasMessageContaining("--task regression")
                .hasMessageContaining("--task classification");
        Path fractions = write("u.csv", "a,y", 60, i -> i + "," + i % 3 + ".5");
        assertThatThrownBy(() -> load(fractions, OPTIONS))
                .hasMessageContaining("3 different numbers");
        Path names = write("v.csv", "a,y", 60, i -> i + ",n" + i);
        assertThatThrownBy(() -> load(names, OPTIONS))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("60 classes in 60 rows");
    }

    @Test
    void regressionTargetsAreStandardisedAndLossesAreInTheirOwnUnit() {
        Path file = write("t.csv", "a,y", 50, i -> i + "," + 1e5 * i);
        DataSplits data = load(file, new CsvOptions(Optional.of("y"), CsvTask.REGRESSION));
        double[] y = new double[data.train().size()];
        data.train()
                .copyTargets(
                        IntStream.range(0, y.length).toArray(),
                        0,
                        y.length,
                        Rows.of(y, data.train().outputSize()));
        double power = 0;
        for (double t : y) {
            power += t * t / y.length;
        }
        TargetEncoding.Scale scale = (TargetEncoding.Scale) data.encoding().orElseThrow().targets();
        assertThat(power).isCloseTo(1, org.assertj.core.api.Assertions.within(1e-9));
        assertThat(scale.decode(y[0]) / 1e5 % 1)
                .isCloseTo(0, org.assertj.core.api.Assertions.within(1e-9));
        assertThat(data.test().lossFactor()).isEqualTo(scale.deviation() * scale.deviation());
    }

    @Test
    void aTableIsReadAgainWithItsColumnsInAnyOrder() {
        Path file =
                write(
                        "t.csv",
                        "a,port,b,y",
                        40,
                        i -> i + "," + "SC".charAt(i % 2) + "," + i * i + ",k" + i % 3);
        Path swapped =
                write(
                        "u.csv",
                        "y,b,more,a,port",
                        40,
                        i -> "k" + i % 3 + "," + i * i + ",7," + i + "," + "SC".charAt(i % 2));
        DataSplits data = load(file, OPTIONS);
        FittedEncoding fitted = new FittedEncoding(data.encoding().orElseThrow(), "run r");
        DataSplits again = CsvFile.load(swapped, OPTIONS, true, Optional.of(fitted));
        assertThat(again.fingerprint()).isEqualTo(data.fingerprint());
        assertThat(CsvFile.all(swapped, OPTIONS, fitted).size()).isEqualTo(40);
    }

    @Test
    void whatDoesNotFitIsNamedWithFileAndRun() {
        DataSplits data =
                load(write("t.csv", "a,p,y", 20, i -> i + ",s" + i % 2 + ",k" + i % 2), OPTIONS);
        FittedEncoding fitted = new FittedEncoding(data.encoding().orElseThrow(), "run runs/r");
        assertForeign(
                fitted, "a,q,y", "1,s0,k0", "u.csv: line 1: lacks the column p", "run runs/r");
        assertForeign(fitted, "a,p,z", "1,s0,k0", "lacks the target column 'y' of run runs/r");
        assertForeign(
                fitted,
                "a,p,y",
                "1,s0,k7",
                "u.csv: line 2, column 'y': expected one of the classes k0, k1 of run runs/r, found 'k7'");
        assertForeign(
                fitted,
                "a,p,y",
                "1,s7,k0",
                "line 2, column 'p': expected one of s0, s1, which run runs/r learnt from, found 's7'");
        assertForeign(
                fitted, "a,p,y", "x,s0,k0", "line 2, column 'a': expected a number, found 'x'");
    }

    private void assertForeign(FittedEncoding fitted, String header, String row, String... words) {
        Path file = write("u.csv", header, 1, _ -> row);
        assertThatThrownBy(() -> CsvFile.all(file, OPTIONS, fitted))
                .isInstanceOf(BadDataException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(words));
    }
}
