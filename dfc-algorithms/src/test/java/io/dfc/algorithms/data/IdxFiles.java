package io.dfc.algorithms.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Makes IDX files, sound and broken ones. */
public final class IdxFiles {
    private IdxFiles() {}

    public static byte[] images(int count, int rows, int columns, byte... pixels) {
        return ByteBuffer.allocate(16 + pixels.length)
                .putInt(0x803)
                .putInt(count)
                .putInt(rows)
                .putInt(columns)
                .put(pixels)
                .array();
    }

    public static byte[] labels(int count, byte... labels) {
        return ByteBuffer.allocate(8 + labels.length)
                .putInt(0x801)
                .putInt(count)
                .put(labels)
                .array();
    }

    public static byte[] gzip(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    public static Path write(Path folder, String name, byte[] content) {
        try {
            return Files.write(Files.createDirectories(folder).resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A folder with as many 1 x 1 training images as asked, image i of grey level i and class i mod
     * 3, and 3 for the test.
     */
    public static Path folder(Path folder, int train) {
        byte[] pixels = new byte[train];
        byte[] labels = new byte[train];
        for (int i = 0; i < train; i++) {
            pixels[i] = (byte) i;
            labels[i] = (byte) (i % 3);
        }
        write(folder, "train-images-idx3-ubyte", images(train, 1, 1, pixels));
        write(folder, "train-labels.idx1-ubyte", labels(train, labels));
        write(
                folder,
                "t10k-images-idx3-ubyte.gz",
                gzip(images(3, 1, 1, (byte) 7, (byte) 8, (byte) 9)));
        write(folder, "t10k-labels.idx1-ubyte.gz", gzip(labels(3, (byte) 2, (byte) 0, (byte) 1)));
        return folder;
    }
}
