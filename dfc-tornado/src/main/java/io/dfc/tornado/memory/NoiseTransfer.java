package io.dfc.tornado.memory;

import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Noise;
import io.dfc.api.tensor.Tensor;
import io.dfc.tornado.kernel.TableCodes;
import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.runtime.DeviceShare;

import java.util.List;

/** Brings the noise of a phase to the device: the seed of generated noise, or recorded numbers. */
public final class NoiseTransfer {
    private NoiseTransfer() {}

    /**
     * Writes the kind of a phase's noise, and the counters that generate it.
     *
     * @param stream stream of random numbers, one of those of {@link io.dfc.api.noise.Philox}
     */
    public static void configure(DeviceShare device, int stream, Noise noise) {
        device.set(TableLayout.NOISE_STREAM, stream);
        device.set(
                TableLayout.NOISE_KIND,
                switch (noise) {
                    case Noise.None none -> TableCodes.NO_NOISE;
                    case Noise.Generated(long seed, int minibatch) -> {
                        device.set(TableLayout.SEED_LOW, (int) seed);
                        device.set(TableLayout.SEED_HIGH, (int) (seed >>> 32));
                        device.set(TableLayout.MINIBATCH, minibatch);
                        yield TableCodes.GENERATED;
                    }
                    case Noise.Recorded recorded -> TableCodes.RECORDED;
                });
    }

    /**
     * Checks the shapes of recorded noise.
     *
     * @param layers a tensor [steps, samples, n_i] for each layer
     * @throws ShapeMismatchException if a shape is another one
     */
    public static void requireFit(List<Tensor> layers, Network network, int steps, int samples) {
        if (layers.size() != network.depth()) {
            throw new ShapeMismatchException(
                    "noise: expected " + network.depth() + " tensors, got " + layers.size());
        }
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).requireShape("noise[" + i + "]", steps, samples, network.size(i));
        }
    }

    /**
     * Brings recorded noise of some steps to the device, tile by tile.
     *
     * @param from the first step
     * @param count number of steps, at most {@link TableLayout#NOISE_STEPS}
     */
    public static void upload(
            DeviceShare device,
            MemoryLayout layout,
            List<Tensor> layers,
            int samples,
            int from,
            int count) {
        Network network = layout.network;
        int block = layout.padded * network.neurons();
        float[] numbers = new float[count * block];
        for (int i = 0; i < layers.size(); i++) {
            int n = network.size(i);
            Tensor xi = layers.get(i);
            for (int step = 0; step < count; step++) {
                for (int s = 0; s < samples; s++) {
                    int to = step * block + layout.layerOffset(i) + Tiles.at(s, 0, n);
                    int at = ((from + step) * samples + s) * n;
                    for (int j = 0; j < n; j++) {
                        numbers[to + j * TableLayout.TILE] = (float) xi.get(at + j);
                    }
                }
            }
        }
        device.write(layout.at(TableLayout.NOISE), numbers);
    }
}
