package io.dfc.tornado.kernel;

import static io.dfc.tornado.kernel.TableLayout.*;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Rounded copies of the weights that loops read. */
public final class PackKernels {
    private PackKernels() {}

    /**
     * Packs all feedback weights, and the weights of all layers but the first, whose input is
     * constant in those phases; a word to a work-item.
     */
    public static void pack(
            KernelContext c, IntArray p, FloatArray k, FloatArray m, IntArray words, int packed) {
        int base = c.groupIdy * p.get(ROW_LENGTH);
        int stride = c.globalGroupSizeX;
        int depth = p.get(base + DEPTH);
        int outputs = p.get(base + OUTPUTS);
        int powers = base + p.get(base + POWERS);
        for (int i = 0; i < depth; i++) {
            int layer = base + LAYERS + i * LAYER_RECORD;
            int n = p.get(layer + SIZE);
            int below = i == 0 ? 0 : p.get(layer + FAN_IN);
            int row = (below + 1) / 2;
            for (int e = c.globalIdx; e < n * row; e += stride) {
                int j = e / row;
                int x = e - j * row;
                words.set(
                        p.get(layer + PACKED + WEIGHTS_READ)
                                + j * p.get(layer + PACKED + WEIGHT_ROW)
                                + x * p.get(layer + WEIGHT_STEP),
                        word(k, powers, m, p.get(layer + WEIGHTS) + j * below, x, below));
            }
            int feedbackRow = (outputs + 1) / 2;
            for (int e = c.globalIdx; e < n * feedbackRow; e += stride) {
                int j = e / feedbackRow;
                int x = e - j * feedbackRow;
                words.set(
                        p.get(layer + PACKED + FEEDBACK_READ)
                                + j * p.get(layer + PACKED + FEEDBACK_ROW)
                                + x * p.get(layer + FEEDBACK_STEP),
                        word(k, powers, m, p.get(layer + FEEDBACK) + j * outputs, x, outputs));
            }
        }
    }

    /** A word of a row of weights; half of the last is empty if their number is odd. */
    private static int word(FloatArray k, int powers, FloatArray m, int row, int x, int length) {
        int lower = Bfloat16.code(k, powers, m.get(row + 2 * x));
        int second = 2 * x + 1 < length ? 1 : 0;
        int upper = Bfloat16.code(k, powers, m.get(row + 2 * x + second));
        return lower | (second * upper) << 16;
    }
}
