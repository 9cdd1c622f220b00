package io.dfc.api.reference.model;

import io.dfc.api.network.Network;
import io.dfc.api.noise.Noise;
import io.dfc.api.noise.Philox;

import java.util.Arrays;

/** Hands out the standard normal numbers of one phase. */
public final class NoiseSource {
    private final Noise noise;
    private final int phase;
    private final Network network;
    private final int[] words = new int[4];

    /**
     * A source for a phase.
     *
     * @param noise where the numbers come from
     * @param phase phase number of {@link Philox}
     * @param network the network
     * @param steps number of steps, for which recorded noise must hold numbers
     * @param samples number of samples in the minibatch
     */
    public NoiseSource(Noise noise, int phase, Network network, int steps, int samples) {
        this.noise = noise;
        this.phase = phase;
        this.network = network;
        if (noise instanceof Noise.Recorded(var layers)) {
            if (layers.size() != network.depth()) {
                throw new io.dfc.api.error.ShapeMismatchException(
                        "noise: expected " + network.depth() + " tensors, got " + layers.size());
            }
            for (int i = 0; i < layers.size(); i++) {
                layers.get(i).requireShape("noise[" + i + "]", steps, samples, network.size(i));
            }
        }
    }

    public boolean isSilent() {
        return noise instanceof Noise.None;
    }

    /** Writes the numbers of one sample of the minibatch. */
    public void fill(int step, int layer, int sample, double[] out, int offset) {
        int size = network.size(layer);
        switch (noise) {
            case Noise.None none -> Arrays.fill(out, offset, offset + size, 0);
            case Noise.Generated(long seed, int minibatch) ->
                    Philox.normals(
                            seed,
                            Philox.place(phase, layer, sample),
                            step,
                            minibatch,
                            out,
                            offset,
                            size,
                            words);
            case Noise.Recorded(var layers) -> {
                var tensor = layers.get(layer);
                int from = (step * tensor.dim(1) + sample) * size;
                for (int i = 0; i < size; i++) {
                    out[offset + i] = tensor.get(from + i);
                }
            }
        }
    }
}
