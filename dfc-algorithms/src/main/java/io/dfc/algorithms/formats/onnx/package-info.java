/**
 * Trained networks as ONNX models: the subset of the format that a feedforward network with its
 * preprocessing needs, written, read back and evaluated.
 *
 * <p>A model is a protobuf message of a dozen kinds, of which this package writes the fields that
 * it needs by their published numbers. It does so itself because the usual library, protobuf-java,
 * is an automatic module, which an application with this one could no longer be jlinked with, and
 * builds a whole model in memory before it writes the first byte.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/docs/IR.md">the format</a>
 */
@Stability(Stability.Level.EVOLVING)
package io.dfc.algorithms.formats.onnx;

import io.dfc.api.stability.Stability;
