package io.dfc.cpu.simd.model;

import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.SampleBuffer;
import io.dfc.api.spi.TargetKind;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Rows;
import io.dfc.api.tensor.Tensor;
import io.dfc.cpu.simd.kernel.LayerActivity;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.product.Gemm;
import io.dfc.cpu.simd.runtime.Workers;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * The current minibatch: its inputs, its feedforward pass, its loss. Allocated once for the largest
 * minibatch.
 */
public final class Batch {
    /**
     * A loss far below the mean squared error of a target beyond float32, and above usual losses.
     */
    private static final double LARGE_LOSS = 1e20;

    private final Model model;
    private final Network network;

    /**
     * Tiles that go forwards or backwards at once, at most: their rows divide into higher register
     * blocks, of which no row knows.
     */
    private static final int TILES_PER_TASK = 2;

    private final IntConsumer forwardTask = this::forwardTask;
    public final int stride0;
    public final int capacity;
    public final float[] x;
    public final LayerActivity[] layers;

    /** Per task and layer. */
    private final ForwardStep[][] forwardSteps;

    /** Output rates, [samples, n_L]. */
    public final double[] output;

    /** Gradient of the mean loss, [samples, n_L]. */
    public final double[] lossGradient;

    /** Targets as values, [samples, n_L]. */
    public final double[] targets;

    /** Where labels of a buffer are written. */
    final int[] labels;

    private final Rows inputRows;
    private final Rows targetRows;
    private int tilesPerTask = 1;
    public boolean labelled;
    public int samples;
    public double loss;
    public int correct;

    public Batch(Model model, int maxBatch) {
        this.model = model;
        this.network = model.network;
        capacity = Simd.roundUp(maxBatch, Simd.TILE);
        stride0 = Simd.stride(network.inputs());
        x = new float[Math.multiplyExact(capacity, stride0)];
        layers = new LayerActivity[network.depth()];
        for (int i = 0; i < layers.length; i++) {
            // One tile of spare rows: a single sample may be simulated as a tile of its own.
            layers[i] = new LayerActivity(network.size(i), capacity + Simd.TILE);
        }
        forwardSteps = new ForwardStep[capacity / Simd.TILE][layers.length];
        for (int t = 0; t < forwardSteps.length; t++) {
            for (int i = 0; i < layers.length; i++) {
                forwardSteps[t][i] = new ForwardStep(network.activation(i), layers[i]);
            }
        }
        output = new double[Math.multiplyExact(maxBatch, network.outputs())];
        lossGradient = new double[output.length];
        targets = new double[output.length];
        labels = new int[maxBatch];
        inputRows = new Rows.F32(x, network.inputs(), stride0);
        targetRows = Rows.of(targets, network.outputs());
    }

    /**
     * The arrays of this minibatch as a buffer to write to. Inputs that are targets as well are
     * written as targets, of which none gets lost by rounding.
     */
    public SampleBuffer buffer(int count, TargetKind kind) {
        return new SampleBuffer(
                count,
                kind == TargetKind.INPUTS ? targetRows : inputRows,
                switch (kind) {
                    case LABELS -> new SampleBuffer.Target.Labels(labels);
                    case VALUES -> new SampleBuffer.Target.Values(targetRows);
                    case INPUTS -> new SampleBuffer.Target.Inputs();
                });
    }

    public int tiles() {
        return (samples + Simd.TILE - 1) / Simd.TILE;
    }

    /** Divides the minibatch among the threads, none of which is to be without work. */
    private void divide(Workers workers) {
        boolean few = tiles() < TILES_PER_TASK * workers.threads();
        tilesPerTask = few ? 1 : TILES_PER_TASK;
    }

    /** Number of tasks into which a pass through the network is divided. */
    public int tasks() {
        return (tiles() + tilesPerTask - 1) / tilesPerTask;
    }

    /** First row of a share. */
    public int taskRow(int task) {
        return task * tilesPerTask * Simd.TILE;
    }

    /** Rows of a share, those of whole tiles. */
    public int taskRows(int task) {
        return Math.min(tilesPerTask, tiles() - task * tilesPerTask) * Simd.TILE;
    }

    public int tileSamples(int tile) {
        return Math.min(Simd.TILE, samples - tile * Simd.TILE);
    }

    public LayerActivity last() {
        return layers[layers.length - 1];
    }

    /** Presynaptic feedforward rates of a layer and the distance of their rows. */
    public float[] presynaptic(int layer) {
        return layer == 0 ? x : layers[layer - 1].r;
    }

