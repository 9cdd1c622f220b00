package io.dfc.api.tensor;

/** How the elements of a {@link Tensor} are stored. */
public enum ElementType {
    /** IEEE 754 binary32. */
    F32,
    /** IEEE 754 binary64. */
    F64
}
