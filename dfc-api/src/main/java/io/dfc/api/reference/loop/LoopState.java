package io.dfc.api.reference.loop;

import io.dfc.api.network.Network;
import io.dfc.api.reference.model.Activity;
import io.dfc.api.reference.model.Buffers;

/** State of the controlled network at one time point, as deviations from the feedforward pass. */
final class LoopState {
    final Activity feedforward;

    /** Somatic voltage minus {@code v^-}. */
    final double[][] dv;

    /** Rate minus {@code r^-}. */
    final double[][] dr;

    /** Basal voltage minus {@code v^-}. */
    final double[][] db;

    /** Apical voltage; 0 in the feedforward pass. */
    final double[][] apical;

    final double[] u;
    final double[] error;

    LoopState(Network network, Activity feedforward) {
        this.feedforward = feedforward;
        int samples = feedforward.samples;
        dv = Buffers.perLayer(network, samples);
        dr = Buffers.perLayer(network, samples);
        db = Buffers.perLayer(network, samples);
        apical = Buffers.perLayer(network, samples);
        u = new double[samples * network.outputs()];
        error = new double[samples * network.outputs()];
    }

    double[] outputDeviation() {
        return dr[dr.length - 1];
    }

    /** {@code ||e - alpha u|| / ||r_L^-||} of a sample. */
    double distanceRatio(int sample, int outputs, double leakage) {
        double sum = 0;
        for (int at = sample * outputs; at < (sample + 1) * outputs; at++) {
            double rest = error[at] - leakage * u[at];
            sum += rest * rest;
        }
        return Math.sqrt(sum) / Buffers.norm(feedforward.output(), sample * outputs, outputs);
    }

    double errorNorm(int sample, int outputs) {
        return Buffers.norm(error, sample * outputs, outputs);
    }
}
