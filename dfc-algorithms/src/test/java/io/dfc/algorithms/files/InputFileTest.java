package io.dfc.algorithms.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.data.csv.CsvFile;
import io.dfc.algorithms.data.csv.CsvOptions;
import io.dfc.algorithms.data.csv.CsvTask;
import io.dfc.algorithms.data.idx.IdxFolder;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/** Files that hold far more than they seem to. */
class InputFileTest {
    private static final int MEBIBYTE = 1 << 20;

    @TempDir private Path folder;

    /** A file that unpacks to a start and so many mebibytes of the same few bytes. */
    private Path packed(String name, byte[] start, String repeated, int mebibytes)
            throws IOException {
        byte[] piece =
                repeated.repeat(MEBIBYTE / repeated.length()).getBytes(StandardCharsets.US_ASCII);
        Path file = folder.resolve(name);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(start);
            for (int i = 0; i < mebibytes; i++) {
                out.write(piece);
            }
        }
        return file;
    }

    @Test
    void whatUnpacksToLittleIsReadHoweverDenseItIs() throws IOException {
        Path file = packed("zeros.gz", new byte[0], "0", 60);
        assertThat(Files.size(file)).isLessThan(MEBIBYTE / 8);
        try (InputStream in = InputFile.open(file)) {
            assertThat(in.skip(Long.MAX_VALUE)).isEqualTo(60L * MEBIBYTE);
        }
    }

    @Test
    void aBombIsRefusedWhereItHasGrownTooLarge() throws IOException {
        Path file = packed("bomb.gz", new byte[0], "0", 90);
        long most = (64L << 20) + 250 * Files.size(file);
        byte[] chunk = new byte[1 << 16];
        long read = 0;
        try (InputStream in = InputFile.open(file)) {
            while (read < most - chunk.length) {
                int n = in.read(chunk);
                assertThat(n).isPositive();
                read += n;
            }
            assertThatThrownBy(() -> in.skip(1 << 20))
                    .isInstanceOf(BadDataException.class)
                    .hasMessageContaining(file + ": unpacks to more than " + most + " bytes");
        }
    }

    @Test
    void aTableThatIsABombIsRefused() throws IOException {
        byte[] header = "a,y\n".getBytes(StandardCharsets.US_ASCII);
        Path file = packed("table.csv.gz", header, "0." + "0".repeat(500_000) + ",0\n", 100);
        CsvOptions options = new CsvOptions(Optional.of("y"), CsvTask.REGRESSION);
        assertThatThrownBy(() -> CsvFile.load(file, options, true, Optional.empty()))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining(file + ": unpacks to more than");
    }

    @Test
    void imagesThatAreABombAreRefused() throws IOException {
        byte[] header =
                ByteBuffer.allocate(16).putInt(0x803).putInt(90).putInt(1024).putInt(1024).array();
        Path file = packed("images.gz", header, "0", 90);
        IdxFolder idx = new IdxFolder(file, file, file, file);
        assertThatThrownBy(
                        () ->
                                idx.load(
                                        "idx",
                                        Optional.empty(),
                                        Optional.empty(),
                                        true,
                                        Optional.empty()))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining(file + ": unpacks to more than");
    }

    @Test
    void aFileLargerThanTheHeapSaysWhatItNeeds() throws IOException {
        Path file = folder.resolve("large");
        try (RandomAccessFile hole = new RandomAccessFile(file.toFile(), "rw")) {
            hole.setLength(3L << 30);
        }
        InputFile.requireRoom(file, 3L << 30);
        assertThatThrownBy(() -> InputFile.requireRoom(file, 1L << 30))
                .isInstanceOf(StorageException.class)
                .hasMessage(
                        file
                                + ": reading it takes at least its 3073 MiB of memory, and the Java heap may have"
                                + " 1025 MiB; allow more, as with DFC_JAVA_OPTS=-Xmx9219m");
    }
}
