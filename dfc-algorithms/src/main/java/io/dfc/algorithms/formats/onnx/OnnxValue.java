package io.dfc.algorithms.formats.onnx;

import java.util.OptionalInt;

/**
 * An input or output of a graph: one row for each sample.
 *
 * @param name its name
 * @param type type of its elements
 * @param width length of a row; absent: one element for each sample, and no second dimension
 */
public record OnnxValue(String name, Type type, OptionalInt width) {
    /** Types of elements, with their codes in the format. */
    public enum Type {
        /** IEEE 754 binary32. */
        FLOAT(1),
        /** Signed 64-bit integer. */
        INT64(7),
        /** Text. */
        STRING(8);

        private final int code;

        Type(int code) {
            this.code = code;
        }

        /** {@return the number by which the format names the type} */
        int code() {
            return code;
        }
    }
}
