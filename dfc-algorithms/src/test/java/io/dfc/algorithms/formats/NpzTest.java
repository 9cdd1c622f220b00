package io.dfc.algorithms.formats;

import static io.dfc.algorithms.formats.ArrayBytesOf.header;
import static io.dfc.algorithms.formats.ArrayBytesOf.npy;
import static io.dfc.algorithms.formats.ArrayBytesOf.npz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.BadDataException;
import io.dfc.api.error.DfcException;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

class NpzTest {
    private static final byte[] ONE = npy(header("<f4", false, "(1,)"), "0000803f");

    @TempDir private Path folder;

    private Path file() {
        return folder.resolve("arrays.npz");
    }

    private NamedArrays read(byte[] bytes) throws IOException {
        Files.write(file(), bytes);
        return Npz.read(file());
    }

    private static NamedArrays sample() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("W[0]", Tensor.wrap(new float[] {1, -2, 3, 4, 5, 6}, 2, 3));
        tensors.put("größe", Tensor.wrap(new double[] {Math.PI}));
        tensors.put("none", Tensor.wrap(new double[0], 0, 5));
        return new NamedArrays(tensors, Map.of("program", "dfc", "note", "\"x\"\n"));
    }

    /** An archive of one member, compressed. */
    private static byte[] zip(String name, byte[] contents) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(contents);
            zip.closeEntry();
        }
        return out.toByteArray();
    }

    @Test
    void whatIsWrittenComesBackInItsOrderAndEqualContentsAreEqualBytes() throws IOException {
        byte[] bytes = npz(sample());

        assertThat(read(bytes)).isEqualTo(sample());
        assertThat(read(bytes).tensors().keySet()).containsExactly("W[0]", "größe", "none");
        assertThat(npz(sample())).isEqualTo(bytes);
        assertThat(read(npz(new NamedArrays(Map.of(), Map.of()))).tensors()).isEmpty();
    }

    @Test
    void compressedMembersAreRead() throws IOException {
        Tensor zeros = Tensor.wrap(new float[100_000], 100, 1000);
        byte[] packed = zip("zeros.npy", npy(zeros));

        assertThat(packed.length).isLessThan(2000);
        assertThat(read(packed).tensors().get("zeros")).isEqualTo(zeros);
    }

    @ParameterizedTest
    @CsvSource({
        "'../w.npy', unusable name",
        "'/w.npy', unusable name",
        "'a/../../w.npy', unusable name",
        "'a\\..\\w.npy', unusable name",
        "w.txt, 'has the member w.txt, expected arrays, whose names end with .npy'",
        "'.npy', 'has the member .npy, expected'",
        "archive/data.pkl, 'is a file of torch.save, a pickle, which is a program and is not run'"
    })
    void namesOfMembersAreChecked(String name, String problem) {
        assertThatThrownBy(() -> read(zip(name, ONE)))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void namesWithControlCharactersAndVeryLongOnesAreRefusedOnOneLine() {
        for (String name : new String[] {"a\nb.npy", "x".repeat(2000) + ".npy"}) {
            assertThatThrownBy(() -> read(zip(name, ONE)))
                    .isInstanceOf(BadDataException.class)
                    .hasMessageContaining("unusable name")
                    .extracting(
                            e ->
                                    e.getMessage().lines().count() == 1
                                            && e.getMessage().length() < 300)
                    .isEqualTo(true);
        }
    }

    @Test
    void twoMembersOfOneNameAreRefused() throws IOException {
        Map<String, Tensor> two = new LinkedHashMap<>();
        two.put("a", Tensor.wrap(new float[] {1}, 1));
        two.put("b", Tensor.wrap(new float[] {2}, 1));
        byte[] bytes = npz(new NamedArrays(two, Map.of()));
        for (int i = 0; i + 4 < bytes.length; i++) {
            if (new String(bytes, i, 5, StandardCharsets.US_ASCII).equals("b.npy")) {
                bytes[i] = 'a';
            }
        }
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("has two members a.npy");
    }

    @Test
    void aBombIsRefusedAndWhatIsWithinTheLimitIsNot() throws IOException {
        byte[] bomb = zip("zeros.npy", npy(Tensor.wrap(new float[5_000_000], 5_000_000)));
        assertThatThrownBy(() -> read(bomb))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining(
                        "unpacks to more than 100 times its size, and more than 16 MiB");
        byte[] small = zip("zeros.npy", npy(Tensor.wrap(new float[4_000_000], 4_000_000)));
        assertThat(read(small).tensors().get("zeros").size()).isEqualTo(4_000_000);
    }

    /** The list of an archive says how long a member is; the member itself may be another one. */
    @Test
    void aMemberThatIsLongerOrShorterThanTheListSaysIsRefused() throws IOException {
        byte[] whole = zip("w.npy", npy(Tensor.wrap(new float[1000], 1000)));
        int size = npy(Tensor.wrap(new float[1000], 1000)).length;
        int central = whole.length - 22 - (46 + 5);
        for (int other : new int[] {size - 4, size + 4, size + 4_000_000, 10, 0}) {
            byte[] lying = whole.clone();
            for (int i = 0; i < 4; i++) {
                lying[central + 24 + i] = (byte) (other >> (8 * i));
            }
            assertThatThrownBy(() -> read(lying))
                    .as("%d bytes", other)
                    .isInstanceOf(BadDataException.class);
        }
    }

    @Test
    void aDamagedNumberIsNoticed() throws IOException {
        byte[] bytes = npz(sample());
        int at = indexOf(bytes, new byte[] {0, 0, (byte) 0xa0, 0x40});
        bytes[at] = 1;
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("member W[0].npy is damaged");
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int i = 0; i + part.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new AssertionError("no such bytes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|is no object of texts",
                "null|is no object of texts",
                "{\"a\":1}|is no object of texts",
                "{\"a\":null}|is no object of texts",
                "{\"a\":\"1\",\"a\":\"2\"}|is no object of texts",
                "{|is no object of texts"
            })
    void metadataThatAreNoObjectOfTextsAreRefused(String text, String problem) {
        assertThatThrownBy(() -> read(zip("metadata.json", text.getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void aFileCutShortAnywhereIsRefused() throws IOException {
        byte[] whole = npz(sample());
        for (int length = 0; length < whole.length; length += 11) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(cut))
                    .as("%d bytes", length)
                    .isInstanceOf(BadDataException.class);
        }
    }

    @Test
    void damageIsNeverWorseThanAnError() throws IOException {
        for (byte[] whole : new byte[][] {npz(sample()), zip("w.npy", ONE)}) {
            for (int at = 0; at < whole.length; at += 3) {
                byte[] damaged = whole.clone();
                damaged[at] ^= (byte) (1 << at % 8);
                try {
                    read(damaged);
                } catch (DfcException e) {
                    assertThat(e).hasMessageContaining(file().toString());
                }
            }
        }
    }
}
