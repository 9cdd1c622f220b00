package io.dfc.algorithms.data;

import io.dfc.algorithms.files.ContentHash;
import io.dfc.api.error.BadDataException;

/**
 * Vectors of equal length, one per sample, stored compactly and widened when they are read.
 *
 * <p>Immutable once built: the arrays belong to the instance.
 */
sealed interface Samples {
    /** {@return the number of vectors} */
    int count();

    /** {@return the length of each vector} */
    int width();

    /** Writes vector {@code index} to {@code out[offset..]}. */
    void read(int index, double[] out, int offset);

    /** Writes vector {@code index} to {@code out[offset..]}, rounded to float32. */
    void read(int index, float[] out, int offset);

    /** Feeds vector {@code index} into a hash. */
    void hash(int index, ContentHash hash);

    /**
     * Bytes with an affine map, one byte per element.
     *
     * @param bytes row-major, shape [count, width]; shared
     * @param width length of each vector
     * @param values value of each of the 256 bytes
     * @param rounded these values, rounded to float32
     */
    record Pixels(byte[] bytes, int width, double[] values, float[] rounded) implements Samples {
        static Pixels of(byte[] bytes, int width, double[] values) {
            float[] rounded = new float[values.length];
            for (int i = 0; i < values.length; i++) {
                rounded[i] = (float) values[i];
            }
            return new Pixels(bytes, width, values, rounded);
        }

        @Override
        public int count() {
            return bytes.length / width;
        }

        @Override
        public void read(int index, double[] out, int offset) {
            int from = index * width;
            for (int i = 0; i < width; i++) {
                out[offset + i] = values[bytes[from + i] & 0xFF];
            }
        }

        @Override
        public void read(int index, float[] out, int offset) {
            int from = index * width;
            for (int i = 0; i < width; i++) {
                out[offset + i] = rounded[bytes[from + i] & 0xFF];
            }
        }

        @Override
        public void hash(int index, ContentHash hash) {
            hash.bytes(bytes, index * width, width);
        }
    }

    /**
     * Float64 numbers.
     *
     * @param values row-major, shape [count, width]; shared
     * @param width length of each vector
     */
    record Reals(double[] values, int width) implements Samples {
        @Override
        public int count() {
            return values.length / width;
        }

        @Override
        public void read(int index, double[] out, int offset) {
            System.arraycopy(values, index * width, out, offset, width);
        }

        @Override
        public void read(int index, float[] out, int offset) {
            int from = index * width;
            for (int i = 0; i < width; i++) {
                out[offset + i] = (float) values[from + i];
            }
        }

        @Override
        public void hash(int index, ContentHash hash) {
            for (int i = 0; i < width; i++) {
                hash.number(values[index * width + i]);
            }
        }

        /** Refuses numbers that are not finite. */
        Reals requireFinite(String source, String what) {
            for (int i = 0; i < values.length; i++) {
                if (!Double.isFinite(values[i])) {
                    throw new BadDataException(
                            source,
                            i / width,
                            what
                                    + " "
                                    + i % width
                                    + " of sample "
                                    + i / width
                                    + " is "
                                    + values[i]
                                    + ", expected a finite number");
                }
            }
            return this;
        }
    }
}
