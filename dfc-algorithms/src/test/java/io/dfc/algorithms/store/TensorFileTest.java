package io.dfc.algorithms.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.BadDataException;
import io.dfc.api.error.DfcException;
import io.dfc.api.error.StorageException;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class TensorFileTest {
    @TempDir private Path folder;

    private Path file() {
        return folder.resolve("tensors.safetensors");
    }

    private static TensorFile sample() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("second", Tensor.wrap(new float[] {1.5f, -0f, Float.MIN_VALUE}, 3));
        tensors.put("first", Tensor.wrap(new double[] {Math.PI, Double.NaN, -1e300, 0}, 2, 2));
        tensors.put("empty", Tensor.wrap(new double[0], 0, 5));
        tensors.put("scalar", Tensor.wrap(new float[] {7}));
        return new TensorFile(tensors, Map.of("note", "größe \"x\"\n", "version", "1"));
    }

    @Test
    void tensorsComeBackBitForBitInTheirOrderWithTheirProperties() {
        sample().write(file());
        TensorFile read = TensorFile.read(file());

        assertThat(read).isEqualTo(sample());
        assertThat(read.tensors().keySet()).containsExactly("second", "first", "empty", "scalar");
    }

    @Test
    void equalContentsGiveEqualBytes() throws IOException {
        sample().write(file());
        byte[] first = Files.readAllBytes(file());
        sample().write(file());

        assertThat(Files.readAllBytes(file())).isEqualTo(first);
    }

    /** Whatever the order of a map is in this process. */
    @Test
    void propertiesAreSorted() throws IOException {
        Map<String, String> properties = new HashMap<>();
        for (String name : List.of("zeta", "alpha", "mu", "beta")) {
            properties.put(name, name);
        }
        new TensorFile(Map.of(), properties).write(file());
        assertThat(Files.readString(file(), StandardCharsets.ISO_8859_1))
                .containsSubsequence("alpha", "beta", "mu", "zeta");
    }

    /** Read by the description of the format alone. */
    @Test
    void theLayoutIsThatOfSafetensors() throws IOException {
        new TensorFile(Map.of("w", Tensor.wrap(new float[] {1, 2}, 2, 1)), Map.of()).write(file());
        ByteBuffer bytes =
                ByteBuffer.wrap(Files.readAllBytes(file())).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[Math.toIntExact(bytes.getLong())];
        bytes.get(header);

        assertThat(new String(header, StandardCharsets.UTF_8))
                .contains(
                        "\"w\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]}",
                        "\"__metadata__\":{");
        assertThat(bytes.getFloat()).isEqualTo(1);
        assertThat(bytes.getFloat()).isEqualTo(2);
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void aFileCutShortAnywhereIsRefusedByName() throws IOException {
        sample().write(file());
        byte[] whole = Files.readAllBytes(file());
        for (int length = 0; length < whole.length; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> TensorFile.read(file()))
                    .as("%d bytes", length)
                    .isInstanceOf(BadDataException.class)
                    .hasMessageContaining(file().toString());
        }
    }

    @Test
    void aByteTooManyIsRefused() throws IOException {
        sample().write(file());
        byte[] whole = Files.readAllBytes(file());
        Files.write(file(), Arrays.copyOf(whole, whole.length + 1));

        assertThatThrownBy(() -> TensorFile.read(file()))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("bytes of numbers, its header lists");
    }

    @Test
    void aDamagedNumberIsNoticedAndDamageElsewhereIsNeverWorseThanAnError() throws IOException {
        sample().write(file());
        byte[] whole = Files.readAllBytes(file());
        int numbers =
                8
                        + Math.toIntExact(
                                ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong());
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 1;
            Files.write(file(), damaged);
            if (at >= numbers) {
                assertThatThrownBy(() -> TensorFile.read(file()))
                        .isInstanceOf(BadDataException.class)
                        .hasMessageContaining("is damaged: checksum of its numbers is");
            } else {
                try {
                    TensorFile.read(file());
                } catch (DfcException e) {
                    assertThat(e).hasMessageContaining(file().toString());
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|the header is no JSON object",
                "{\"w\"|the header is no JSON",
                "{\"w\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[0,1]}}|header, w.dtype: expected F32 or F64, got \"I8\"",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}|out of range",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[99999,99999],\"data_offsets\":[0,4]}}|out of range",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}|lies at [0, 4], expected [0, 8]",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}|expected [0, 4]",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[9],\"data_offsets\":[0,36]}}|is cut short",
                "{\"w\":7}|header, w: expected an object of dtype, shape and data_offsets, got 7",
                "{\"w\":null}|header, w: expected dtype, shape and data_offsets, none null",
                "{\"w\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}|header, w: expected dtype, shape and data_offsets",
                "{\"w\":{\"dtype\":0,\"shape\":[1],\"data_offsets\":[0,4]}}|header, w.dtype: expected F32 or F64, got 0",
                "{\"w\":{\"dtype\":\"0\",\"shape\":[1],\"data_offsets\":[0,4]}}|header, w.dtype: expected F32 or F64, got \"0\"",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"strides\":[1]}}|header, w.strides: expected dtype, shape and data_offsets alone",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[4294967297],\"data_offsets\":[0,4]}}|shape [4294967297], which is out of range",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,36893488147419103236]}}|header, w.data_offsets[1]: expected a smaller number, got 36893488147419103236",
                "null|the header is no JSON object",
                "{\"__metadata__\":null,\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}|has no checksum",
                "{\"__metadata__\":7}|header, __metadata__: expected a text in quotes, got 7",
                "{\"__metadata__\":{\"note\":null},\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}|header, __metadata__.note: expected a text in quotes, got null",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}|header, w.shape[0]: expected a whole number, got 1.0",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":1,\"data_offsets\":[0,4]}}|header, w.shape: expected a list of whole numbers, got 1",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4.0]}}|header, w.data_offsets[1]: expected a whole number, got 4.0",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[\"0\",4]}}|header, w.data_offsets[0]: expected a whole number, got \"0\"",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,4]}}|lies at [0, 4, 4], expected [0, 4]",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"v\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}|lies at [0, 4], expected [4, 8]",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"w\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[4,4]}}|the header is no JSON",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} {}|the header is no JSON",
                "{\"__metadata__\":{\"steps\":\"1\",\"steps\":\"2\"},\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}|the header is no JSON",
                "{\"__metadata__\":{\"crc32c\":7},\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}|header, __metadata__.crc32c: expected a text in quotes, got 7",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}|has no checksum"
            })
    void aHeaderThatPromisesOtherThanThereIsIsRefused(String header, String problem)
            throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + 4).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(file(), bytes.putLong(text.length).put(text).putFloat(1).array());

        assertThatThrownBy(() -> TensorFile.read(file()))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining(file().toString())
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource({"-1", "0", "1", "9223372036854775807", "16777217"})
    void aHeaderLengthThatCannotBeIsRefusedWithoutAllocating(long length) throws IOException {
        Files.write(
                file(),
                ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());

        assertThatThrownBy(() -> TensorFile.read(file()))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("header length " + length);
    }

    @Test
    void whatCannotBeReadOrWrittenIsAnErrorOfStorage() {
        assertThatThrownBy(() -> TensorFile.read(folder.resolve("none")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("cannot read " + folder.resolve("none"));
        assertThatThrownBy(() -> sample().write(folder.resolve("no/folder")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("cannot write " + folder.resolve("no/folder"));
    }
}
