package io.dfc.cpu.simd;

import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Noise;
import io.dfc.api.noise.Philox;
import io.dfc.api.tensor.Tensor;

/** Hands out the standard normal numbers of one phase; thread-safe. */
final class NoiseSource {
    private final Noise noise;
    private final int phase;
    private final Network network;

    NoiseSource(Noise noise, int phase, Network network, int steps, int samples) {
        this.noise = noise;
        this.phase = phase;
        this.network = network;
        if (noise instanceof Noise.Recorded(var layers)) {
            if (layers.size() != network.depth()) {
                throw new ShapeMismatchException(
                        "noise: expected " + network.depth() + " tensors, got " + layers.size());
            }
            for (int i = 0; i < layers.size(); i++) {
                layers.get(i).requireShape("noise[" + i + "]", steps, samples, network.size(i));
            }
        }
    }

    boolean isSilent() {
        return noise instanceof Noise.None;
    }

    /** Writes the numbers of one sample of the minibatch. */
    void fill(int step, int layer, int sample, float[] out, int at, PhiloxNormals generator) {
        int size = network.size(layer);
        switch (noise) {
            case Noise.None none -> java.util.Arrays.fill(out, at, at + size, 0f);
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
