package io.dfc.algorithms.formats;

import static io.dfc.algorithms.formats.ArrayBytesOf.header;
import static io.dfc.algorithms.formats.ArrayBytesOf.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

class NpyTest {
    @TempDir private Path folder;

    private Tensor read(byte[] bytes) throws IOException {
        Path file = folder.resolve("array.npy");
        Files.write(file, bytes);
        return Npy.read(file);
    }

    @ParameterizedTest
    @CsvSource({
        "F32, ''",
        "F64, ''",
        "F32, 0",
        "F64, 3",
        "F32, 2 3",
        "F64, 0 5",
        "F32, 2 1 3 2",
        "F32, 17 1 4099"
    })
    void whatIsWrittenComesBackBitForBit(ElementType type, String dimensions) throws IOException {
        int[] shape =
                dimensions.isEmpty()
                        ? new int[0]
                        : Arrays.stream(dimensions.split(" "))
                                .mapToInt(Integer::parseInt)
                                .toArray();
        Tensor written = Tensor.zeros(type, shape);
        for (int i = 0; i < written.size(); i++) {
            written.set(i, i == 1 ? -0.0 : i == 2 ? Double.NaN : Math.sin(i) * 1e30);
        }
        byte[] bytes = npy(written);

        assertThat(read(bytes)).isEqualTo(written);
        assertThat((bytes.length - ArrayBytes.count(written)) % 64).isZero();
    }

    /** As {@code numpy.save} writes it, to the last space. */
    @Test
    void theLayoutIsThatOfNumpy() {
        byte[] bytes = npy(Tensor.wrap(new float[] {1, -2}, 2, 1));
        String expected =
                "\u0093NUMPY\1\0v\0{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }";

        assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
                .isEqualTo(
                        expected
                                + " ".repeat(127 - expected.length())
                                + "\n\0\0\u0080?\0\0\0\u00c0");
        assertThat(new String(npy(Tensor.wrap(new double[3], 3)), StandardCharsets.ISO_8859_1))
                .contains("'<f8'", "'shape': (3,), }");
        assertThat(new String(npy(Tensor.wrap(new double[1])), StandardCharsets.ISO_8859_1))
                .contains("'shape': (), }");
    }

