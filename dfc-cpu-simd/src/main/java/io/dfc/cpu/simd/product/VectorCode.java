package io.dfc.cpu.simd.product;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import io.dfc.cpu.simd.kernel.Simd;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Consumer;

/**
 * Bytecode of vector arithmetic on float arrays: what the writers of register blocks have in
 * common. Every vector is a local variable.
 */
final class VectorCode {
    private static final ClassDesc SIMD = Simd.class.describeConstable().orElseThrow();
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

    final CodeBuilder code;

    VectorCode(CodeBuilder code) {
        this.code = code;
    }

    /**
     * An instance of a new class with one method.
     *
     * @param type superclass, whose only abstract method is {@code run}
     * @param name simple name of the class
     * @param run descriptor of the method
     * @param body writes the method
     */
    static <T> T instance(
            Class<T> type, String name, MethodTypeDesc run, Consumer<CodeBuilder> body) {
        ClassDesc parent = type.describeConstable().orElseThrow();
        byte[] bytes =
                ClassFile.of()
                        .build(
                                ClassDesc.of(parent.packageName(), name),
                                written -> {
                                    written.withSuperclass(parent).withFlags(ClassFile.ACC_FINAL);
                                    written.withMethodBody(
                                            INIT_NAME,
                                            MTD_void,
                                            0,
                                            code ->
                                                    code.aload(0)
                                                            .invokespecial(
                                                                    parent, INIT_NAME, MTD_void)
                                                            .return_());
                                    written.withMethodBody("run", run, 0, body);
                                });
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup().defineHiddenClass(bytes, true);
            MethodHandle constructor =
                    lookup.findConstructor(lookup.lookupClass(), MethodType.methodType(void.class));
            return type.cast(constructor.invoke());
        } catch (Throwable e) {
            throw new IllegalStateException("a register block cannot be made: " + e, e);
        }
    }

    /** Slot of a parameter of the method. */
    int slot(int parameter) {
        return code.parameterSlot(parameter);
    }

    /** A new local variable for an int. */
    int integer() {
        return code.allocateLocal(TypeKind.INT);
    }

    /** A new local variable for a vector. */
    int vector() {
        return code.allocateLocal(TypeKind.REFERENCE);
    }

    int[] vectors(int count) {
        int[] all = new int[count];
        for (int i = 0; i < count; i++) {
            all[i] = vector();
        }
        return all;
    }

    /** Sets vectors to zero, by way of another one. */
    void zero(int[][] vectors, int by) {
        code.getstatic(SIMD, "F", SPECIES).invokestatic(FLOAT_VECTOR, "zero", ZERO).astore(by);
        for (int[] row : vectors) {
            for (int vector : row) {
                code.aload(by).astore(vector);
            }
        }
    }

    /**
     * {@code to = array[place + offset ...]}.
     *
     * @param array slot of the array
     * @param place slot of an int
     */
    void load(int array, int place, int offset, int to) {
        code.getstatic(SIMD, "F", SPECIES).aload(array);
        place(place, offset);
        code.invokestatic(FLOAT_VECTOR, "fromArray", FROM_ARRAY).astore(to);
    }

    /**
     * {@code to = array[...]} in all lanes.
     *
     * @param place leaves the place of the number on the stack
     */
    void broadcast(int array, Runnable place, int to) {
        code.getstatic(SIMD, "F", SPECIES).aload(array);
        place.run();
        code.faload().invokestatic(FLOAT_VECTOR, "broadcast", BROADCAST).astore(to);
    }

    /** {@code sum += a * b}; neither {@code a} nor {@code b} comes from around a loop. */
    void multiplyAdd(int a, int b, int sum) {
        code.aload(a).aload(b).aload(sum).invokevirtual(FLOAT_VECTOR, "fma", FMA).astore(sum);
    }

    /** Leaves {@code fresh + sum} on the stack; {@code fresh} does not come from around a loop. */
    void add(int fresh, int sum) {
        code.aload(fresh).aload(sum).invokevirtual(FLOAT_VECTOR, "add", ADD);
    }

    /** {@code array[place + offset ...]} becomes the vector on the stack. */
    void store(int array, int place, int offset) {
        code.aload(array);
        place(place, offset);
        code.invokevirtual(FLOAT_VECTOR, "intoArray", INTO_ARRAY);
    }

    private void place(int place, int offset) {
        code.iload(place).loadConstant(offset).iadd();
    }

    /** {@code for (; counter < limit; counter++) body}. */
    void loop(int counter, int limit, Runnable body) {
        Label test = code.newBoundLabel();
        Label end = code.newLabel();
        code.iload(counter).iload(limit).if_icmpge(end);
        body.run();
        code.iinc(counter, 1).goto_(test).labelBinding(end);
    }
}
