package io.dfc.cpu.simd;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Writes the classes of register blocks. Each sum is a local variable of its own and the loops over
 * rows and products are in one method, since the compiler keeps vectors in registers in no other
 * form: no array of vectors, no helper that takes one, no vector from around a loop as the receiver
 * of an operation.
 */
final class BlockWriter {
    private static final ClassDesc SIMD = Simd.class.describeConstable().orElseThrow();
    private static final ClassDesc BLOCK = ProductBlock.class.describeConstable().orElseThrow();
    private static final ClassDesc FLOATS = CD_float.arrayType();
    private static final ClassDesc VECTOR = ClassDesc.of("jdk.incubator.vector.Vector");
    private static final ClassDesc FLOAT_VECTOR = ClassDesc.of("jdk.incubator.vector.FloatVector");
    private static final ClassDesc SPECIES = ClassDesc.of("jdk.incubator.vector.VectorSpecies");
    private static final MethodTypeDesc FROM_ARRAY =
            MethodTypeDesc.of(FLOAT_VECTOR, SPECIES, FLOATS, CD_int);
    private static final MethodTypeDesc BROADCAST =
            MethodTypeDesc.of(FLOAT_VECTOR, SPECIES, CD_float);
    private static final MethodTypeDesc ZERO = MethodTypeDesc.of(FLOAT_VECTOR, SPECIES);
    private static final MethodTypeDesc ADD = MethodTypeDesc.of(FLOAT_VECTOR, VECTOR);
    private static final MethodTypeDesc FMA = MethodTypeDesc.of(FLOAT_VECTOR, VECTOR, VECTOR);
    private static final MethodTypeDesc INTO_ARRAY = MethodTypeDesc.of(CD_void, FLOATS, CD_int);
    private static final MethodTypeDesc RUN =
            MethodTypeDesc.of(
                    CD_void, CD_int, FLOATS, CD_int, CD_int, FLOATS, CD_int, CD_int, FLOATS, CD_int,
                    FLOATS, CD_int, CD_int, CD_int, FLOATS, CD_int, CD_int);

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
    private static final int U = 9;
    private static final int U_AT = 10;
    private static final int LDU = 11;
    private static final int INNER_U = 12;
    private static final int C = 13;
    private static final int C_AT = 14;
    private static final int LDC = 15;

