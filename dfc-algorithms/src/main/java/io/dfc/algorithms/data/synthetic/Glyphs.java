package io.dfc.algorithms.data.synthetic;

import io.dfc.algorithms.data.DataEncoding;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.ImageEncoding;
import io.dfc.algorithms.data.Normalization;
import io.dfc.algorithms.data.SplitSizes;
import io.dfc.algorithms.data.TargetEncoding;
import io.dfc.algorithms.data.sampling.CounterRandom;

import java.util.stream.IntStream;

/**
 * The built-in data set {@code glyphs}: generated grey 28 x 28 images of the ten digits, drawn with
 * pen strokes.
 *
 * <p>The images depend on the sizes and the generation seed alone; they are the same on every
 * machine. Classes are balanced: sample {@code i} of each part shows the digit {@code i mod 10}.
 */
public final class Glyphs {
    /**
     * Seed of the images that every run uses unless it asks for others, so that results compare.
     */
    public static final long DEFAULT_SEED = 20_211_206;

    private static final String NAME = "glyphs";
    private static final int CLASSES = 10;
    private static final int PIXELS = GlyphPainter.SIDE * GlyphPainter.SIDE;
    private static final int CHUNK = 250;
    private static final double WHITE = 255;

    /** Standardises the default training images, rounded to four digits. */
    static final Normalization NORMALIZATION = new Normalization(0.1064, 0.2250);

    private static final DataEncoding ENCODING =
            new ImageEncoding(
                    PIXELS,
                    WHITE,
                    NORMALIZATION,
                    new TargetEncoding.Classes(
                            IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList()));

    private Glyphs() {}

    /**
     * Draws the images.
     *
     * @param sizes number of images of each part
     * @param seed seed of the images, usually {@link #DEFAULT_SEED}
     * @return training, validation and test images with their digits
     */
    public static DataSplits generate(SplitSizes sizes, long seed) {
        return sizes.assemble((part, size) -> draw(size, seed, part)).withEncoding(ENCODING);
    }

    private static DataSet draw(int size, long seed, int part) {
        byte[] pixels = new byte[Math.multiplyExact(size, PIXELS)];
        int[] labels = new int[size];
        IntStream.range(0, (size + CHUNK - 1) / CHUNK)
                .parallel()
                .forEach(
                        chunk -> {
                            GlyphPainter painter = new GlyphPainter();
                            for (int i = chunk * CHUNK;
                                    i < Math.min(size, (chunk + 1) * CHUNK);
                                    i++) {
                                labels[i] = i % CLASSES;
                                painter.paint(
                                        labels[i],
                                        new CounterRandom(seed, part, i),
                                        pixels,
                                        i * PIXELS);
                            }
                        });
        return DataSet.images(NAME, pixels, PIXELS, NORMALIZATION, labels, CLASSES);
    }
}
