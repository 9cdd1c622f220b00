package io.dfc.algorithms.diagnostics;

import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;

/**
 * The share of an update that does not move the outputs of its minibatch, to first order. Only
 * sensible where the minibatch has fewer outputs, {@code B n_L}, than a layer has weights.
 */
public final class NullSpace {
    /** Singular values under this count as zero, as in the published program. */
    private static final double NULL = 1e-12;

    private NullSpace() {}

    /**
     * Numbers in the largest matrix that {@link #ratios} decomposes.
     *
     * @param network the network
     * @param samples number of samples
     * @return their number
     */
    public static long size(Network network, int samples) {
        long largest = 0;
        for (int i = 0; i < network.depth(); i++) {
            long rows = (long) samples * network.outputs();
            long columns = Math.min(rows, network.size(i)) * Math.min(samples, network.fanIn(i));
            largest = Math.max(largest, rows * columns);
        }
        return largest;
    }

    /**
     * Measures an update, layer by layer.
     *
     * @param minibatch the samples of the update
     * @param update the update
     * @return norm of the part of {@code G_W(i)} in the null space of the Jacobian of all outputs
     *     of the minibatch with respect to {@code W_i}, over {@code ||G_W(i)||}
     */
    public static double[] ratios(LinearizedMinibatch minibatch, Parameters update) {
        double[] ratios = new double[minibatch.network().depth()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = ratio(minibatch, i, Matrix.of(update.weights().get(i)));
        }
        return ratios;
    }

    /**
     * The row of output {@code k} of sample {@code b} is {@code J_i,b[k] x r_b^T}. So all rows lie
     * between the rows of all {@code J_i,b} and the presynaptic rates of all samples, and in
     * orthonormal bases of both the Jacobian has far fewer columns than there are weights.
     */
    private static double ratio(LinearizedMinibatch minibatch, int layer, Matrix update) {
        Network network = minibatch.network();
        int samples = minibatch.samples();
        int outputs = network.outputs();
        Matrix adjoints = Matrix.zeros(samples * outputs, network.size(layer));
        for (int b = 0; b < samples; b++) {
            adjoints.put(b * outputs, 0, 1, minibatch.jacobian(b).layers().get(layer));
        }
        Matrix rates =
                Matrix.wrap(
                        samples, network.fanIn(layer), minibatch.feedforward().presynaptic(layer));
        Matrix left = OrthonormalBasis.ofRows(adjoints);
        Matrix right = OrthonormalBasis.ofRows(rates);
        Matrix coefficients = adjoints.times(left.transposed());
        Matrix presynaptic = rates.times(right.transposed());
        Matrix rows = Matrix.zeros(samples * outputs, left.rows() * right.rows());
        for (int row = 0; row < rows.rows(); row++) {
            for (int p = 0; p < left.rows(); p++) {
                for (int q = 0; q < right.rows(); q++) {
                    rows.data()[row * rows.columns() + p * right.rows() + q] =
                            coefficients.get(row, p) * presynaptic.get(row / outputs, q);
                }
            }
        }
        double norm = update.norm();
        Matrix inside = left.times(update).times(right.transposed());
        // The part outside of both bases moves no output.
        Matrix outside = update.plus(-1, left.transposed().times(inside).times(right));
        double[] rest = new GramSolver(rows).outsideRowSpace(inside.data(), NULL);
        return Math.hypot(outside.norm(), Vectors.norm(rest)) / norm;
    }
}
