package io.dfc.cpu.simd.steady;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.control.Solver;
import io.dfc.api.network.Network;
import io.dfc.cpu.simd.kernel.KrylovSolver;
import io.dfc.cpu.simd.kernel.LaneSums;
import io.dfc.cpu.simd.kernel.LayerActivity;
import io.dfc.cpu.simd.kernel.RateDifference;
import io.dfc.cpu.simd.loop.ControlError;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.Gemm;
import io.dfc.cpu.simd.wide.ReadoutBasis;

import jdk.incubator.vector.FloatVector;

/**
 * Steady states of a tile in the coordinates of a {@link ReadoutBasis}. With {@code a = q + alpha}
 * and the rates {@code m(y)} of the last hidden layer, as deviations, a steady state is
 *
 * <pre>{@code
 * u = (d - W_L y) / a,    Q_i u = (Q_i d - S_i y) / a,    y = m(y)
 * }</pre>
 *
 * which takes products with {@code S_i} alone. The residual {@code e - alpha u} is {@code W_L (y -
 * m(y))}. Gives up where rounding may show.
 */
final class ReducedStates {
    /** Relative residual of the systems that correct a state. */
    private static final double LOOSE = 1e-3;

    /** Relative residual of the linearised states. */
    private static final double TIGHT = 5e-7;

    /** A correction that leaves more of the residual than this share ends the search. */
    private static final double STALLED = 0.5;

    /** Least {@code ||Q_i u|| / ||Q_i d / a||}: below, a small difference of large numbers. */
    private static final float LEAST_SHARE = 1e-2f;

    private final Model model;
    private final Network network;
    private final Tile tile;
    private final Linearization linear;
    private final ReadoutBasis basis;
    private final double leakage;
    private final int outputs;
    private final int hidden;
    private final int width;
    private final int stride;
    private final KrylovSolver solver;
    private final KrylovSolver.Operator product = this::multiply;

    /** What the controller is driven by from outside, {@code d}, [samples, n_L]. */
    private final double[] distance;

    /** {@code Q_i d / a} per hidden layer. */
    private final float[][] driven;

    /** Linearised rates per hidden layer. */
    private final float[][] rates;

    private final float[][] basal;

    /** Coordinates, [rows, n_(L-1)]. */
    private final float[] y;

    private final double[] right;
    private final double[] previous;
    private final boolean[] open;
    private final float[] lanes = new float[LANES];
    private double a;

    ReducedStates(
            Model model, Tile tile, Linearization linear, ReadoutBasis basis, double leakage) {
        this.model = model;
        this.network = model.network;
        this.tile = tile;
        this.linear = linear;
        this.basis = basis;
        this.leakage = leakage;
        outputs = network.outputs();
        hidden = network.depth() - 2;
        width = network.size(hidden);
        stride = tile.strides[hidden];
        solver = new KrylovSolver(tile.capacity, width);
        distance = new double[tile.capacity * outputs];
        driven = new float[hidden + 1][];
        rates = new float[hidden + 1][];
        basal = new float[hidden + 1][];
        for (int i = 0; i <= hidden; i++) {
            int n = tile.capacity * tile.strides[i];
            driven[i] = new float[n];
            rates[i] = new float[n];
            basal[i] = new float[n];
        }
        y = new float[tile.capacity * stride];
        right = new double[tile.capacity * width];
        previous = new double[tile.capacity];
        open = new boolean[tile.capacity];
    }

    /**
     * The steady states of the network linearised at the feedforward pass, and one pass with them;
     * the tile is reset and has its error.
     *
     * @return whether they are good to rounding; if not, the tile is to be reset
     */
    boolean linearized(Batch batch, ControlError target) {
        a = basis.gain() + leakage;
        linear.refresh(batch, target);
        if (linear.comparesSoftmax() || a == 0) {
            return false;
        }
        System.arraycopy(tile.error, 0, distance, 0, tile.count * outputs);
        tile.apply(tile.error);
        drive();
        if (!solver.solve(tile.rows, right, product, TIGHT)) {
            return false;
        }
        System.arraycopy(solver.solution, 0, y, 0, tile.rows * stride);
        propagate(batch, target);
        return isWellConditioned();
    }

    /**
     * The steady states of the network; the tile is reset and has its error.
     *
     * @param initial residuals of the samples without control
     * @param tolerance relative residual at which a sample is solved
     * @return whether all samples are; if not, the tile is to be reset
     */
    boolean nonlinear(
            Batch batch,
            ControlError target,
            Solver.SteadyState options,
            double[] initial,
            double tolerance) {
        if (!linearized(batch, target)) {
            return false;
        }
        for (int iteration = 1; true; iteration++) {
            boolean any = false;
            boolean stalls = false;
            for (int s = 0; s < tile.count; s++) {
                double now = tile.residual(s, leakage);
                // Written so that an undefined number stays open.
                open[s] = !(now <= tolerance * initial[s]);
                any |= open[s];
                stalls |= open[s] && iteration > 1 && !(now <= STALLED * previous[s]);
                previous[s] = now;
            }
            if (!any) {
                return isWellConditioned();
            }
            if (stalls || iteration >= options.maxIterations() || !correct(batch, target)) {
                return false;
            }
            propagate(batch, target);
        }
    }

    /** One step of Newton's method for the open samples. */
    private boolean correct(Batch batch, ControlError target) {
        linear.refresh(batch, target);
        for (int s = 0; s < tile.rows; s++) {
            boolean wanted = s < tile.count && open[s];
            for (int j = 0; j < width; j++) {
                int at = s * stride + j;
                right[s * width + j] = wanted ? (double) tile.dr[hidden][at] - y[at] : 0;
            }
        }
        if (!solver.solve(tile.rows, right, product, LOOSE)) {
            return false;
        }
        for (int k = 0; k < tile.rows * stride; k += LANES) {
            fromArray(F, y, k).add(fromArray(F, solver.solution, k)).intoArray(y, k);
        }
        return true;
    }

