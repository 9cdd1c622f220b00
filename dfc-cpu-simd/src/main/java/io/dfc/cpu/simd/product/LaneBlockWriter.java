package io.dfc.cpu.simd.product;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import io.dfc.cpu.simd.kernel.Simd;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/**
 * Writes the classes of {@link LaneBlock}. Both factors are read from front to back, each by one
 * index: what else a step of the inner loop had to compute would cost as much as its multiply-adds.
 */
final class LaneBlockWriter {
    private static final ClassDesc FLOATS = CD_float.arrayType();
    private static final MethodTypeDesc RUN =
            MethodTypeDesc.of(
                    CD_void, CD_int, FLOATS, CD_int, FLOATS, CD_int, CD_int, FLOATS, CD_int, FLOATS,
                    CD_int);

    // Positions of the parameters of LaneBlock.run.
    private static final int BLOCKS = 0;
    private static final int A = 1;
    private static final int A_AT = 2;
    private static final int B = 3;
    private static final int B_AT = 4;
    private static final int INNER = 5;
    private static final int STORED = 6;
    private static final int STORED_AT = 7;
    private static final int C = 8;
    private static final int C_AT = 9;

    private final int rows;
    private final int width;
    private final int stride;
    private final LaneBlock.Form form;
    private final VectorCode vector;
    private final CodeBuilder code;

    /** Local variables of the sums, by row and vector. */
    private final int[][] sums;

    /** Those of the vectors of a row of {@code b}. */
    private final int[] right;

    // Those of the number of the block, the inner index, and places in arrays.
    private final int block;
    private final int inner;
    private final int productAt;
    private final int leftAt;
    private final int factorAt;
    private final int roundAt;
    private final int factor;

    private LaneBlockWriter(LaneShape shape, int rows, LaneBlock.Form form, CodeBuilder code) {
        this.rows = rows;
        this.form = form;
        this.code = code;
        width = shape.width();
        stride = shape.stride();
        vector = new VectorCode(code);
        block = vector.integer();
        inner = vector.integer();
        productAt = vector.integer();
        leftAt = vector.integer();
        factorAt = vector.integer();
        roundAt = vector.integer();
        factor = vector.vector();
        right = vector.vectors(shape.vectors());
        sums = new int[rows][];
        for (int r = 0; r < rows; r++) {
            sums[r] = vector.vectors(shape.vectors());
        }
    }

    /**
     * A block.
     *
     * @param rows its height, at most that of the shape
     */
    static LaneBlock block(LaneShape shape, int rows, LaneBlock.Form form) {
        return VectorCode.instance(
                LaneBlock.class,
                "Lanes" + rows + "x" + shape.vectors(),
                RUN,
                code -> new LaneBlockWriter(shape, rows, form, code).write());
    }

    private void write() {
        code.iconst_0().istore(block);
        vector.loop(block, local(BLOCKS), this::writeBlock);
        code.return_();
    }

    private void writeBlock() {
        writeProductAt(C_AT, productAt);
        vector.zero(sums, factor);
        code.iload(local(A_AT)).iload(block).iload(local(INNER)).imul();
        code.loadConstant(stride).imul().iadd().istore(leftAt);
        code.iconst_0().istore(inner);
        vector.loop(inner, local(INNER), this::writeRound);
        if (form == LaneBlock.Form.STORED_AND_ADDED) {
            writeProductAt(STORED_AT, roundAt);
            writeStores(STORED, roundAt, false);
        }
        writeStores(C, productAt, form != LaneBlock.Form.PLAIN);
    }

    private void writeProductAt(int start, int place) {
        code.iload(local(start)).iload(block).loadConstant(rows * width).imul().iadd();
        code.istore(place);
    }

    private void writeRound() {
        code.iload(local(B_AT)).iload(inner).loadConstant(width).imul().iadd().istore(roundAt);
        code.iload(leftAt).iload(inner).loadConstant(stride).imul().iadd().istore(factorAt);
        for (int v = 0; v < right.length; v++) {
            vector.load(local(B), roundAt, v * Simd.LANES, right[v]);
        }
        for (int r = 0; r < rows; r++) {
            int row = r;
            vector.broadcast(local(A), () -> code.iload(factorAt).loadConstant(row).iadd(), factor);
            for (int v = 0; v < right.length; v++) {
                vector.multiplyAdd(factor, right[v], sums[r][v]);
            }
        }
    }

    private void writeStores(int array, int place, boolean added) {
        for (int r = 0; r < rows; r++) {
            for (int v = 0; v < right.length; v++) {
                int offset = r * width + v * Simd.LANES;
                if (added) {
                    vector.load(local(array), place, offset, factor);
                    vector.add(factor, sums[r][v]);
                } else {
                    code.aload(sums[r][v]);
                }
                vector.store(local(array), place, offset);
            }
        }
    }

    private int local(int parameter) {
        return code.parameterSlot(parameter);
    }
}
