package io.dfc.cpu.simd.loop;

import io.dfc.api.network.Network;
import io.dfc.cpu.simd.kernel.PhiloxNormals;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.kernel.Softmax;
import io.dfc.cpu.simd.model.Batch;

import java.util.Arrays;

/**
 * State of the controlled network for some samples, as deviations from the feedforward pass.
 * Voltages and rates are padded [rows, n_i] float32 arrays; the few numbers of the controller are
 * [rows, n_L] float64. Rows beyond {@code count} are zero.
 */
public final class Tile {
    /** Largest number of rows. */
    public final int capacity;

    /** Rows in use: the samples, padded to whole register blocks. */
    public int rows;

    /** Components of the control signal: the outputs, unless the tile is told otherwise. */
    public final int outputs;

    private final boolean ofOutputs;
    public final int[] strides;

    /** Somatic voltage minus {@code v^-}. */
    public final float[][] dv;

    /** Rate minus {@code r^-}. */
    public final float[][] dr;

    /** Basal voltage minus {@code v^-}. */
    public final float[][] db;

    public final float[][] apical;

    /** {@code Q c} of the current step, or noise. */
    public final float[][] scratch;

    /** Filtered noise on top of the apical voltages; null where there has been none. */
    float[][] filteredNoise;

    public final double[] u;
    final double[] previousU;
    public final double[] error;
    public final double[] outputDeviation;
    final double[] feedforwardRate;

    /** The control that drives the apical compartments, in float32. */
    public final float[] applied;

    public final PhiloxNormals normals = new PhiloxNormals();
    public final Softmax softmax;

    /** First sample of the tile in the minibatch. */
    public int first;

    /** Number of samples. */
    public int count;

    public Tile(Network network, int capacity) {
        this(network, capacity, network.outputs());
    }

    /**
     * A tile whose control signal has another number of components than the network has outputs.
     *
     * @param controls number of components
     */
    public Tile(Network network, int capacity, int controls) {
        this.capacity = capacity;
        rows = capacity;
        outputs = controls;
        ofOutputs = controls == network.outputs();
        int depth = network.depth();
        strides = new int[depth];
        for (int i = 0; i < depth; i++) {
            strides[i] = Simd.stride(network.size(i));
        }
        dv = arrays();
        dr = arrays();
        db = arrays();
        apical = arrays();
        scratch = arrays();
        int n = Math.multiplyExact(capacity, outputs);
        u = new double[n];
        previousU = new double[n];
        error = new double[n];
        outputDeviation = new double[n];
        feedforwardRate = new double[n];
        applied = new float[n];
        softmax = new Softmax(n);
    }

    private float[][] arrays() {
        float[][] out = new float[strides.length][];
        for (int i = 0; i < out.length; i++) {
            out[i] = new float[Math.multiplyExact(capacity, strides[i])];
        }
        return out;
    }

    /** Sets the tile to the feedforward pass of some samples. */
    public void reset(Batch batch, int firstSample, int samples) {
        first = firstSample;
        count = samples;
        rows = Simd.roundUp(samples, Simd.BLOCK);
        for (int i = 0; i < strides.length; i++) {
            Arrays.fill(dv[i], 0f);
            Arrays.fill(dr[i], 0f);
            Arrays.fill(db[i], 0f);
            Arrays.fill(apical[i], 0f);
        }
        Arrays.fill(u, 0);
        Arrays.fill(error, 0);
        Arrays.fill(outputDeviation, 0);
        Arrays.fill(applied, 0f);
        if (ofOutputs) {
            System.arraycopy(batch.output, first * outputs, feedforwardRate, 0, count * outputs);
        }
    }

    void clearFilteredNoise() {
        if (filteredNoise == null) {
            filteredNoise = arrays();
        }
        for (float[] z : filteredNoise) {
            Arrays.fill(z, 0f);
        }
    }

    /** Brings output deviation and error up to date with the rates. */
    public void evaluateError(ControlError target) {
        float[] top = dr[dr.length - 1];
        int stride = strides[strides.length - 1];
        for (int s = 0; s < count; s++) {
            for (int j = 0; j < outputs; j++) {
                outputDeviation[s * outputs + j] = top[s * stride + j];
            }
        }
        compare(target);
    }

    /** Brings the error up to date with the output deviation. */
    void compare(ControlError target) {
        target.evaluate(first, count, outputDeviation, error, softmax);
    }

    /** Applies a control of the samples, [count, n_L], to the apical compartments. */
    public void apply(double[] control) {
        for (int j = 0; j < count * outputs; j++) {
            applied[j] = (float) control[j];
        }
    }

    /** {@code ||e - alpha u||} of a sample. */
    public double residual(int sample, double leakage) {
        double sum = 0;
        for (int i = sample * outputs; i < (sample + 1) * outputs; i++) {
            double rest = error[i] - leakage * u[i];
            sum += rest * rest;
        }
        return Math.sqrt(sum);
    }

    /** {@code ||e - alpha u|| / ||r_L^-||} of a sample. */
    public double distanceRatio(int sample, double leakage) {
        return residual(sample, leakage) / norm(feedforwardRate, sample);
    }

    /** {@code ||r_L^-||} of a sample. */
    public double feedforwardNorm(int sample) {
        return norm(feedforwardRate, sample);
    }

    public double errorNorm(int sample) {
        return norm(error, sample);
    }

    private double norm(double[] x, int sample) {
        double sum = 0;
        for (int i = sample * outputs; i < (sample + 1) * outputs; i++) {
            sum += x[i] * x[i];
        }
        return Math.sqrt(sum);
    }
}
