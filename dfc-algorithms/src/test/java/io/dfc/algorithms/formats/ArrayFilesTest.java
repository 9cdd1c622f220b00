package io.dfc.algorithms.formats;

import static io.dfc.algorithms.formats.ArrayBytesOf.header;
import static io.dfc.algorithms.formats.ArrayBytesOf.npy;
import static io.dfc.algorithms.formats.ArrayBytesOf.npz;
import static io.dfc.algorithms.formats.ArrayBytesOf.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.BadDataException;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

class ArrayFilesTest {
    @TempDir private Path folder;

    @Test
    void theFormatIsFoundWhateverTheNameOfTheFile() throws IOException {
        Tensor tensor = Tensor.wrap(new double[] {1, 2}, 2);
        NamedArrays arrays = new NamedArrays(Map.of("w", tensor), Map.of());
        Path file = folder.resolve("w.bin");
        for (byte[] bytes : new byte[][] {npy(tensor), npz(arrays), safetensors(arrays)}) {
            Files.write(file, bytes);
            assertThat(ArrayFiles.read(file)).isEqualTo(arrays);
        }
    }

    @Test
    void aPickleIsRefusedWithTheCommandThatConvertsIt() throws IOException {
        Path file = folder.resolve("my net.pt");
        Files.write(file, new byte[] {(byte) 0x80, 2, (byte) 0x8a, 10, 'l'});
        assertThatThrownBy(() -> ArrayFiles.read(file))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining(
                        "convert it where PyTorch is: python3 -c \"import sys, torch;")
                .hasMessageContaining("weights_only=True")
                .hasMessageEndingWith("'" + file + "' 'my net.safetensors'");
    }

    /** The dearest files that there are: small integers, and headers of many empty arrays. */
    @Test
    void readingAllocatesNoMoreThanThirtyTwoTimesTheFile() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        StringBuilder empty = new StringBuilder("{\"__metadata__\":{\"a\":\"b\"}");
        for (int i = 0; i < 20_000; i++) {
            empty.append(",\"")
                    .append(Integer.toString(i, 36))
                    .append("\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[")
                    .append(4 * i)
                    .append(',')
                    .append(4 * i + 4)
                    .append("]}");
        }
        files.put("scalars", safetensors(empty.append('}').toString(), "00".repeat(80_000)));
        files.put("bytes", npy(header("|u1", false, "(1000000,)"), "00".repeat(1_000_000)));
        files.put("turned", npy(header("<f2", true, "(1000, 500)"), "00".repeat(1_000_000)));
        files.put("integers", npy(header("<i4", false, "(250000,)"), "00".repeat(1_000_000)));
        Map<String, Tensor> many = new LinkedHashMap<>();
        for (int i = 0; i < 2000; i++) {
            many.put("a" + i, Tensor.wrap(new float[] {1}));
        }
        files.put("members", npz(new NamedArrays(many, Map.of())));
        files.forEach(
                (name, bytes) ->
                        assertThat(allocatedBy(name, bytes))
                                .as(name)
                                .isLessThan(32L * bytes.length + (1 << 20)));
    }

    /** Many members that are small: their sum counts. */
    @Test
    void anArchiveOfManyBombsIsRefusedBeforeItIsUnpacked() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (int i = 0; i < 20; i++) {
                zip.putNextEntry(new ZipEntry("a" + i + ".npy"));
                zip.write(npy(Tensor.wrap(new float[1 << 18], 1 << 18)));
                zip.closeEntry();
            }
        }
        byte[] bytes = out.toByteArray();
        assertThat(bytes.length).isLessThan(100_000);
        Path bombs = Files.write(folder.resolve("bombs"), bytes);
        // Once before, for the classes that it loads.
        assertBomb(bombs);
        long before = allocated();
        assertBomb(bombs);
        assertThat(allocated() - before).isLessThan(1 << 20);
    }

    private static void assertBomb(Path file) {
        assertThatThrownBy(() -> ArrayFiles.read(file))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("unpacks to more than 100 times its size");
    }

    private long allocatedBy(String name, byte[] bytes) {
        Path file = folder.resolve(name);
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        // Once before, for the classes that it loads.
        ArrayFiles.read(file);
        long before = allocated();
        ArrayFiles.read(file);
        return allocated() - before;
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }
}
