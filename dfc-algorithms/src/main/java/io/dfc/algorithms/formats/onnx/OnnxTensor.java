package io.dfc.algorithms.formats.onnx;

import io.dfc.api.tensor.Tensor;

import java.util.List;

/** A constant of a graph. */
public sealed interface OnnxTensor {
    /**
     * Numbers.
     *
     * @param tensor float32
     */
    record Floats(Tensor tensor) implements OnnxTensor {}

    /**
     * A list of whole numbers.
     *
     * @param values the numbers
     */
    record Integers(List<Long> values) implements OnnxTensor {
        /** Keeps a copy. */
        public Integers {
            values = List.copyOf(values);
        }
    }

    /**
     * A list of texts.
     *
     * @param values the texts
     */
    record Texts(List<String> values) implements OnnxTensor {
        /** Keeps a copy. */
        public Texts {
            values = List.copyOf(values);
        }
    }
}
