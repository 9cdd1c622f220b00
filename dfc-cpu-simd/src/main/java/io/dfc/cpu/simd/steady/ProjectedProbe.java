package io.dfc.cpu.simd.steady;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.spi.reduced.OutputSpace;
import io.dfc.cpu.simd.kernel.KrylovBasis;
import io.dfc.cpu.simd.kernel.LaneSums;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.Gemm;
import io.dfc.cpu.simd.reduced.OutputLoop;
import io.dfc.cpu.simd.wide.ReadoutBasis;

import jdk.incubator.vector.FloatVector;

import java.util.Arrays;

/**
 * The probe of {@link ReducedProbe} for the samples that it decides clearly, projected on few
 * directions. The coordinates of the control obey a loop with matrices {@code H_i}, one to a hidden
 * layer, driven by {@code H_i} times where the probe starts. They hardly leave the Krylov space of
 * {@code sum_i H_i} from there on, so that its basis {@code V} of {@value #DIMENSION} vectors gives
 * the loop with the small matrices {@code V^T H_i V}: {@value #DIMENSION} products with the network
 * in place of the {@value OutputSpace#PROBE_STEPS} of the probe.
 *
 * <p>A sample counts as stable only if the control signal decays by far and if the space of the
 * first {@value #COARSE} vectors tells the same; all others are left to the probe proper.
 */
final class ProjectedProbe {
    private static final int DIMENSION = 16;
    private static final int COARSE = 12;

    /** Share of a vector below which it is rounding. */
    private static final double ROUNDING = 1e-5;

    /** Largest {@code late / early} ({@link OutputSpace#isStable}) that is clear. */
    private static final float CLEAR = 0.5f;

    /** Largest relative difference of the two projections. */
    private static final float AGREEMENT = 0.005f;

    private final Model model;
    private final Tile tile;
    private final Linearization linear;
    private final ReadoutBasis basis;

    /** The last hidden layer. */
    private final int hidden;

    private final int stride;
    private final KrylovBasis space;
    private final float[] work;
    private final double[] components = new double[DIMENSION + 1];

    /**
     * {@code D_l W_l .. D_i S_i v}, by layers {@code l} below the last hidden one and {@code i}.
     */
    private final float[][][] parts;

    /** {@code H_i v_j}, by {@code j} and layer; the last {@code j} is where the probe starts. */
    private final float[][][] images;

    private final OutputLoop fine;
    private final OutputLoop coarse;

    /** {@code V^T H_i V} of a sample, with the start as the first row and column. */
    private final float[] gain = new float[(DIMENSION + 1) * (DIMENSION + 1)];

    private final float[] lanes = new float[LANES];
    private final boolean[] stable;

    ProjectedProbe(
            Model model,
            Tile tile,
            Linearization linear,
            ReadoutBasis basis,
            ProportionalIntegralController controller,
            Dynamics dynamics) {
        this.model = model;
        this.tile = tile;
        this.linear = linear;
        this.basis = basis;
        int depth = model.network.depth();
        hidden = depth - 2;
        stride = tile.strides[hidden];
        space = new KrylovBasis(tile.capacity, model.network.size(hidden), DIMENSION, ROUNDING);
        int n = tile.capacity * stride;
        work = new float[n];
        parts = new float[hidden][][];
        for (int l = 0; l < hidden; l++) {
            parts[l] = new float[l + 1][tile.capacity * tile.strides[l]];
        }
        images = new float[DIMENSION + 1][hidden + 1][n];
        Dynamics probe = OutputSpace.probe(dynamics);
        fine = new OutputLoop(controller, probe, depth, DIMENSION + 1);
        coarse = new OutputLoop(controller, probe, depth, COARSE + 1);
        stable = new boolean[tile.capacity];
    }

    /**
     * Which samples decay beyond doubt; overwritten by the next call.
     *
     * @return per sample; false says nothing
     */
    boolean[] decays() {
        expand();
        for (int first = 0; first < tile.count; first += LANES) {
            int count = Math.min(LANES, tile.count - first);
            for (int lane = 0; lane < count; lane++) {
                setGains(first + lane, lane);
            }
            fine.decayOfFirst();
            coarse.decayOfFirst();
            for (int lane = 0; lane < count; lane++) {
                stable[first + lane] =
                        isClear(fine, lane)
                                && isClear(coarse, lane)
                                && agree(fine.early[lane], coarse.early[lane])
                                && agree(fine.late[lane], coarse.late[lane]);
            }
        }
        return stable;
    }

    // Both written so that an undefined number decides nothing.

    private static boolean isClear(OutputLoop loop, int lane) {
        return loop.late[lane] <= CLEAR * loop.early[lane];
    }

    private static boolean agree(float a, float b) {
        return Math.abs(a - b) <= AGREEMENT * a;
    }

