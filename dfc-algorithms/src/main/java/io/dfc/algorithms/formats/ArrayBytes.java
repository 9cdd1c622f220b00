package io.dfc.algorithms.formats;

import io.dfc.api.tensor.Tensor;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The numbers of arrays as all writers write them: row-major, little endian. */
final class ArrayBytes {
    private static final int CHUNK = 1 << 16;

    private ArrayBytes() {}

    /** {@return the number of bytes of an array} */
    static long count(Tensor tensor) {
        return (long) tensor.size() * NumberType.of(tensor.type()).bytes();
    }

    /** Writes the numbers of an array. */
    static void write(Tensor tensor, OutputStream out) throws IOException {
        int width = NumberType.of(tensor.type()).bytes();
        int most = CHUNK / width;
        ByteBuffer chunk =
                ByteBuffer.allocate(Math.min(most, tensor.size()) * width)
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (int done = 0; done < tensor.size(); ) {
            int n = Math.min(tensor.size() - done, most);
            switch (tensor.type()) {
                case F32 -> chunk.asFloatBuffer().put(tensor.floats(), done, n);
                case F64 -> chunk.asDoubleBuffer().put(tensor.doubles(), done, n);
            }
            out.write(chunk.array(), 0, n * width);
            done += n;
        }
    }
}
