package io.dfc.tornado.engine;

import io.dfc.api.control.OutputTarget;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;
import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.loop.Simulation;
import io.dfc.tornado.memory.MemoryLayout;
import io.dfc.tornado.memory.Tiles;
import io.dfc.tornado.runtime.DeviceShare;
import io.dfc.tornado.runtime.Kernel;

/** The feedforward pass, and its last results. */
final class FeedforwardPass implements ForwardResult {
    private final DeviceShare device;
    private final MemoryLayout layout;
    private final Network network;
    private int samples;
    private double loss;
    private int correct;
    private boolean labeled;

    FeedforwardPass(DeviceShare device, MemoryLayout layout) {
        this.device = device;
        this.layout = layout;
        network = layout.network;
    }

    /** Computes voltages and rates alone. */
    void run(Tensor inputs) {
        upload(inputs);
        device.launch(Kernel.FORWARD, Tiles.count(samples));
    }

    private void upload(Tensor inputs) {
        samples = inputs.dim(0);
        write(TableLayout.INPUT, inputs, network.inputs());
        device.set(TableLayout.SAMPLES, samples);
        device.set(TableLayout.TILES, Tiles.count(samples));
    }

    /** Copies a matrix to the device, straight into the exchanged array. */
    private void write(int position, Tensor matrix, int n) {
        device.write(
                layout.at(position), Tiles.length(samples, n), Tiles.source(matrix, samples, n));
    }

    void run(Minibatch minibatch) {
        upload(minibatch.inputs());
        int tiles = Tiles.count(samples);
        switch (minibatch.targets()) {
            case Targets.Labels(int[] classes) -> {
                labeled = true;
                device.write(
                        layout.at(TableLayout.LABEL),
                        Tiles.padded(samples),
                        Tiles.labels(classes, samples));
            }
            case Targets.Values(Tensor values) -> {
                labeled = false;
                write(TableLayout.TARGET, values, layout.outputs);
            }
        }
        device.set(TableLayout.LABELED, labeled ? 1 : 0);
        device.launch(Kernel.FORWARD, tiles);
        device.launch(Kernel.LOSS, device.groups(tiles * TableLayout.TILE));
        float[] results = device.read(layout.at(TableLayout.LOSS), 2 * layout.padded);
        double sum = 0;
        double right = 0;
        for (int s = 0; s < samples; s++) {
            sum += results[s];
            right += results[layout.padded + s];
        }
        loss = sum / samples;
        correct = (int) Math.round(right);
    }

    @Override
    public int samples() {
        return samples;
    }

    @Override
    public double loss() {
        return loss;
    }

    @Override
    public int correct() {
        return correct;
    }

    @Override
    public Tensor voltage(int layer) {
        return layer(TableLayout.VOLTAGE, layer);
    }

    @Override
    public Tensor rate(int layer) {
        return layer(TableLayout.RATE, layer);
    }

    private Tensor layer(int position, int layer) {
        int n = network.size(layer);
        float[] tiles =
                device.read(layout.at(position) + layout.layerOffset(layer), layout.padded * n);
        return Tensor.wrap(Tiles.unpack(tiles, 0, samples, n), samples, n);
    }

    @Override
    public Tensor outputTarget(LoopHandle loop) {
        OutputTarget target = loop.phase().target();
        int n = layout.outputs;
        Tensor rates = rate(network.depth() - 1);
        if (target instanceof OutputTarget.Strong strong) {
            double right = strong.classValue();
            float[] y = outputs(TableLayout.TARGET);
            if (labeled) {
                for (int i = 0; i < y.length; i++) {
                    y[i] = (float) (y[i] > 0.5f ? right : (1 - right) / Math.max(1, n - 1));
                }
            }
            return Tensor.wrap(y, samples, n);
        }
        float[] gradient = outputs(TableLayout.LOSS_GRADIENT);
        double step = Simulation.stepSize(target, samples);
        for (int i = 0; i < gradient.length; i++) {
            rates.set(i, rates.get(i) - step * gradient[i]);
        }
        return rates;
    }

    private float[] outputs(int position) {
        float[] tiles = device.read(layout.at(position), layout.padded * layout.outputs);
        return Tiles.unpack(tiles, 0, samples, layout.outputs);
    }

    @Override
    public Tensor jacobian() {
        int depth = network.depth();
        int n = layout.outputs;
        int neurons = network.neurons();
        float[] parameters = device.read(layout.parameters, layout.forwardLength);
        double[] out = new double[samples * n * neurons];
        int end = neurons;
        for (int i = depth - 1; i >= 0; i--) {
            int size = network.size(i);
            int start = end - size;
            Tensor slopes = layer(TableLayout.SLOPE, i);
            for (int row = 0; row < samples * n; row++) {
                int s = row / n;
                int at = row * neurons;
                for (int j = 0; j < size; j++) {
                    double sum = i == depth - 1 ? (row % n == j ? 1 : 0) : 0;
                    if (i < depth - 1) {
                        int w = layout.weightStart(i + 1) + j;
                        for (int x = 0; x < network.size(i + 1); x++) {
                            sum += out[at + end + x] * parameters[w + x * size];
                        }
                    }
                    out[at + start + j] = sum * slopes.get(s * size + j);
                }
            }
            end = start;
        }
        return Tensor.wrap(out, samples, n, neurons);
    }
}
