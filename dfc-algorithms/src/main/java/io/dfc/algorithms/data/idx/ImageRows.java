package io.dfc.algorithms.data.idx;

import io.dfc.algorithms.data.FittedEncoding;
import io.dfc.algorithms.data.ImageEncoding;
import io.dfc.algorithms.files.InputFile;
import io.dfc.algorithms.files.IoProblem;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;

import java.io.IOException;
import java.nio.file.Path;

/** Images of an IDX file as inputs of a network that was trained on others. */
public final class ImageRows {
    private final IdxReader.Images images;
    private final ImageEncoding encoding;

    private ImageRows(IdxReader.Images images, ImageEncoding encoding) {
        this.images = images;
        this.encoding = encoding;
    }

    /**
     * Whether a file is an IDX file; otherwise it may be a table.
     *
     * @param file the file
     * @return whether its first bytes say so
     * @throws StorageException if it cannot be read
     */
    public static boolean isIdx(Path file) {
        InputFile.require(file, "a CSV or an IDX file");
        try {
            return IdxReader.isIdx(file);
        } catch (IOException e) {
            throw new StorageException(file + ": cannot be read: " + IoProblem.describe(e), e);
        }
    }

    /**
     * Reads a file.
     *
     * @param file an IDX file of images
     * @param fitted what the network was trained on
     * @return its images
     * @throws BadDataException if it is damaged, or the images are not like those
     * @throws StorageException if it cannot be read
     */
    public static ImageRows read(Path file, FittedEncoding fitted) {
        IdxReader.Images images = IdxReader.images(file);
        return new ImageRows(images, IdxFolder.encodingFor(fitted, images, file));
    }

    /** {@return the number of images} */
    public int count() {
        return images.count();
    }

    /**
     * Encodes some images.
     *
     * @param from the first
     * @param count how many
     * @param out receives the inputs, row-major, from position 0
     */
    public void inputs(int from, int count, double[] out) {
        encode(images, encoding, from, count, out);
    }

    static void encode(
            IdxReader.Images images, ImageEncoding encoding, int from, int count, double[] out) {
        int size = images.size();
        for (int i = 0; i < count * size; i++) {
            int at = from * size + i;
            out[i] = encoding.encode(images.value(at));
        }
    }
}
