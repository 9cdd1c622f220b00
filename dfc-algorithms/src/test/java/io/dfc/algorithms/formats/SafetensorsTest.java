package io.dfc.algorithms.formats;

import static io.dfc.algorithms.formats.ArrayBytesOf.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.BadDataException;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** What other programs write; damage of every kind is with the tests of checkpoints. */
class SafetensorsTest {
    @TempDir private Path folder;

    private Path file() {
        return folder.resolve("arrays.safetensors");
    }

    private NamedArrays read(byte[] bytes) throws IOException {
        Files.write(file(), bytes);
        return Safetensors.read(file());
    }

    @ParameterizedTest
    @CsvSource({
        "BOOL, 0001, 0 1, F32",
        "I8, 7f80, 127 -128, F32",
        "U8, 7f80, 127 128, F32",
        "I16, 0100ffff, 1 -1, F32",
        "U16, 0100ffff, 1 65535, F32",
        "I32, ffffff7f00000080, 2147483647 -2147483648, F64",
        "U32, 01000000ffffffff, 1 4294967295, F64",
        "I64, 0700000000000000ffffffffffffffff, 7 -1, F64",
        "U64, 07000000000000000000000000002000, 7 9007199254740992, F64",
        "F16, 003c0100, 1 5.9604644775390625e-8, F32",
        "BF16, 803f49c0, 1 -3.140625, F32",
        "F32, 0000803f000000bf, 1 -0.5, F32",
        "F64, 000000000000f03f182d4454fb210940, 1 3.141592653589793, F64"
    })
    void everyTypeIsReadExactly(String type, String numbers, String values, ElementType element)
            throws IOException {
        double[] expected =
                Arrays.stream(values.split(" ")).mapToDouble(Double::parseDouble).toArray();
        String header =
                "{\"x\":{\"dtype\":\"%s\",\"shape\":[2,1],\"data_offsets\":[0,%d]}}   "
                        .formatted(type, numbers.length() / 2);
        Tensor read = read(safetensors(header, numbers)).tensors().get("x");

        assertThat(read.type()).isEqualTo(element);
        assertThat(read.toDoubles()).containsExactly(expected);
        assertThat(read.shape()).containsExactly(2, 1);
    }

    @Test
    void whatIsWrittenComesBackAndNumbersAreAligned() throws IOException {
        for (String name : new String[] {"w", "weight", "größe [0]", "a \"b\" \\ \n"}) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            tensors.put("z", Tensor.wrap(new float[] {1, 2, 3}, 3));
            tensors.put(name, Tensor.wrap(new double[] {Math.E}, 1, 1));
            tensors.put("none", Tensor.wrap(new double[0], 0, 7));
            NamedArrays written = new NamedArrays(tensors, Map.of("note", name));
            byte[] bytes = safetensors(written);

            assertThat(read(bytes)).isEqualTo(written);
            assertThat(read(bytes).tensors().keySet()).containsExactly("z", name, "none");
            assertThat((bytes.length - 12 - 8) % 8).isZero();
        }
    }

    @Test
    void withoutPropertiesThereIsNoEmptyObjectOfThem() {
        byte[] bytes = safetensors(new NamedArrays(Map.of(), Map.of()));
        assertThat(new String(bytes, 8, bytes.length - 8, java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("{}      ");
    }

    @Test
    void theHeaderMayListArraysInAnyOrder() throws IOException {
        NamedArrays read =
                read(
                        safetensors(
                                "{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]},"
                                        + "\"none\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[4,4]},"
                                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}",
                                "0000803f 00000040"));
        assertThat(read.tensors().keySet()).containsExactly("a", "none", "b");
        assertThat(read.tensors().get("a").get(0)).isEqualTo(1);
        assertThat(read.tensors().get("b").get(0)).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"w\":{\"dtype\":\"F8_E4M3\",\"shape\":[8],\"data_offsets\":[0,8]}}|w.dtype: expected BOOL, I8, U8, I16, U16, I32, U32, I64, U64, F16, BF16, F32 or F64, got \"F8_E4M3\"",
                "{\"v\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}}|tensor w lies at [2, 6], expected [4, 8]",
                "{\"v\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}|tensor v lies at [4, 8], expected [0, 4]",
                "{\"v\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}|holds 8 bytes of numbers, its header lists 4",
                "{\"v\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[]}}|lies at [], expected [0, 4]",
                "{\"v\":{\"dtype\":\"F64\",\"shape\":[0,4611686018427387904,4],\"data_offsets\":[0,8]}}|which is out of range",
                "{\"v\":{\"dtype\":\"U8\",\"shape\":[2147483647],\"data_offsets\":[0,8]}}|which is out of range",
                "{\"v\":{\"dtype\":\"U8\",\"shape\":[1000000000],\"data_offsets\":[0,1000000000]}}|is cut short: tensor v ends 999999992 bytes behind the end",
                "{\"v\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"v\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}|the header is no JSON: Duplicate"
            })
    void aHeaderThatPromisesOtherThanThereIsIsRefused(String header, String problem) {
        assertThatThrownBy(() -> read(safetensors(header, "0000803f00000040")))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining(problem);
    }

    /** The largest file that a header may describe costs its own length and no more. */
    @Test
    void whatDoesNotFitTheHeapIsRefusedBeforeItIsAllocated() throws IOException {
        int arrays = (int) (Runtime.getRuntime().maxMemory() / (4L << 30)) + 1;
        sparse(arrays, 1 << 30);

        assertThatThrownBy(() -> Safetensors.read(file()))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining(
                        "needs "
                                + 4096L * arrays
                                + " MiB for its numbers, and the Java heap may have");
    }

    @Test
    @Tag("slow")
    void aFileOfMoreThanTwoGigabytesIsRead() throws IOException {
        int length = 300_000_000;
        sparse(2, length);
        try (RandomAccessFile raw = new RandomAccessFile(file().toFile(), "rw")) {
            raw.seek(raw.length() - 4);
            raw.write(new byte[] {0, 0, (byte) 0x80, 0x3f});
            assertThat(raw.length()).isGreaterThan(Integer.MAX_VALUE);
        }
        Map<String, Tensor> read = Safetensors.read(file()).tensors();
        assertThat(read.get("w0").size()).isEqualTo(length);
        assertThat(read.get("w1").get(length - 1)).isEqualTo(1);
        assertThat(read.get("w1").get(length - 2)).isZero();
    }

    /** A file of float32 zeros, of which the disk holds almost nothing. */
    private void sparse(int arrays, int length) throws IOException {
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i < arrays; i++) {
            header.append(i == 0 ? "" : ",")
                    .append(
                            "\"w%d\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[%d,%d]}"
                                    .formatted(i, length, 4L * length * i, 4L * length * (i + 1)));
        }
        byte[] start = safetensors(header.append('}').toString(), "");
        Files.write(file(), start);
        try (RandomAccessFile raw = new RandomAccessFile(file().toFile(), "rw")) {
            raw.setLength(start.length + 4L * length * arrays);
        }
    }
}