    @ParameterizedTest
    @CsvSource({
        "'|b1', 00 01, 0 1, F32",
        "'|i1', 7f 80, 127 -128, F32",
        "'<u1', 7f 80, 127 128, F32",
        "'<i2', 0100 ffff, 1 -1, F32",
        "'>i2', 0001 8000, 1 -32768, F32",
        "'<u2', 0100 ffff, 1 65535, F32",
        "'<i4', ffffff7f 00000080, 2147483647 -2147483648, F64",
        "'>u4', 00000001 ffffffff, 1 4294967295, F64",
        "'<i8', 0000000000002000 000000000000e0ff, 9007199254740992 -9007199254740992, F64",
        "'>u8', 0000000000000007 0020000000000000, 7 9007199254740992, F64",
        "'<f2', 003c 0100, 1 5.9604644775390625e-8, F32",
        "'>f2', fbff 3555, -65504 0.333251953125, F32",
        "'<f4', 0000803f 000000bf, 1 -0.5, F32",
        "'>f4', 3f800000 00000001, 1 1.401298464324817e-45, F32",
        "'<f8', 000000000000f03f 182d4454fb210940, 1 3.141592653589793, F64",
        "'>f8', 3ff0000000000000 7fefffffffffffff, 1 1.7976931348623157e308, F64"
    })
    void everyTypeInEitherOrderOfBytesIsReadExactly(
            String type, String numbers, String values, ElementType element) throws IOException {
        double[] expected =
                Arrays.stream(values.split(" ")).mapToDouble(Double::parseDouble).toArray();
        Tensor read = read(npy(header(type, false, "(2,)"), numbers));

        assertThat(read.type()).isEqualTo(element);
        assertThat(read.toDoubles()).containsExactly(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<f4", "<f8", ">i2"})
    void anArrayWhoseFirstIndexRunsFastestIsTurned(String type) throws IOException {
        int[] shape = {3, 2, 4};
        StringBuilder numbers = new StringBuilder();
        for (int k = 0; k < 4; k++) {
            for (int j = 0; j < 2; j++) {
                for (int i = 0; i < 3; i++) {
                    int value = 8 * i + 4 * j + k;
                    numbers.append(
                            switch (type) {
                                case "<f4" -> little(Float.floatToIntBits(value), 4);
                                case "<f8" -> little(Double.doubleToLongBits(value), 8);
                                default -> String.format("%04x", value);
                            });
                }
            }
        }
        Tensor read = read(npy(header(type, true, "(3, 2, 4)"), numbers.toString()));

        assertThat(read.shape()).isEqualTo(shape);
        assertThat(read.toDoubles())
                .containsExactly(IntStream.range(0, 24).asDoubleStream().toArray());
    }

    private static String little(long bits, int bytes) {
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < bytes; i++) {
            hex.append(String.format("%02x", bits >>> (8 * i) & 0xff));
        }
        return hex.toString();
    }

    @Test
    void versionsTwoAndThreeHaveLongerLengths() throws IOException {
        byte[] first = npy(header("<f4", false, "(1,)"), "0000803f");
        for (byte version : new byte[] {2, 3}) {
            byte[] later = new byte[first.length + 2];
            System.arraycopy(first, 0, later, 0, 10);
            System.arraycopy(first, 10, later, 12, first.length - 10);
            later[6] = version;
            assertThat(read(later).toDoubles()).containsExactly(1);
        }
    }

    @Test
    void otherWordingsOfTheHeaderAreRead() throws IOException {
        for (String header :
                new String[] {
                    "{\"shape\":(1L,),\"descr\":\"<f4\",\"fortran_order\":False}",
                    " { 'fortran_order' : True , 'descr' : '<f4' , 'shape' : ( 1 , ) , } \n"
                }) {
            assertThat(read(npy(header, "0000803f")).toDoubles()).containsExactly(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }#Python objects are pickled, and nothing is unpickled",
                "{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }#has dtype '<c8', expected b1, i1, u1, i2,",
                "{'descr': '<U3', 'fortran_order': False, 'shape': (1,), }#has dtype '<U3', expected",
                "{'descr': '|V2', 'fortran_order': False, 'shape': (1,), }#has dtype '|V2', expected",
                "{'descr': '|f4', 'fortran_order': False, 'shape': (1,), }#has dtype '|f4', expected",
                "{'descr': '<f16', 'fortran_order': False, 'shape': (1,), }#has dtype '<f16', expected",
                "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }#has named fields",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }#is cut short: holds 4 bytes of numbers, its header promises 8",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (0,), }#holds 4 bytes of numbers, its header promises 0",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }#is out of range",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536), }#has shape [65536, 65536], which is out of range",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 65536, 65536), }#which is out of range",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (2000000000,), }#is cut short",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999999999999,), }#has no dimension from 0 on at \"9999999999999999999",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }#has no dimension from 0 on",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1.0), }#has no )",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (1), }#expected a tuple",
                "{'descr': '<f4', 'fortran_order': False, 'shape': 1, }#has no (",
                "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,), }#has no True or False",
                "{'descr': '<f4', 'fortran_order': False, }#has no key 'shape'",
                "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }#has the key 'descr' twice",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 1}#has the key 'more'",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } x#goes on behind its end",
                "{'descr': '<f4, 'fortran_order': False, 'shape': (1,), }#the header of the array",
                "{'descr'#has no :",
                "{#has no text in quotes",
                "__import__('os')#has no {"
            })
    void aHeaderThatIsNoneIsRefused(String header, String problem) {
        assertThatThrownBy(() -> read(npy(header, "0000803f")))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining(problem);
    }

    @Test
    void manyDimensionsAndLongHeadersAreRefused() {
        String many = "(" + "1, ".repeat(65) + ")";
        assertThatThrownBy(() -> read(npy(header("<f4", false, many), "0000803f")))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("more than 64 dimensions");
        byte[] bytes = npy(header("<f4", false, "(1,)"), "0000803f");
        byte[] long2 = Arrays.copyOf(bytes, bytes.length + 4);
        long2[6] = 2;
        Arrays.fill(long2, 8, 12, (byte) 0xff);
        assertThatThrownBy(() -> read(long2))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("header length 4294967295 is above 65536");
    }

    @ParameterizedTest
    @CsvSource({
        "'|b1', 02, has the byte 2 among truth values",
        "'<i8', 0100000000002000, 'integer 9007199254740993, which F64 does not hold'",
        "'<u8', ffffffffffffffff, 'integer 18446744073709551615, which F64 does not hold'"
    })
    void aNumberThatCannotBeHeldIsRefused(String type, String number, String problem) {
        assertThatThrownBy(() -> read(npy(header(type, false, "(1,)"), number)))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void aFileCutShortAnywhereOrTooLongIsRefused() {
        byte[] whole = npy(Tensor.wrap(new double[] {1, 2, 3}, 3));
        for (int length = 0; length <= whole.length + 1; length++) {
            if (length != whole.length) {
                byte[] cut = Arrays.copyOf(whole, length);
                assertThatThrownBy(() -> read(cut))
                        .as("%d bytes", length)
                        .isInstanceOf(BadDataException.class);
            }
        }
    }

    @Test
    void damageIsNeverWorseThanAnError() throws IOException {
        byte[] whole = npy(Tensor.wrap(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
        for (int at = 0; at < whole.length; at++) {
            for (int bit = 0; bit < 8; bit += 3) {
                byte[] damaged = whole.clone();
                damaged[at] ^= (byte) (1 << bit);
                try {
                    read(damaged);
                } catch (BadDataException e) {
                    assertThat(e).hasMessageContaining(folder.toString());
                }
            }
        }
    }

    @Test
    void whatIsNoFileIsAnErrorOfStorage() {
        assertThatThrownBy(() -> Npy.read(folder))
                .isInstanceOf(StorageException.class)
                .hasMessage("cannot read " + folder + ": it is a folder");
        assertThatThrownBy(() -> Npy.read(Path.of("/dev/null")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("no regular file");
    }
}
