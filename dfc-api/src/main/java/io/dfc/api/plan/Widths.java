package io.dfc.api.plan;

import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation.Coefficients;

/**
 * Widths of what operations write. For invalid arguments the width is 1: {@link ProgramCheck}
 * refuses the operation when the program is built.
 */
final class Widths {
    private Widths() {}

    static int of(Buffer buffer) {
        return buffer == null ? 1 : buffer.width();
    }

    static int ofProduct(Coefficients matrix, boolean transposed) {
        boolean there =
                matrix != null
                        && matrix.group() != null
                        && matrix.layer() >= 0
                        && matrix.layer() < matrix.group().tensors();
        int[] shape = there ? matrix.shape() : new int[0];
        int axis = transposed ? 1 : 0;
        return axis < shape.length ? shape[axis] : 1;
    }
}
