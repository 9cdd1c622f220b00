package io.dfc.cpu.simd.steady;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.network.Network;
import io.dfc.api.spi.reduced.OutputSpace;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.Gemm;
import io.dfc.cpu.simd.reduced.LoopController;
import io.dfc.cpu.simd.reduced.OutputLoop;

import jdk.incubator.vector.FloatVector;

import java.util.Arrays;

/**
 * The probe of stability ({@link OutputSpace#isStable}) when there are many outputs: the network
 * linearised at the state of a tile takes the place of the matrices {@code J_i Q_i}, which are
 * never formed. Its output is that of the filters in {@link OutputLoop}, since the Jacobian of a
 * voltage is the same at every time. The apical filter is applied to the control, before {@code
 * Q_i}, with which it commutes.
 */
final class MatrixFreeProbe {
    private final Model model;
    private final Network network;
    private final Tile tile;
    private final Linearization linear;
    private final LoopController controller;
    private final boolean instantTransmission;
    private final float kappa;
    private final int outputs;

    /** Length of a row of the controller's arrays. */
    private final int stride;

    private final float[] u;
    private final float[] integral;
    private final float[] error;
    private final float[] applied;

    /** Rates, and the two inputs of the voltages; per layer, so that padding stays zero. */
    private final float[][] rates;

    private final float[][] basal;
    private final float[][] apical;

    /** Largest squared norms of the control in the second and the last quarter. */
    private final double[] early;

    private final double[] late;
    private final boolean[] stable;
    private final float[] lanes = new float[LANES];

    /**
     * A probe of a tile.
     *
     * @param linear network and error at the state in question
     * @param dynamics the dynamics simulated
     */
    MatrixFreeProbe(
            Model model,
            Tile tile,
            Linearization linear,
            ProportionalIntegralController controller,
            Dynamics dynamics) {
        this.model = model;
        this.network = model.network;
        this.tile = tile;
        this.linear = linear;
        Dynamics probe = OutputSpace.probe(dynamics);
        this.controller = new LoopController(controller, probe);
        instantTransmission = probe.instantTransmission();
        kappa = (float) probe.somaticRate();
        outputs = network.outputs();
        stride = Simd.stride(outputs);
        int n = tile.capacity * stride;
        u = new float[n];
        integral = new float[n];
        error = new float[n];
        applied = new float[n];
        rates = new float[network.depth()][];
        basal = new float[network.depth()][];
        apical = new float[network.depth()][];
        for (int i = 0; i < rates.length; i++) {
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
        int rows = Simd.roundUp(tile.count, Simd.BLOCK);
        reset();
        for (int step = 0; step < OutputSpace.PROBE_STEPS; step++) {
            controller.step(error, integral, u, applied, rows * stride);
            for (int n = 0; n < rates.length; n++) {
                // Downwards, every layer still finds the old rates of the layer below.
                advance(instantTransmission ? n : rates.length - 1 - n, rows);
            }
            evaluate(rows);
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
        Arrays.fill(error, 0f);
        Arrays.fill(applied, 0f);
        for (float[] r : rates) {
            Arrays.fill(r, 0f);
        }
        Arrays.fill(early, 0);
        Arrays.fill(late, 0);
        for (int s = 0; s < tile.count; s++) {
            for (int j = 0; j < outputs; j++) {
                u[s * stride + j] = (float) OutputSpace.probeStart(j);
            }
        }
        System.arraycopy(u, 0, integral, 0, u.length);
    }

    private void advance(int i, int rows) {
        int width = tile.strides[i];
        Gemm.multiply(applied, 0, stride, rows, model.feedback[i], apical[i], 0, width);
        if (i > 0) {
            int below = tile.strides[i - 1];
            Gemm.multiply(rates[i - 1], 0, below, rows, model.up[i], basal[i], 0, width);
        }
        float[] r = rates[i];
        FloatVector k = FloatVector.broadcast(F, kappa);
        for (int at = 0; at < rows * width; at += LANES) {
            FloatVector old = fromArray(F, r, at);
            fromArray(F, basal[i], at)
                    .add(fromArray(F, apical[i], at))
                    .mul(fromArray(F, linear.slopes[i], at))
                    .sub(old)
                    .fma(k, old)
                    .intoArray(r, at);
        }
    }

    /** The error without a target, {@code -S r_L}. */
    private void evaluate(int rows) {
        float[] top = rates[rates.length - 1];
        for (int at = 0; at < rows * stride; at += LANES) {
            fromArray(F, top, at).neg().intoArray(error, at);
        }
        for (int s = 0; s < tile.count; s++) {
            linear.applyErrorSlope(s, error, s * stride);
        }
    }

    private void raise(double[] largest) {
        for (int s = 0; s < tile.count; s++) {
            FloatVector sum = FloatVector.zero(F);
            for (int at = s * stride; at < (s + 1) * stride; at += LANES) {
                FloatVector x = fromArray(F, u, at);
                sum = x.fma(x, sum);
            }
            // In a fixed order, which the operator of the Vector API does not promise.
            sum.intoArray(lanes, 0);
            double size = 0;
            for (float x : lanes) {
                size += x;
            }
            // Written so that an undefined number is not lost.
            largest[s] = size <= largest[s] ? largest[s] : size;
        }
    }
}
