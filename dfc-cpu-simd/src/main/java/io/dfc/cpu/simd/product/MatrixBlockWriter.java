package io.dfc.cpu.simd.product;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import io.dfc.cpu.simd.kernel.Simd;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/**
 * Writes the classes of {@link MatrixBlock}. All distances are constants, so that each factor is
 * read by one index.
 */
final class MatrixBlockWriter {
    private static final ClassDesc FLOATS = CD_float.arrayType();
    private static final MethodTypeDesc RUN =
            MethodTypeDesc.of(
                    CD_void, CD_int, FLOATS, CD_int, FLOATS, CD_int, CD_int, FLOATS, CD_int);

    // Positions of the parameters of MatrixBlock.run.
    private static final int BLOCKS = 0;
    private static final int A = 1;
    private static final int A_AT = 2;
    private static final int B = 3;
    private static final int B_AT = 4;
    private static final int INNER = 5;
    private static final int C = 6;
    private static final int C_AT = 7;

    private final MatrixBlock.Form form;
    private final VectorCode vector;
    private final CodeBuilder code;

    /** Local variables of the sums, by row and column. */
    private final int[][] sums;

    /** Those of the elements of the right factor. */
    private final int[] right;

    // Those of the number of the block, the inner index, and places in arrays.
    private final int block;
    private final int inner;
    private final int start;
    private final int leftAt;
    private final int rightAt;
    private final int left;

    private MatrixBlockWriter(MatrixBlock.Form form, CodeBuilder code) {
        this.form = form;
        this.code = code;
        vector = new VectorCode(code);
        block = vector.integer();
        inner = vector.integer();
        start = vector.integer();
        leftAt = vector.integer();
        rightAt = vector.integer();
        left = vector.vector();
        right = vector.vectors(form.columns());
        sums = new int[form.rows()][];
        for (int r = 0; r < sums.length; r++) {
            sums[r] = vector.vectors(form.columns());
        }
    }

    static MatrixBlock block(MatrixBlock.Form form) {
        return VectorCode.instance(
                MatrixBlock.class,
                "Matrix" + form.rows() + "x" + form.columns(),
                RUN,
                code -> new MatrixBlockWriter(form, code).write());
    }

    private void write() {
        code.iconst_0().istore(block);
        vector.loop(block, vector.slot(BLOCKS), this::writeBlock);
        code.return_();
    }

    private void writeBlock() {
        vector.zero(sums, left);
        writePlace(A_AT, form.rowStep(), start);
        code.iconst_0().istore(inner);
        vector.loop(inner, vector.slot(INNER), this::writeRound);
        writePlace(C_AT, form.productStep(), start);
        for (int r = 0; r < form.rows(); r++) {
            for (int c = 0; c < form.columns(); c++) {
                code.aload(sums[r][c]);
                vector.store(vector.slot(C), start, r * form.productStep() + c * Simd.LANES);
            }
        }
    }

    /** Sets a place to where the block's first row begins. */
    private void writePlace(int parameter, int step, int place) {
        code.iload(vector.slot(parameter)).iload(block).loadConstant(form.rows() * step);
        code.imul().iadd().istore(place);
    }

    private void writeRound() {
        code.iload(vector.slot(B_AT)).iload(inner).loadConstant(form.innerStep());
        code.imul().iadd().istore(rightAt);
        code.iload(start).iload(inner).loadConstant(form.innerStep());
        code.imul().iadd().istore(leftAt);
        for (int c = 0; c < right.length; c++) {
            vector.load(vector.slot(B), rightAt, c * form.rowStep(), right[c]);
        }
        for (int r = 0; r < form.rows(); r++) {
            vector.load(vector.slot(A), leftAt, r * form.rowStep(), left);
            for (int c = 0; c < right.length; c++) {
                vector.multiplyAdd(left, right[c], sums[r][c]);
            }
        }
    }
}
