package io.dfc.cpu.simd.product;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import io.dfc.cpu.simd.kernel.Simd;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/**
 * Writes the classes of register blocks. Each sum is a local variable of its own and the loops over
 * rows and products are in one method, since the compiler keeps vectors in registers in no other
 * form: no array of vectors, no helper that takes one, no vector from around a loop as the receiver
 * of an operation.
 */
final class BlockWriter {
    private static final ClassDesc FLOATS = CD_float.arrayType();
    private static final MethodTypeDesc RUN =
            MethodTypeDesc.of(
                    CD_void, CD_int, FLOATS, CD_int, CD_int, FLOATS, CD_int, CD_int, FLOATS, CD_int,
                    FLOATS, CD_int, CD_int);

    // Positions of the parameters of ProductBlock.run.
    private static final int BLOCKS = 0;
    private static final int A = 1;
    private static final int A_AT = 2;
    private static final int LDA = 3;
    private static final int B = 4;
    private static final int B_AT = 5;
    private static final int INNER = 6;
    private static final int ROW = 7;
    private static final int ROW_AT = 8;
    private static final int C = 9;
    private static final int C_AT = 10;
    private static final int LDC = 11;

    private final BlockForm form;
    private final int rows;
    private final int vectors;
    private final VectorCode vector;
    private final CodeBuilder code;

    /** Local variables of the sums, by row and vector. */
    private final int[][] sums;

    /** Those of the vectors of a row of {@code b}. */
    private final int[] right;

    /** Those of the places of a block's rows in a row-major left factor. */
    private final int[] rowAt;

    // Those of the number of the block, its first row, the inner index, and places in arrays.
    private final int block;
    private final int first;
    private final int inner;
    private final int rightAt;
    private final int leftAt;
    private final int roundAt;
    private final int productAt;
    private final int factorAt;
    private final int factor;

    private BlockWriter(BlockForm form, int rows, int vectors, CodeBuilder code) {
        this.form = form;
        this.rows = rows;
        this.vectors = vectors;
        this.code = code;
        vector = new VectorCode(code);
        block = vector.integer();
        first = vector.integer();
        inner = vector.integer();
        rightAt = vector.integer();
        leftAt = vector.integer();
        roundAt = vector.integer();
        productAt = vector.integer();
        factorAt = vector.integer();
        factor = vector.vector();
        right = vector.vectors(vectors);
        rowAt = new int[rows];
        sums = new int[rows][];
        for (int r = 0; r < rows; r++) {
            rowAt[r] = vector.integer();
            sums[r] = vector.vectors(vectors);
        }
    }

    /**
     * A block.
     *
     * @param rows its height
     * @param vectors its width
     */
    static ProductBlock block(BlockForm form, int rows, int vectors) {
        return VectorCode.instance(
                ProductBlock.class,
                "Block" + rows + "x" + vectors,
                RUN,
                code -> new BlockWriter(form, rows, vectors, code).write());
    }

    private void write() {
        code.iconst_0().istore(block);
        vector.loop(block, local(BLOCKS), this::writeBlock);
        code.return_();
    }

    private void writeBlock() {
        code.iload(block).loadConstant(rows).imul().istore(first);
        // Known before the loops, though used after them: with this the compiler, whose order of
        // instructions depends on such things, keeps all sums in registers.
        writePlace(C_AT, LDC, 0);
        code.istore(productAt);
        vector.zero(sums, factor);
        code.iload(local(B_AT)).istore(rightAt);
        writeProducts();
        writeStores();
    }

    private void writeProducts() {
        switch (form.left()) {
            case PACKED -> {
                code.iload(local(A_AT)).iload(first).iload(local(INNER)).imul().iadd();
                code.istore(leftAt);
            }
            case ROWS -> {
                for (int r = 0; r < rows; r++) {
                    writePlace(A_AT, LDA, r);
                    code.istore(rowAt[r]);
                }
            }
        }
        code.iconst_0().istore(inner);
        vector.loop(inner, local(INNER), this::writeRound);
    }

    private void writeRound() {
        code.iload(rightAt).iload(inner).loadConstant(vectors * Simd.LANES).imul().iadd();
        code.istore(roundAt);
        if (form.left() == BlockForm.Left.PACKED) {
            code.iload(leftAt).iload(inner).loadConstant(rows).imul().iadd().istore(factorAt);
        }
        for (int v = 0; v < vectors; v++) {
            vector.load(local(B), roundAt, v * Simd.LANES, right[v]);
        }
        for (int r = 0; r < rows; r++) {
            int row = r;
            vector.broadcast(
                    local(A),
                    () -> {
                        switch (form.left()) {
                            case PACKED -> code.iload(factorAt).loadConstant(row).iadd();
                            case ROWS -> code.iload(rowAt[row]).iload(inner).iadd();
                        }
                    },
                    factor);
            for (int v = 0; v < vectors; v++) {
                vector.multiplyAdd(factor, right[v], sums[r][v]);
            }
        }
    }

    private void writeStores() {
        if (form.added() == BlockForm.Added.ROW) {
            for (int v = 0; v < vectors; v++) {
                vector.load(local(ROW), local(ROW_AT), v * Simd.LANES, right[v]);
            }
        }
        for (int r = 0; r < rows; r++) {
            code.iload(productAt).loadConstant(r).iload(local(LDC)).imul().iadd().istore(roundAt);
            for (int v = 0; v < vectors; v++) {
                switch (form.added()) {
                    case NOTHING -> code.aload(sums[r][v]);
                    case ROW -> vector.add(right[v], sums[r][v]);
                    case PRODUCT -> {
                        vector.load(local(C), roundAt, v * Simd.LANES, factor);
                        vector.add(factor, sums[r][v]);
                    }
                }
                vector.store(local(C), roundAt, v * Simd.LANES);
            }
        }
    }

    /** Leaves the place of a row of the block on the stack. */
    private void writePlace(int start, int stride, int row) {
        code.iload(local(start)).iload(first).loadConstant(row).iadd();
        code.iload(local(stride)).imul().iadd();
    }

    private int local(int parameter) {
        return code.parameterSlot(parameter);
    }
}
