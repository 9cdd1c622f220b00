package io.dfc.cpu.simd;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

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
                    CD_void, CD_int, FLOATS, CD_int, FLOATS, CD_int, CD_int, CD_int, FLOATS, CD_int,
                    FLOATS, CD_int);

    // Positions of the parameters of LaneBlock.run.
    private static final int BLOCKS = 0;
    private static final int A = 1;
    private static final int A_AT = 2;
    private static final int B = 3;
    private static final int B_AT = 4;
    private static final int INNER = 5;
    private static final int MORE = 6;
    private static final int KEPT = 7;
    private static final int KEPT_AT = 8;
    private static final int C = 9;
    private static final int C_AT = 10;

    private final int rows;
    private final int width;
    private final int stride;
    private final boolean keeps;
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
    private final int rightAt;
    private final int factorAt;
    private final int roundAt;
    private final int factor;

    private LaneBlockWriter(LaneShape shape, int rows, boolean keeps, CodeBuilder code) {
        this.rows = rows;
        this.keeps = keeps;
        this.code = code;
        width = shape.width();
        stride = shape.stride();
        vector = new VectorCode(code);
        block = vector.integer();
        inner = vector.integer();
        productAt = vector.integer();
        leftAt = vector.integer();
        rightAt = vector.integer();
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
     * @param keeps whether it keeps the sums of its first products
     */
    static LaneBlock block(LaneShape shape, int rows, boolean keeps) {
        return VectorCode.instance(
                LaneBlock.class,
                "Lanes" + rows + "x" + shape.vectors(),
                RUN,
                code -> new LaneBlockWriter(shape, rows, keeps, code).write());
    }

    private void write() {
        code.iconst_0().istore(block);
        vector.loop(block, slot(BLOCKS), this::writeBlock);
        code.return_();
    }

    private void writeBlock() {
        writeProductAt(C_AT);
        vector.zero(sums, factor);
        code.iload(slot(A_AT)).iload(block).iload(slot(INNER)).iload(slot(MORE)).iadd().imul();
        code.loadConstant(stride).imul().iadd().istore(leftAt);
        code.iload(slot(B_AT)).istore(rightAt);
        writeLoop(INNER);
        if (keeps) {
            writeProductAt(KEPT_AT);
            writeStores(KEPT);
            writeProductAt(C_AT);
            writeAdvance(leftAt, stride);
            writeAdvance(rightAt, width);
            writeLoop(MORE);
        }
        writeStores(C);
    }

    private void writeProductAt(int start) {
        code.iload(slot(start)).iload(block).loadConstant(rows * width).imul().iadd();
        code.istore(productAt);
    }

    private void writeAdvance(int place, int distance) {
        code.iload(place).iload(slot(INNER)).loadConstant(distance).imul().iadd().istore(place);
    }

    private void writeLoop(int count) {
        code.iconst_0().istore(inner);
        vector.loop(inner, slot(count), this::writeRound);
    }

    private void writeRound() {
        code.iload(rightAt).iload(inner).loadConstant(width).imul().iadd().istore(roundAt);
        code.iload(leftAt).iload(inner).loadConstant(stride).imul().iadd().istore(factorAt);
        for (int v = 0; v < right.length; v++) {
            vector.load(slot(B), roundAt, v * Simd.LANES, right[v]);
        }
        for (int r = 0; r < rows; r++) {
            int row = r;
            vector.broadcast(slot(A), () -> code.iload(factorAt).loadConstant(row).iadd(), factor);
            for (int v = 0; v < right.length; v++) {
                vector.multiplyAdd(factor, right[v], sums[r][v]);
            }
        }
    }

    private void writeStores(int array) {
        for (int r = 0; r < rows; r++) {
            for (int v = 0; v < right.length; v++) {
                code.aload(sums[r][v]);
                vector.store(slot(array), productAt, r * width + v * Simd.LANES);
            }
        }
    }

    private int slot(int parameter) {
        return code.parameterSlot(parameter);
    }
}
