package io.dfc.algorithms.formats;

import io.dfc.api.tensor.ElementType;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Types of numbers in files, named as safetensors names them. They are read into the smaller of
 * float32 and float64 that holds all of them; of 64-bit integers, float64 holds those up to
 * 2<sup>53</sup>.
 */
public enum NumberType {
    /** One byte, 0 or 1. */
    BOOL(1, ElementType.F32, "b1"),
    /** Signed 8-bit integer. */
    I8(1, ElementType.F32, "i1"),
    /** Unsigned 8-bit integer. */
    U8(1, ElementType.F32, "u1"),
    /** Signed 16-bit integer. */
    I16(2, ElementType.F32, "i2"),
    /** Unsigned 16-bit integer. */
    U16(2, ElementType.F32, "u2"),
    /** Signed 32-bit integer. */
    I32(4, ElementType.F64, "i4"),
    /** Unsigned 32-bit integer. */
    U32(4, ElementType.F64, "u4"),
    /** Signed 64-bit integer. */
    I64(8, ElementType.F64, "i8"),
    /** Unsigned 64-bit integer. */
    U64(8, ElementType.F64, "u8"),
    /** IEEE 754 binary16. */
    F16(2, ElementType.F32, "f2"),
    /** The upper half of a binary32; NumPy has no such type. */
    BF16(2, ElementType.F32, null),
    /** IEEE 754 binary32. */
    F32(4, ElementType.F32, "f4"),
    /** IEEE 754 binary64. */
    F64(8, ElementType.F64, "f8");

    /** All types. */
    public static final Set<NumberType> ALL =
            Collections.unmodifiableSet(EnumSet.allOf(NumberType.class));

    private final int bytes;
    private final ElementType element;
    private final @Nullable String numpy;

    NumberType(int bytes, ElementType element, @Nullable String numpy) {
        this.bytes = bytes;
        this.element = element;
        this.numpy = numpy;
    }

    /** {@return the number of bytes of one number} */
    public int bytes() {
        return bytes;
    }

    /** {@return what its numbers are read into} */
    public ElementType element() {
        return element;
    }

    /**
     * {@return the letter and width of NumPy, such as {@code f4}; absent if it has no such type}
     */
    public Optional<String> numpy() {
        return Optional.ofNullable(numpy);
    }

    static Optional<NumberType> ofNumpy(String code) {
        return Arrays.stream(values()).filter(t -> code.equals(t.numpy)).findFirst();
    }

    static NumberType of(ElementType element) {
        return switch (element) {
            case F32 -> F32;
            case F64 -> F64;
        };
    }

    /** {@return names as a sentence lists them, such as {@code F32 or F64}} */
    static String anyOf(Collection<String> names) {
        List<String> list = List.copyOf(names);
        int last = list.size() - 1;
        return last == 0
                ? list.getFirst()
                : list.subList(0, last).stream().collect(Collectors.joining(", "))
                        + " or "
                        + list.get(last);
    }
}
