package io.dfc.cpu.simd.steady;

import static io.dfc.cpu.simd.kernel.Simd.LANES;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.spi.reduced.OutputSpace;
import io.dfc.cpu.simd.kernel.LaneSums;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.reduced.LoopController;

import java.util.Arrays;

/**
 * The probe of stability ({@link OutputSpace#isStable}) when there are many outputs: the network
 * linearised at the state of a tile takes the place of the matrices {@code J_i Q_i}, which are
 * never formed. Its output is that of the filters in {@link io.dfc.cpu.simd.reduced.OutputLoop},
 * since the Jacobian of a voltage is the same at every time. The apical filter is applied to the
 * control, before {@code Q_i}, with which it commutes.
 */
abstract class LayerProbe {
    final Tile tile;

    /** Network and error at the state in question. */
    final Linearization linear;

    final LoopController controller;
    final boolean instantTransmission;
    final float kappa;

    /** Length of a row of the controller's arrays. */
    final int stride;

    // Of the controller, [rows, components].
    final float[] u;
    final float[] error;
    final float[] applied;
    private final float[] integral;

    /** Rates, and the two inputs of the voltages; per layer, so that padding stays zero. */
    final float[][] rates;

    final float[][] basal;
    final float[][] apical;

    // Largest squared norms of the control in the second and the last quarter.
    private final double[] early;
    private final double[] late;
    private final boolean[] stable;
    private final float[] lanes = new float[LANES];

    /**
     * A probe of a tile.
     *
     * @param dynamics the dynamics simulated
     * @param layers number of layers that are linearised
     * @param components number of components of the control
     */
    LayerProbe(
            Tile tile,
            Linearization linear,
            ProportionalIntegralController controller,
            Dynamics dynamics,
            int layers,
            int components) {
        this.tile = tile;
        this.linear = linear;
        Dynamics probe = OutputSpace.probe(dynamics);
        this.controller = new LoopController(controller, probe);
        instantTransmission = probe.instantTransmission();
        kappa = (float) probe.somaticRate();
        stride = Simd.stride(components);
        int n = tile.capacity * stride;
        u = new float[n];
        integral = new float[n];
        error = new float[n];
        applied = new float[n];
        rates = new float[layers][];
        basal = new float[layers][];
        apical = new float[layers][];
        for (int i = 0; i < layers; i++) {
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
    final boolean[] decays() {
        Arrays.fill(u, 0f);
        Arrays.fill(error, 0f);
        Arrays.fill(applied, 0f);
        for (float[] r : rates) {
            Arrays.fill(r, 0f);
        }
        Arrays.fill(early, 0);
        Arrays.fill(late, 0);
        begin();
        System.arraycopy(u, 0, integral, 0, u.length);
        for (int step = 0; step < OutputSpace.PROBE_STEPS; step++) {
            controller.step(error, integral, u, applied, tile.rows * stride);
            step();
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

    /** Sets the control that the probe starts with; everything is zero. */
    abstract void begin();

    /** Advances layers and error by the control applied. */
    abstract void step();

    /** Advances the rates of a layer. */
    abstract void advance(int i);

    /** Squared norm of the control signal of a sample. */
    abstract double squaredNorm(int s);

    final void advanceLayers() {
        for (int n = 0; n < rates.length; n++) {
            // Downwards, every layer still finds the old rates of the layer below.
            advance(instantTransmission ? n : rates.length - 1 - n);
        }
    }

    /** Squared norm of a sample's components; the padding of a row is zero. */
    final double squaredComponents(int s) {
        return LaneSums.squaredNorm(u, s * stride, stride, lanes);
    }

    private void raise(double[] largest) {
        for (int s = 0; s < tile.count; s++) {
            double size = squaredNorm(s);
            // Written so that an undefined number is not lost.
            largest[s] = size <= largest[s] ? largest[s] : size;
        }
    }
}