    public int presynapticStride(int layer) {
        return layer == 0 ? stride0 : layers[layer - 1].stride;
    }

    /** The forward pass of a minibatch and its loss. */
    public void forward(Minibatch minibatch, OutputLoss outputLoss, Workers workers) {
        forward(minibatch.inputs(), workers);
        copyTargets(minibatch.targets());
        outputLoss.evaluate();
    }

    /** The forward pass of what was written into a {@link #buffer}, and its loss. */
    public void forward(SampleBuffer buffer, OutputLoss outputLoss, Workers workers) {
        samples = buffer.samples();
        if (buffer.target() instanceof SampleBuffer.Target.Inputs) {
            roundInputs(targets);
        }
        forward(workers);
        labelled = buffer.target() instanceof SampleBuffer.Target.Labels;
        if (labelled) {
            setTargets(labels);
        }
        outputLoss.evaluate();
    }

    /** The forward pass of inputs without targets. */
    public void forward(Tensor inputs, Workers workers) {
        samples = inputs.dim(0);
        copyInputs(inputs);
        forward(workers);
    }

    private void forward(Workers workers) {
        clearGaps();
        divide(workers);
        workers.run(tasks(), forwardTask);
        LayerActivity top = last();
        int outputs = network.outputs();
        for (int s = 0; s < samples; s++) {
            for (int j = 0; j < outputs; j++) {
                output[s * outputs + j] = top.r[s * top.stride + j];
            }
        }
    }

    /** Kernels take what fills up rows and tiles for zeros; whoever wrote the rows need not. */
    private void clearGaps() {
        int n = network.inputs();
        for (int s = 0; s < samples; s++) {
            Arrays.fill(x, s * stride0 + n, (s + 1) * stride0, 0f);
        }
        Arrays.fill(x, samples * stride0, tiles() * Simd.TILE * stride0, 0f);
    }

    /**
     * Whether an input may be NaN, infinite or beyond float32, as the forward pass shows without a
     * check of the inputs: such a number leaves no voltage of the first layer finite, for even a
     * weight of zero makes NaN of it. Too large weights do the same.
     */
    public boolean mayHoldBadInputs() {
        LayerActivity first = layers[0];
        boolean finite = true;
        for (int s = 0; s < samples; s++) {
            finite &= Float.isFinite(first.v[s * first.stride]);
        }
        return !finite;
    }

    /**
     * The same of a target: squared, it shows in the loss. Targets of the cross-entropy need not,
     * and are few.
     */
    public boolean mayHoldBadTargets(Loss kind) {
        return switch (kind) {
            case CROSS_ENTROPY -> !labelled;
            case MEAN_SQUARED_ERROR -> !(loss < LARGE_LOSS);
        };
    }

    private void copyInputs(Tensor inputs) {
        switch (inputs.type()) {
            case F32 -> {
                int n = network.inputs();
                for (int s = 0; s < samples; s++) {
                    System.arraycopy(inputs.floats(), s * n, x, s * stride0, n);
                }
            }
            case F64 -> roundInputs(inputs.doubles());
        }
    }

    /** Takes inputs in float64, [samples, n_0]. */
    private void roundInputs(double[] from) {
        int n = network.inputs();
        for (int s = 0; s < samples; s++) {
            int to = s * stride0;
            for (int j = 0; j < n; j++) {
                x[to + j] = (float) from[s * n + j];
            }
        }
    }

    private void copyTargets(Targets values) {
        labelled = values instanceof Targets.Labels;
        switch (values) {
            case Targets.Labels(int[] classes) -> setTargets(classes);
            case Targets.Values(Tensor tensor) -> tensor.copyTo(targets, 0);
        }
    }

    private void setTargets(int[] classes) {
        int outputs = network.outputs();
        Arrays.fill(targets, 0, samples * outputs, 0);
        for (int s = 0; s < samples; s++) {
            targets[s * outputs + classes[s]] = 1;
        }
    }

    private void forwardTask(int task) {
        int first = taskRow(task);
        int rows = taskRows(task);
        for (int i = 0; i < layers.length; i++) {
            int in = presynapticStride(i);
            int stride = layers[i].stride;
            Gemm.multiply(
                    presynaptic(i),
                    first * in,
                    in,
                    rows,
                    model.up[i],
                    model.biasRows[i],
                    layers[i].v,
                    first * stride,
                    stride,
                    forwardSteps[task][i].of(first, rows));
        }
    }
}
