package io.dfc.algorithms.data.idx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.data.IdxFiles;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;

import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Arrays;

class IdxReaderTest {
    @TempDir private Path folder;

    @Test
    void plainImagesAreRead() {
        IdxReader.Images images =
                IdxReader.images(file(IdxFiles.images(2, 1, 3, bytes(1, 2, 3, 4, 5, 255))));
        assertThat(images.count()).isEqualTo(2);
        assertThat(images.size()).isEqualTo(3);
        assertThat(images.pixels()).containsExactly(bytes(1, 2, 3, 4, 5, 255));
    }

    @Test
    void gzipIsRecognisedByItsContentsNotItsName() {
        assertThat(IdxReader.labels(file(IdxFiles.gzip(IdxFiles.labels(3, bytes(7, 200, 0))))))
                .containsExactly(7, 200, 0);
    }

    @Test
    void gzipLongerThanOneChunkIsReadWhole() {
        byte[] pixels = new byte[300 * 700];
        Arrays.setAll(new int[pixels.length], i -> pixels[i] = (byte) (i * 31));
        assertThat(
                        IdxReader.images(file(IdxFiles.gzip(IdxFiles.images(300, 7, 100, pixels))))
                                .pixels())
                .containsExactly(pixels);
    }

    @Test
    void aWrongMagicNumberIsShown() {
        assertBad(IdxFiles.labels(1, bytes(0)))
                .hasMessageContaining(
                        "at byte 0: expected the magic number 0x00000803 of IDX images, found 0x00000801");
    }

    @Test
    void anEmptyFileEndsInTheHeader() {
        assertBad(new byte[0]).hasMessageContaining("at byte 0: the file ends within the header");
    }

    @Test
    void aHeaderCutShortIsLocated() {
        assertBad(Arrays.copyOf(IdxFiles.images(1, 1, 1, bytes(1)), 10))
                .hasMessageContaining("at byte 10: the file ends within the header");
    }

    @Test
    void aPlainHeaderThatPromisesMoreThanTheFileHoldsIsRefused() {
        assertBad(IdxFiles.images(1 << 20, 28, 28, bytes(1, 2)))
                .hasMessageEndingWith(
                        "at byte 18: the header promises 822083584 bytes of images, the file holds 2");
    }

    @Test
    void aGzipHeaderThatPromisesMoreThanTheFileHoldsIsRefused() {
        assertBad(IdxFiles.gzip(IdxFiles.images(1 << 20, 28, 28, bytes(1, 2))))
                .hasMessageEndingWith(
                        "at byte 18: the header promises 822083584 bytes of images, the file holds 2");
    }

    @Test
    void sizesWhoseProductOverflowsAreRefused() {
        assertBad(IdxFiles.images(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE))
                .hasMessageContaining("promises more than 1073741824 bytes");
    }

    @Test
    void zeroAndHugeSizesAreRefused() {
        assertBad(IdxFiles.images(0, 28, 28))
                .hasMessageContaining("at byte 4: expected a size of 1 to 2147483647, found 0");
        assertBad(IdxFiles.images(1, 28, 0))
                .hasMessageContaining("at byte 12: expected a size of 1 to 2147483647, found 0");
        assertBad(IdxFiles.images(-1, 1, 1))
                .hasMessageContaining(
                        "at byte 4: expected a size of 1 to 2147483647, found 4294967295");
    }

    @Test
    void bytesAfterTheEndAreRefused() {
        assertBad(IdxFiles.images(1, 1, 1, bytes(1, 2)))
                .hasMessageEndingWith(
                        "at byte 17: expected the end after 1 bytes of images, found more");
        assertBad(IdxFiles.gzip(IdxFiles.images(1, 1, 1, bytes(1, 2))))
                .hasMessageEndingWith(
                        "at byte 17: expected the end after 1 bytes of images, found more");
    }

    @Test
    void aTruncatedGzipIsRefusedWhereverItIsCut() {
        byte[] whole = IdxFiles.gzip(IdxFiles.images(2, 1, 3, bytes(1, 2, 3, 4, 5, 6)));
        for (int length = 2; length < whole.length; length++) {
            assertBad(Arrays.copyOf(whole, length))
                    .hasMessageContaining("damaged or truncated gzip");
        }
    }

    @Test
    void otherBytesBehindAGzipAreRefusedAndPaddingIsNot() {
        byte[] whole = IdxFiles.gzip(IdxFiles.images(2, 1, 3, bytes(1, 2, 3, 4, 5, 6)));
        for (int more : new int[] {1, 17, 18, 19, 40, 1000}) {
            byte[] longer = Arrays.copyOf(whole, whole.length + more);
            assertThat(IdxReader.images(file(longer)).count()).isEqualTo(2);
            longer[longer.length - 1] = 'x';
            assertBad(longer).hasMessageContaining("gzip stream (other bytes follow its end)");
        }
    }

    @Test
    void aGzipInTwoPartsIsReadWhole() {
        byte[] content = IdxFiles.images(2, 1, 3, bytes(1, 2, 3, 4, 5, 6));
        byte[] first = IdxFiles.gzip(Arrays.copyOf(content, 18));
        byte[] second = IdxFiles.gzip(Arrays.copyOfRange(content, 18, content.length));
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        assertThat(IdxReader.images(file(both)).pixels()).isEqualTo(bytes(1, 2, 3, 4, 5, 6));
    }

    @Test
    void whatAnotherFileIsIsSaid() {
        assertBad(IdxFiles.labels(2, bytes(1, 2))).hasMessageContaining("which is that of labels");
        assertBad(new byte[] {(byte) 0x89, 'P', 'N', 'G', 0})
                .hasMessageContaining("which is that of a PNG image");
        byte[] twice = IdxFiles.gzip(IdxFiles.gzip(IdxFiles.images(1, 1, 1, bytes(1))));
        assertBad(twice).hasMessageContaining("which is that of gzip: packed twice?");
    }

    @Test
    void aGzipWithAWrongChecksumIsRefused() {
        byte[] damaged = IdxFiles.gzip(IdxFiles.images(2, 1, 3, bytes(1, 2, 3, 4, 5, 6)));
        damaged[damaged.length - 8] ^= 1;
        assertBad(damaged).hasMessageContaining("damaged or truncated gzip");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> IdxReader.images(folder.resolve("none")))
                .isInstanceOf(StorageException.class)
                .hasMessage(folder.resolve("none") + ": cannot be read: no such file or folder");
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertBad(byte[] content) {
        Path file = file(content);
        return assertThatThrownBy(() -> IdxReader.images(file))
                .isInstanceOf(BadDataException.class)
                .hasMessageStartingWith(file + ": ");
    }

    private Path file(byte[] content) {
        return IdxFiles.write(folder, "file", content);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