    private final BlockForm form;
    private final int rows;
    private final int vectors;
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
        block = code.allocateLocal(TypeKind.INT);
        first = code.allocateLocal(TypeKind.INT);
        inner = code.allocateLocal(TypeKind.INT);
        rightAt = code.allocateLocal(TypeKind.INT);
        leftAt = code.allocateLocal(TypeKind.INT);
        roundAt = code.allocateLocal(TypeKind.INT);
        productAt = code.allocateLocal(TypeKind.INT);
        factorAt = code.allocateLocal(TypeKind.INT);
        factor = code.allocateLocal(TypeKind.REFERENCE);
        right = new int[vectors];
        for (int v = 0; v < vectors; v++) {
            right[v] = code.allocateLocal(TypeKind.REFERENCE);
        }
        rowAt = new int[rows];
        sums = new int[rows][vectors];
        for (int r = 0; r < rows; r++) {
            rowAt[r] = code.allocateLocal(TypeKind.INT);
            for (int v = 0; v < vectors; v++) {
                sums[r][v] = code.allocateLocal(TypeKind.REFERENCE);
            }
        }
    }

    /**
     * A block.
     *
     * @param rows its height
     * @param vectors its width
     */
    static ProductBlock block(BlockForm form, int rows, int vectors) {
        ClassDesc name = ClassDesc.of(BLOCK.packageName(), "Block" + rows + "x" + vectors);
        byte[] bytes =
                ClassFile.of()
                        .build(
                                name,
                                type -> {
                                    type.withSuperclass(BLOCK).withFlags(ClassFile.ACC_FINAL);
                                    type.withMethodBody(
                                            INIT_NAME, MTD_void, 0, BlockWriter::writeConstructor);
                                    type.withMethodBody(
                                            "run",
                                            RUN,
                                            0,
                                            code ->
                                                    new BlockWriter(form, rows, vectors, code)
                                                            .write());
                                });
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup().defineHiddenClass(bytes, true);
            MethodHandle constructor =
                    lookup.findConstructor(lookup.lookupClass(), MethodType.methodType(void.class));
            return (ProductBlock) constructor.invoke();
        } catch (Throwable e) {
            throw new IllegalStateException("a register block cannot be made: " + e, e);
        }
    }

    private static void writeConstructor(CodeBuilder code) {
        code.aload(0).invokespecial(BLOCK, INIT_NAME, MTD_void).return_();
    }

    private void write() {
        code.iconst_0().istore(block);
        loop(block, BLOCKS, this::writeBlock);
        code.return_();
    }

    private void writeBlock() {
        code.iload(block).loadConstant(rows).imul().istore(first);
        // Known before the loops, though used after them: with this the compiler, whose order of
        // instructions depends on such things, keeps all sums in registers.
        writePlace(C_AT, LDC, 0);
        code.istore(productAt);
        code.getstatic(SIMD, "F", SPECIES).invokestatic(FLOAT_VECTOR, "zero", ZERO);
        code.astore(factor);
        for (int[] row : sums) {
            for (int sum : row) {
                code.aload(factor).astore(sum);
            }
        }
        code.iload(slot(B_AT)).istore(rightAt);
        writeProducts(form.left(), A, A_AT, LDA, INNER);
        if (form.second()) {
            writeProducts(BlockForm.Left.ROWS, U, U_AT, LDU, INNER_U);
        }
        writeStores();
    }

    /** All products of a left factor with the next rows of the panel. */
    private void writeProducts(BlockForm.Left left, int a, int aAt, int lda, int count) {
        switch (left) {
            case PACKED -> {
                code.iload(slot(aAt)).iload(first).iload(slot(count)).imul().iadd().istore(leftAt);
            }
            case ROWS -> {
                for (int r = 0; r < rows; r++) {
                    writePlace(aAt, lda, r);
                    code.istore(rowAt[r]);
                }
            }
        }
        code.iconst_0().istore(inner);
        loop(inner, count, () -> writeRound(left, a));
        if (form.second() && a == A) {
            // The next factor's rows follow in the panel.
            code.iload(rightAt).iload(slot(count)).loadConstant(vectors * Simd.LANES).imul();
            code.iadd().istore(rightAt);
        }
    }

    private void writeRound(BlockForm.Left left, int a) {
        code.iload(rightAt).iload(inner).loadConstant(vectors * Simd.LANES).imul().iadd();
        code.istore(roundAt);
        if (left == BlockForm.Left.PACKED) {
            code.iload(leftAt).iload(inner).loadConstant(rows).imul().iadd().istore(factorAt);
        }
        for (int v = 0; v < vectors; v++) {
            writeLoad(B, roundAt, v, right[v]);
        }
        for (int r = 0; r < rows; r++) {
            code.getstatic(SIMD, "F", SPECIES).aload(slot(a));
            switch (left) {
                case PACKED -> code.iload(factorAt).loadConstant(r).iadd();
                case ROWS -> code.iload(rowAt[r]).iload(inner).iadd();
            }
            code.faload().invokestatic(FLOAT_VECTOR, "broadcast", BROADCAST).astore(factor);
            for (int v = 0; v < vectors; v++) {
                code.aload(factor).aload(right[v]).aload(sums[r][v]);
                code.invokevirtual(FLOAT_VECTOR, "fma", FMA).astore(sums[r][v]);
            }
        }
    }

    private void writeStores() {
        if (form.added() == BlockForm.Added.ROW) {
            for (int v = 0; v < vectors; v++) {
                writeLoad(ROW, slot(ROW_AT), v, right[v]);
            }
        }
        for (int r = 0; r < rows; r++) {
            code.iload(productAt).loadConstant(r).iload(slot(LDC)).imul().iadd().istore(roundAt);
            for (int v = 0; v < vectors; v++) {
                switch (form.added()) {
                    case NOTHING -> code.aload(sums[r][v]);
                    case ROW -> writeAddition(right[v], sums[r][v]);
                    case PRODUCT -> {
                        writeLoad(C, roundAt, v, factor);
                        writeAddition(factor, sums[r][v]);
                    }
                }
                code.aload(slot(C));
                code.iload(roundAt).loadConstant(v * Simd.LANES).iadd();
                code.invokevirtual(FLOAT_VECTOR, "intoArray", INTO_ARRAY);
            }
        }
    }

    private void writeAddition(int fresh, int sum) {
        code.aload(fresh).aload(sum).invokevirtual(FLOAT_VECTOR, "add", ADD);
    }

    /** Leaves the place of a row of the block on the stack. */
    private void writePlace(int start, int stride, int row) {
        code.iload(slot(start)).iload(first).loadConstant(row).iadd();
        code.iload(slot(stride)).imul().iadd();
    }

    private void writeLoad(int array, int place, int vector, int to) {
        code.getstatic(SIMD, "F", SPECIES).aload(slot(array));
        code.iload(place).loadConstant(vector * Simd.LANES).iadd();
        code.invokestatic(FLOAT_VECTOR, "fromArray", FROM_ARRAY).astore(to);
    }

    /** {@code for (; counter < limit; counter++) body}. */
    private void loop(int counter, int limit, Runnable body) {
        Label test = code.newBoundLabel();
        Label end = code.newLabel();
        code.iload(counter).iload(slot(limit)).if_icmpge(end);
        body.run();
        code.iinc(counter, 1).goto_(test).labelBinding(end);
    }

    private int slot(int parameter) {
        return code.parameterSlot(parameter);
    }
}