    /** The Krylov spaces of the samples, and the images of their vectors. */
    private void expand() {
        apply(null, images[DIMENSION]);
        sum(images[DIMENSION]);
        for (int s = 0; s < tile.rows; s++) {
            space.begin(work, s);
        }
        for (int j = 0; j < DIMENSION; j++) {
            apply(space.vector(j), images[j]);
            if (j == DIMENSION - 1) {
                return;
            }
            sum(images[j]);
            for (int s = 0; s < tile.rows; s++) {
                space.extend(work, s, j + 1, components, 0, 1);
            }
        }
    }

    /**
     * Writes {@code H_i v} by layer.
     *
     * @param v rows; null for the vector where the probe starts
     */
    private void apply(float[] v, float[][] to) {
        for (int l = 0; l <= hidden; l++) {
            float[][] out = l == hidden ? to : parts[l];
            int width = tile.strides[l];
            for (int i = 0; i < l; i++) {
                int below = tile.strides[l - 1];
                Gemm.multiply(parts[l - 1][i], 0, below, tile.rows, model.up[l], out[i], 0, width);
                applySlopes(l, out[i]);
            }
            if (v == null) {
                for (int s = 0; s < tile.rows; s++) {
                    float[] start = basis.probed(l);
                    System.arraycopy(start, 0, out[l], s * width, start.length);
                }
            } else {
                Gemm.multiply(v, 0, stride, tile.rows, basis.coupling[l], out[l], 0, width);
            }
            applySlopes(l, out[l]);
        }
    }

    private void applySlopes(int layer, float[] x) {
        float[] slope = linear.slopes[layer];
        for (int k = 0; k < tile.rows * tile.strides[layer]; k += LANES) {
            fromArray(F, x, k).mul(fromArray(F, slope, k)).intoArray(x, k);
        }
    }

    private void sum(float[][] image) {
        System.arraycopy(image[0], 0, work, 0, tile.rows * stride);
        for (int i = 1; i <= hidden; i++) {
            for (int k = 0; k < tile.rows * stride; k += LANES) {
                fromArray(F, work, k).add(fromArray(F, image[i], k)).intoArray(work, k);
            }
        }
    }

    /**
     * Sets the gains of a sample, scaled so that the norm of the control is that of its numbers.
     */
    private void setGains(int s, int lane) {
        double scale = Math.sqrt(basis.meanColumnNorm() / basis.startNorm());
        for (int i = 0; i <= hidden; i++) {
            for (int j = 0; j < DIMENSION; j++) {
                project(images[j][i], s, j + 1, 1);
            }
            project(images[DIMENSION][i], s, 0, (float) scale);
            setGain(i, lane);
        }
        Arrays.fill(gain, 0f);
        for (int j = 0; j <= DIMENSION; j++) {
            gain[j * (DIMENSION + 2)] = basis.gain();
        }
        setGain(hidden + 1, lane);
        Arrays.fill(gain, 0f);
    }

    private void setGain(int layer, int lane) {
        fine.setGain(layer, lane, gain, 0, DIMENSION + 1);
        coarse.setGain(layer, lane, gain, 0, DIMENSION + 1);
    }

    /** Writes a column of {@link #gain}: a factor times the products of a row with the basis. */
    private void project(float[] image, int s, int column, float factor) {
        int from = s * stride;
        int to = from + stride;
        for (int k = 0; k < DIMENSION; k += 4) {
            float[] a = space.vector(k);
            float[] b = space.vector(k + 1);
            float[] c = space.vector(k + 2);
            float[] d = space.vector(k + 3);
            FloatVector s0 = FloatVector.zero(F);
            FloatVector s1 = s0;
            FloatVector s2 = s0;
            FloatVector s3 = s0;
            for (int at = from; at < to; at += LANES) {
                FloatVector x = fromArray(F, image, at);
                s0 = fromArray(F, a, at).fma(x, s0);
                s1 = fromArray(F, b, at).fma(x, s1);
                s2 = fromArray(F, c, at).fma(x, s2);
                s3 = fromArray(F, d, at).fma(x, s3);
            }
            int at = (k + 1) * (DIMENSION + 1) + column;
            s0.intoArray(lanes, 0);
            gain[at] = factor * (float) LaneSums.sum(lanes);
            s1.intoArray(lanes, 0);
            gain[at + DIMENSION + 1] = factor * (float) LaneSums.sum(lanes);
            s2.intoArray(lanes, 0);
            gain[at + 2 * (DIMENSION + 1)] = factor * (float) LaneSums.sum(lanes);
            s3.intoArray(lanes, 0);
            gain[at + 3 * (DIMENSION + 1)] = factor * (float) LaneSums.sum(lanes);
        }
    }
}
