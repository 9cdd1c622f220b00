package io.dfc.cpu.simd.backend;

import io.dfc.api.control.OutputTarget;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.tensor.Tensor;
import io.dfc.cpu.simd.loop.ControlError;
import io.dfc.cpu.simd.model.Adjoints;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;

import java.util.Arrays;

/** View of the last forward pass. */
final class SimdForwardResult implements ForwardResult {
    private final Plan plan;
    private final Network network;
    private final Model model;
    private final Batch batch;

    SimdForwardResult(Plan plan, Model model, Batch batch) {
        this.plan = plan;
        this.network = plan.network();
        this.model = model;
        this.batch = batch;
    }

    @Override
    public int samples() {
        return batch.samples;
    }

    @Override
    public double loss() {
        return batch.loss;
    }

    @Override
    public int correct() {
        return batch.correct;
    }

    @Override
    public Tensor voltage(int layer) {
        return unpadded(layer, batch.layers[layer].v);
    }

    @Override
    public Tensor rate(int layer) {
        return unpadded(layer, batch.layers[layer].r);
    }

    private Tensor unpadded(int layer, float[] padded) {
        int size = network.size(layer);
        int stride = batch.layers[layer].stride;
        float[] out = new float[batch.samples * size];
        for (int s = 0; s < batch.samples; s++) {
            System.arraycopy(padded, s * stride, out, s * size, size);
        }
        return Tensor.wrap(out, batch.samples, size);
    }

    @Override
    public Tensor outputTarget(LoopHandle loop) {
        OutputTarget outputTarget = loop.phase().target();
        double[] target =
                new ControlError(outputTarget, plan.loss(), batch, network.outputs())
                        .refresh()
                        .target();
        return Tensor.wrap(
                Arrays.copyOf(target, batch.samples * network.outputs()),
                batch.samples,
                network.outputs());
    }

    @Override
    public Tensor jacobian() {
        int outputs = network.outputs();
        int neurons = network.neurons();
        int[] starts = new int[network.depth()];
        for (int i = 1; i < starts.length; i++) {
            starts[i] = starts[i - 1] + network.size(i - 1);
        }
        float[][] slopes = new float[network.depth()][];
        for (int i = 0; i < slopes.length; i++) {
            slopes[i] = batch.layers[i].slope;
        }
        float[] out = new float[batch.samples * outputs * neurons];
        Adjoints adjoints = new Adjoints(model);
        for (int from = 0; from < batch.samples; from += adjoints.group) {
            int first = from;
            int count = Math.min(adjoints.group, batch.samples - from);
            adjoints.visit(
                    slopes,
                    first,
                    count,
                    (i, rows, used, stride) -> {
                        for (int row = 0; row < count * outputs; row++) {
                            int to = (first * outputs + row) * neurons + starts[i];
                            System.arraycopy(rows, row * stride, out, to, network.size(i));
                        }
                    });
        }
        return Tensor.wrap(out, batch.samples, outputs, neurons);
    }
}
