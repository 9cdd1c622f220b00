package io.dfc.cpu.simd.steady;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.spi.reduced.OutputSpace;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.Gemm;
import io.dfc.cpu.simd.reduced.LoopController;
import io.dfc.cpu.simd.wide.ReadoutBasis;

import jdk.incubator.vector.FloatVector;

import java.util.Arrays;

/**
 * The probe of {@link MatrixFreeProbe} in the coordinates of a {@link ReadoutBasis}: with the
 * vector {@code c} where the probe starts, {@code u = W_L x + g c}, and {@code g} is the control
 * signal of a loop of one number that knows the output layer alone.
 */
final class ReducedProbe {
    private final Model model;
    private final Tile tile;
    private final Linearization linear;
    private final ReadoutBasis basis;
    private final LoopController controller;
    private final boolean instantTransmission;
    private final float kappa;
    private final int hidden;
    private final int width;
    private final int stride;

    // Coordinates of the control, [rows, n_(L-1)].
    private final float[] u;
    private final float[] integral;
    private final float[] error;
    private final float[] applied;

    /** Coordinates of the output deviation. */
    private final float[] output;

    // The loop of one number, in the first lane.
    private final float[] startU = new float[LANES];
    private final float[] startIntegral = new float[LANES];
    private final float[] startError = new float[LANES];
    private final float[] startApplied = new float[LANES];
    private float startOutput;

    private final float[][] rates;
    private final float[][] basal;
    private final float[][] apical;

    // Largest squared norms of the control in the second and the last quarter.
    private final double[] early;
    private final double[] late;
    private final boolean[] stable;
    private final float[] lanes = new float[LANES];

    /** {@code ||c||^2}, and the mean squared norm of a column of {@code W_L}. */
    private double startNorm;

    private double columnNorm;

    ReducedProbe(
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
        Dynamics probe = OutputSpace.probe(dynamics);
        this.controller = new LoopController(controller, probe);
        instantTransmission = probe.instantTransmission();
        kappa = (float) probe.somaticRate();
        hidden = model.network.depth() - 2;
        width = model.network.size(hidden);
        stride = tile.strides[hidden];
        int n = tile.capacity * stride;
        u = new float[n];
        integral = new float[n];
        error = new float[n];
        applied = new float[n];
        output = new float[n];
        rates = new float[hidden + 1][];
        basal = new float[hidden + 1][];
        apical = new float[hidden + 1][];
        for (int i = 0; i <= hidden; i++) {
            int size = tile.capacity * tile.strides[i];
            rates[i] = new float[size];
            basal[i] = new float[size];
            apical[i] = new float[size];
        }
        early = new double[tile.capacity];
        late = new double[tile.capacity];
        stable = new boolean[tile.capacity];
    }

    /** Whether the loop of each sample, without a target, decays; overwritten by the next call. */
    boolean[] decays() {
        reset();
        for (int step = 0; step < OutputSpace.PROBE_STEPS; step++) {
            controller.step(error, integral, u, applied, tile.rows * stride);
            controller.step(startError, startIntegral, startU, startApplied, LANES);
            if (instantTransmission) {
                for (int i = 0; i <= hidden; i++) {
                    advance(i);
                }
                advanceOutput();
            } else {
                // Downwards, every layer still finds the old rates of the layer below.
                advanceOutput();
                for (int i = hidden; i >= 0; i--) {
                    advance(i);
                }
            }
            int quarter = 4 * step / OutputSpace.PROBE_STEPS;
            if (quarter == 1) {
                raise(early);
            } else if (quarter == 3) {
                raise(late);
            }
        }
        for (int s = 0; s < tile.count; s++) {
            stable[s] = OutputSpace.isStable(early[s], late[s]);
        }
        return stable;
    }

    private void reset() {
        Arrays.fill(u, 0f);
        Arrays.fill(integral, 0f);
        Arrays.fill(error, 0f);
        Arrays.fill(applied, 0f);
        Arrays.fill(output, 0f);
        for (float[] r : rates) {
            Arrays.fill(r, 0f);
        }
        Arrays.fill(early, 0);
        Arrays.fill(late, 0);
        startU[0] = 1;
        startIntegral[0] = 1;
        startError[0] = 0;
        startApplied[0] = 0;
        startOutput = 0;
        startNorm = 0;
        for (int j = 0; j < model.network.outputs(); j++) {
            double c = OutputSpace.probeStart(j);
            startNorm += c * c;
        }
        columnNorm = basis.meanColumnNorm();
    }

    private void advance(int i) {
        int to = tile.strides[i];
        Gemm.multiply(applied, 0, stride, tile.rows, basis.coupling[i], apical[i], 0, to);
        if (i > 0) {
            int below = tile.strides[i - 1];
            Gemm.multiply(rates[i - 1], 0, below, tile.rows, model.up[i], basal[i], 0, to);
        }
        float[] r = rates[i];
        float[] start = basis.probed(i);
        FloatVector k = FloatVector.broadcast(F, kappa);
        FloatVector g = FloatVector.broadcast(F, startApplied[0]);
        for (int s = 0; s < tile.rows; s++) {
            for (int c = 0; c < to; c += LANES) {
                int at = s * to + c;
                FloatVector old = fromArray(F, r, at);
                FloatVector in = fromArray(F, basal[i], at).add(fromArray(F, apical[i], at));
                fromArray(F, start, c)
                        .fma(g, in)
                        .mul(fromArray(F, linear.slopes[i], at))
                        .sub(old)
                        .fma(k, old)
                        .intoArray(r, at);
            }
        }
    }

    /** The output deviation, and the error without a target, which is its negative. */
    private void advanceOutput() {
        FloatVector k = FloatVector.broadcast(F, kappa);
        FloatVector q = FloatVector.broadcast(F, basis.gain());
        float[] top = rates[hidden];
        for (int at = 0; at < tile.rows * stride; at += LANES) {
            FloatVector old = fromArray(F, output, at);
            FloatVector now =
                    fromArray(F, applied, at).fma(q, fromArray(F, top, at)).sub(old).fma(k, old);
            now.intoArray(output, at);
            now.neg().intoArray(error, at);
        }
        startOutput += kappa * (basis.gain() * startApplied[0] - startOutput);
        startError[0] = -startOutput;
    }

    /** Padding of a row is zero, as the rows of the matrices are padded. */
    private void raise(double[] largest) {
        double start = startNorm * startU[0] * startU[0];
        for (int s = 0; s < tile.count; s++) {
            FloatVector sum = FloatVector.zero(F);
            for (int at = s * stride; at < s * stride + width; at += LANES) {
                FloatVector x = fromArray(F, u, at);
                sum = x.fma(x, sum);
            }
            // In a fixed order, which the operator of the Vector API does not promise.
            sum.intoArray(lanes, 0);
            double size = start;
            for (float x : lanes) {
                size += columnNorm * x;
            }
            // Written so that an undefined number is not lost.
            largest[s] = size <= largest[s] ? largest[s] : size;
        }
    }
}