    /** Computes {@code Q_i d / a}, and the rates that it makes as the right-hand sides. */
    private void drive() {
        float factor = (float) (1 / a);
        for (int i = 0; i <= hidden; i++) {
            float[] g = driven[i];
            int to = tile.strides[i];
            Gemm.multiply(tile.applied, 0, outputs, tile.rows, model.feedback[i], g, 0, to);
            scale(g, factor, tile.rows * to);
            below(i);
            float[] x = rates[i];
            float[] slope = linear.slopes[i];
            for (int k = 0; k < tile.rows * to; k += LANES) {
                FloatVector in = fromArray(F, g, k).add(fromArray(F, basal[i], k));
                in.mul(fromArray(F, slope, k)).intoArray(x, k);
            }
        }
        for (int s = 0; s < tile.rows; s++) {
            for (int j = 0; j < width; j++) {
                right[s * width + j] = rates[hidden][s * stride + j];
            }
        }
    }

    private static void scale(float[] x, float factor, int n) {
        FloatVector f = FloatVector.broadcast(F, factor);
        for (int k = 0; k < n; k += LANES) {
            fromArray(F, x, k).mul(f).intoArray(x, k);
        }
    }

    /** What the linearised rates of the layer below give; of the first layer it stays zero. */
    private void below(int i) {
        if (i > 0) {
            int from = tile.strides[i - 1];
            Gemm.multiply(
                    rates[i - 1], 0, from, tile.rows, model.up[i], basal[i], 0, tile.strides[i]);
        }
    }

    /**
     * {@code v} plus the linearised rates of the last hidden layer that {@code W_L v / a} makes.
     */
    private void multiply(float[] v, float[] result) {
        FloatVector factor = FloatVector.broadcast(F, (float) (1 / a));
        for (int i = 0; i <= hidden; i++) {
            float[] x = rates[i];
            int to = tile.strides[i];
            Gemm.multiply(v, 0, stride, tile.rows, basis.coupling[i], x, 0, to);
            below(i);
            float[] slope = linear.slopes[i];
            for (int k = 0; k < tile.rows * to; k += LANES) {
                FloatVector in = fromArray(F, x, k).fma(factor, fromArray(F, basal[i], k));
                in.mul(fromArray(F, slope, k)).intoArray(x, k);
            }
        }
        for (int k = 0; k < tile.rows * stride; k += LANES) {
            fromArray(F, v, k).add(fromArray(F, rates[hidden], k)).intoArray(result, k);
        }
    }

    /** One pass through the network with the control of the coordinates. */
    private void propagate(Batch batch, ControlError target) {
        float[] below = null;
        for (int i = 0; i <= hidden; i++) {
            int n = tile.rows * tile.strides[i];
            float[] apical = tile.apical[i];
            int to = tile.strides[i];
            Gemm.multiply(y, 0, stride, tile.rows, basis.coupling[i], apical, 0, to);
            FloatVector factor = FloatVector.broadcast(F, (float) (-1 / a));
            for (int k = 0; k < n; k += LANES) {
                fromArray(F, apical, k)
                        .fma(factor, fromArray(F, driven[i], k))
                        .intoArray(apical, k);
            }
            pass(batch, i, below);
            below = tile.dr[i];
        }
        int top = hidden + 1;
        int to = tile.strides[top];
        float[] readout = tile.scratch[top];
        Gemm.multiply(y, 0, stride, tile.rows, model.up[top], readout, 0, to);
        double gain = basis.gain();
        for (int s = 0; s < tile.count; s++) {
            for (int j = 0; j < outputs; j++) {
                int at = s * outputs + j;
                double u = (distance[at] - readout[s * to + j]) / a;
                tile.u[at] = u;
                tile.apical[top][s * to + j] = (float) (gain * u);
            }
        }
        tile.apply(tile.u);
        pass(batch, top, below);
        tile.evaluateError(target);
    }

    /** Instantaneous voltages and rates of a layer whose apical voltages are set. */
    private void pass(Batch batch, int i, float[] ratesBelow) {
        int n = tile.rows * tile.strides[i];
        float[] db = tile.db[i];
        if (i > 0) {
            int from = tile.strides[i - 1];
            int to = tile.strides[i];
            Gemm.multiply(ratesBelow, 0, from, tile.rows, model.up[i], db, 0, to);
        }
        float[] dv = tile.dv[i];
        float[] apical = tile.apical[i];
        for (int k = 0; k < n; k += LANES) {
            fromArray(F, db, k).add(fromArray(F, apical, k)).intoArray(dv, k);
        }
        LayerActivity layer = batch.layers[i];
        int origin = tile.first * layer.stride;
        RateDifference.write(network.activation(i), layer, origin, dv, 0, tile.dr[i], 0, n);
    }

    /** Whether no layer's input is a small difference of large numbers. */
    private boolean isWellConditioned() {
        boolean well = true;
        for (int i = 0; i <= hidden; i++) {
            int to = tile.strides[i];
            for (int s = 0; s < tile.count; s++) {
                double rest = LaneSums.squaredNorm(tile.apical[i], s * to, to, lanes);
                // Written so that an undefined number counts as none.
                well &=
                        rest
                                >= LEAST_SHARE
                                        * LEAST_SHARE
                                        * LaneSums.squaredNorm(driven[i], s * to, to, lanes);
            }
        }
        return well;
    }
}
