package io.dfc.cpu.simd.kernel;

import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Noise;
import io.dfc.api.noise.Philox;
import io.dfc.api.tensor.Tensor;

import java.util.Arrays;

/** Hands out the standard normal numbers of one phase, to any number of threads at once. */
public final class NoiseSource {
    private final int phase;
    private final Network network;
    private final int steps;
    private Noise noise = Noise.none();

    public NoiseSource(int phase, Network network, int steps) {
        this.phase = phase;
        this.network = network;
        this.steps = steps;
    }

    /** Takes the noise of a minibatch. */
    public void take(Noise fresh, int samples) {
        noise = fresh;
        if (fresh instanceof Noise.Recorded(var layers)) {
            if (layers.size() != network.depth()) {
                throw new ShapeMismatchException(
                        "noise: expected " + network.depth() + " tensors, got " + layers.size());
            }
            for (int i = 0; i < layers.size(); i++) {
                requireFit(layers.get(i), i, samples);
            }
        }
    }

    private void requireFit(Tensor tensor, int layer, int samples) {
        int size = network.size(layer);
        // Looked at by itself first, for the check proper takes an array and a name.
        if (tensor.rank() != 3
                || tensor.dim(0) != steps
                || tensor.dim(1) != samples
                || tensor.dim(2) != size) {
            tensor.requireShape("noise[" + layer + "]", steps, samples, size);
        }
    }

    public boolean isSilent() {
        return noise instanceof Noise.None;
    }

    /**
     * Writes the numbers of one sample of the minibatch for consecutive steps, one neuron to a row.
     *
     * @param out receives the numbers from {@code at} on, rows {@code stride} apart; what rows hold
     *     after the last step, up to the next multiple of the lanes, is not defined
     */
    public void fillSteps(
            int firstStep,
            int steps,
            int layer,
            int sample,
            float[] out,
            int at,
            int stride,
            PhiloxNormals generator) {
        int size = network.size(layer);
        switch (noise) {
            case Noise.None none -> {
                for (int n = 0; n < size; n++) {
                    Arrays.fill(out, at + n * stride, at + n * stride + steps, 0f);
                }
            }
            case Noise.Generated(long seed, int minibatch) ->
                    generator.fillSteps(
                            seed,
                            Philox.place(phase, layer, sample),
                            firstStep,
                            steps,
                            minibatch,
                            out,
                            at,
                            stride,
                            size);
            case Noise.Recorded(var layers) -> {
                Tensor tensor = layers.get(layer);
                for (int t = 0; t < steps; t++) {
                    int from = ((firstStep + t) * tensor.dim(1) + sample) * size;
                    for (int n = 0; n < size; n++) {
                        out[at + n * stride + t] = (float) tensor.get(from + n);
                    }
                }
            }
        }
    }

    /**
     * Writes the numbers of a step for some samples of the minibatch side by side, one neuron to a
     * row.
     *
     * @param count number of samples; those beyond get zeros
     * @param width numbers of a row, a multiple of the vector's length
     * @param out receives the numbers; it has rows up to the next multiple of four, of which those
     *     that belong to no neuron are not defined
     */
    public void fillSamples(
            int step,
            int layer,
            int sample,
            int count,
            int width,
            float[] out,
            int at,
            PhiloxNormals generator) {
        int size = network.size(layer);
        switch (noise) {
            case Noise.None none -> Arrays.fill(out, at, at + size * width, 0f);
            case Noise.Generated(long seed, int minibatch) ->
                    generator.fillSamples(
                            seed,
                            Philox.place(phase, layer, sample),
                            step,
                            minibatch,
                            width,
                            out,
                            at,
                            size);
            case Noise.Recorded(var layers) -> {
                Tensor tensor = layers.get(layer);
                for (int s = 0; s < count; s++) {
                    int from = (step * tensor.dim(1) + sample + s) * size;
                    for (int n = 0; n < size; n++) {
                        out[at + n * width + s] = (float) tensor.get(from + n);
                    }
                }
            }
        }
        for (int n = 0; n < size && count < width; n++) {
            Arrays.fill(out, at + n * width + count, at + (n + 1) * width, 0f);
        }
    }

    /** Writes the numbers of one sample of the minibatch. */
    public void fill(
            int step, int layer, int sample, float[] out, int at, PhiloxNormals generator) {
        int size = network.size(layer);
        switch (noise) {
            case Noise.None none -> Arrays.fill(out, at, at + size, 0f);
            case Noise.Generated(long seed, int minibatch) ->
                    generator.fill(
                            seed,
                            Philox.place(phase, layer, sample),
                            step,
                            minibatch,
                            out,
                            at,
                            size);
            case Noise.Recorded(var layers) -> {
                Tensor tensor = layers.get(layer);
                int from = (step * tensor.dim(1) + sample) * size;
                for (int i = 0; i < size; i++) {
                    out[at + i] = (float) tensor.get(from + i);
                }
            }
        }
    }
}
