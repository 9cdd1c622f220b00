package io.dfc.algorithms.data.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.IdxFiles;
import io.dfc.algorithms.data.TargetEncoding;
import io.dfc.api.error.BadDataException;

import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Separators, decimal marks and character encodings. */
class CsvFormTest {
    private static final CsvOptions OPTIONS = new CsvOptions(Optional.of("y"), CsvTask.AUTO);

    @TempDir private Path folder;

    /** Twelve rows; {@code @} stands for the separator and {@code #} for the decimal mark. */
    private static String table(String separator, String mark) {
        StringBuilder text = new StringBuilder("a@b c@y\n");
        for (int i = 0; i < 12; i++) {
            text.append(i).append("#5@-").append(i).append("#25e1@").append(i % 2 == 0 ? "p" : "q");
            text.append('\n');
        }
        return text.toString().replace("@", separator).replace("#", mark);
    }

    private DataSplits load(byte[] bytes, CsvOptions options) {
        return CsvFile.load(
                IdxFiles.write(folder, "table.csv", bytes), options, true, Optional.empty());
    }

    private String fingerprint(String text) {
        return load(text.getBytes(StandardCharsets.UTF_8), OPTIONS).fingerprint();
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t", "|"})
    void theSeparatorIsFound(String separator) {
        assertThat(fingerprint(table(separator, "."))).isEqualTo(fingerprint(table(",", ".")));
    }

    @ParameterizedTest
    @ValueSource(strings = {";", "\t", "|"})
    void decimalCommasAreFound(String separator) {
        assertThat(fingerprint(table(separator, ","))).isEqualTo(fingerprint(table(",", ".")));
    }

    @Test
    void anySeparatorCanBeNamed() {
        CsvOptions options = OPTIONS.withForm(Optional.of(':'), Optional.of(','), Optional.empty());
        assertThat(load(table(":", ",").getBytes(StandardCharsets.UTF_8), options).fingerprint())
                .isEqualTo(fingerprint(table(",", ".")));
    }

    @Test
    void theLineWithWhichExcelNamesItsSeparatorIsPassedOver() {
        assertThat(fingerprint("sep=;\n" + table(";", ",")))
                .isEqualTo(fingerprint(table(",", ".")));
    }

    @Test
    void thousandsAreGroupedWithPointsWhereTheMarkIsAComma() {
        String grouped = table(";", ",").replace("11,5;", "1.234.567,5;");
        assertThat(fingerprint(grouped))
                .isEqualTo(fingerprint(table(";", ",").replace("11,5;", "1234567,5;")));
    }

    @Test
    void aNumberWithTheOtherMarkIsNamed() {
        assertBad(table(";", ".").replace("11.5;", "11,5;"))
                .hasMessageContaining("line 13, column 'a': expected a number, found '11,5'")
                .hasMessageContaining("--decimal");
        assertBad("a,y\n\"1,234\",p\n\"2,345\",q\n3,q\n")
                .hasMessageContaining("line 2, column 'a': expected a number, found '1,234'")
                .hasMessageContaining("--decimal");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1f", "0x1p3", "1e", "--1", ".", "1 2"})
    void whatOnlyJavaTakesForANumberIsNone(String cell) {
        assertBad(table(";", ".").replace("11.5;", cell + ";"))
                .hasMessageContaining("line 13, column 'a': expected a number, found '" + cell);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE"})
    void utf16IsRead(String charset) {
        assertThat(load(table(",", ".").getBytes(Charset.forName(charset)), OPTIONS).fingerprint())
                .isEqualTo(fingerprint(table(",", ".")));
    }

    @Test
    void gzipIsReadWhateverItsName() {
        byte[] packed = IdxFiles.gzip(table(",", ".").getBytes(StandardCharsets.UTF_8));
        assertThat(load(packed, OPTIONS).fingerprint()).isEqualTo(fingerprint(table(",", ".")));
        assertThatThrownBy(() -> load(Arrays.copyOf(packed, 60), OPTIONS))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("damaged or truncated gzip");
    }

    @Test
    void latin1IsNamedWithLineAndColumnAndReadWhenAskedFor() {
        String text = table(",", ".").replace("p\n", "f\u00fcnf\n");
        byte[] latin = text.getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> load(latin, OPTIONS))
                .isInstanceOf(BadDataException.class)
                .hasMessageEndingWith(
                        "table.csv: line 2, column 'y': expected UTF-8 text, found the byte 0xfc; if it is Latin-1, say so"
                                + " with --encoding latin1");
        CsvOptions named =
                OPTIONS.withForm(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(StandardCharsets.ISO_8859_1));
        assertThat(load(latin, named).encoding().orElseThrow().targets())
                .isEqualTo(new TargetEncoding.Classes(java.util.List.of("f\u00fcnf", "q")));
    }

    @Test
    void theFirstBadByteIsFoundFarIntoAFile() {
        StringBuilder text = new StringBuilder("a,y\n");
        for (int i = 0; i < 20_000; i++) {
            text.append(i).append(",\"p, \u00e4\"\n");
        }
        byte[] good = text.toString().getBytes(StandardCharsets.UTF_8);
        byte[] bytes = Arrays.copyOf(good, good.length + 4);
        System.arraycopy(new byte[] {'1', ',', (byte) 0xff, '\n'}, 0, bytes, good.length, 4);
        assertThatThrownBy(() -> load(bytes, OPTIONS))
                .hasMessageContaining("line 20002, column 'y': expected UTF-8 text");
    }

    @Test
    void aWorkbookIsNoText() {
        assertThatThrownBy(() -> load(new byte[] {'P', 'K', 3, 4, 0, 0}, OPTIONS))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("save the sheet as CSV");
    }

    @Test
    void aTableWithoutAHeaderIsSaidToHaveNone() {
        assertBad("5.1,3.5,setosa\n4.9,3.0,setosa\n")
                .hasMessageContaining("line 1: expected the names of the columns, found numbers");
    }

    @Test
    void aColumnWithoutANameIsLeftOutAndSaidToBe() {
        String numbered = "," + table(",", ".").replace("\n", "\n7,");
        DataSplits data =
                load(
                        numbered.substring(0, numbered.length() - 2)
                                .getBytes(StandardCharsets.UTF_8),
                        OPTIONS);
        assertThat(data.train().inputSize()).isEqualTo(2);
        assertThat(data.notes()).contains("one column has no name and is left out");
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertBad(String text) {
        return assertThatThrownBy(() -> load(text.getBytes(StandardCharsets.UTF_8), OPTIONS))
                .isInstanceOf(BadDataException.class);
    }
}
