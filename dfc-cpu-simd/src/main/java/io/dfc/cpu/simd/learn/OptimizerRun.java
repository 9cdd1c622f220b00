package io.dfc.cpu.simd.learn;

import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.spi.OptimizerState;
import io.dfc.api.tensor.Tensor;
import io.dfc.cpu.simd.runtime.Workers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * State of one optimiser over a list of float32 arrays, and its step; plain loops that the compiler
 * vectorises.
 */
public final class OptimizerRun {
    private static final int NUMBERS_PER_TASK = 1 << 14;

    private final Optimization settings;
    private final List<int[]> shapes;
    private final List<Integer> layers;
    private final float[][] first;
    private final float[][] second;
    private final boolean usesFirst;
    private final boolean usesSecond;
    private final Workers workers;

    /** Array, first number and end of every task. */
    private final List<Part> parts = new ArrayList<>();

    private final IntConsumer task = this::run;
    private long steps;

    // Read by the tasks of the current call.
    private float[][] stepped;
    private float[][] gradients;
    private double scale;

    /** Some numbers of an array. */
    private record Part(int array, int from, int to) {}

    /**
     * A fresh optimiser.
     *
     * @param shapes shape of each parameter array
     * @param layers layer of each
     */
    public OptimizerRun(
            Optimization settings, List<int[]> shapes, List<Integer> layers, Workers workers) {
        this.settings = settings;
        this.workers = workers;
        this.shapes = shapes;
        this.layers = layers;
        usesSecond = settings.optimizer() instanceof Optimizer.Adam;
        usesFirst = usesSecond || settings.optimizer() instanceof Optimizer.Sgd(double m) && m > 0;
        first = new float[shapes.size()][];
        second = new float[shapes.size()][];
        for (int k = 0; k < first.length; k++) {
            int length = 1;
            for (int d : shapes.get(k)) {
                length *= d;
            }
            first[k] = new float[usesFirst ? length : 0];
            second[k] = new float[usesSecond ? length : 0];
            if (!settings.frozenLayers().contains(layers.get(k))) {
                for (int from = 0; from < length; from += NUMBERS_PER_TASK) {
                    parts.add(new Part(k, from, Math.min(length, from + NUMBERS_PER_TASK)));
                }
            }
        }
    }

    public void step(float[][] parameters, float[][] gradients, double rateScale) {
        steps++;
        stepped = parameters;
        this.gradients = gradients;
        scale = rateScale;
        workers.run(parts.size(), task);
    }

    private void run(int number) {
        Part part = parts.get(number);
        int layer = layers.get(part.array);
        double rate = settings.learningRate(layer) * scale;
        float decay = (float) settings.weightDecay();
        switch (settings.optimizer()) {
            case Optimizer.Sgd(double momentum) -> sgd(part, rate, momentum, decay);
            case Optimizer.Adam adam -> {
                double epsilon = Optimization.perLayer(adam.epsilons(), layer);
                adam(part, rate, adam, epsilon, decay);
            }
        }
    }

    private void sgd(Part part, double rate, double momentum, float decay) {
        float[] p = stepped[part.array];
        float[] gradient = gradients[part.array];
        float[] m = first[part.array];
        float lr = (float) rate;
        float mu = (float) momentum;
        if (momentum > 0) {
            for (int i = part.from; i < part.to; i++) {
                float step = mu * m[i] + (gradient[i] + decay * p[i]);
                m[i] = step;
                p[i] -= lr * step;
            }
        } else {
            for (int i = part.from; i < part.to; i++) {
                p[i] -= lr * (gradient[i] + decay * p[i]);
            }
        }
    }

    private void adam(Part part, double rate, Optimizer.Adam adam, double epsilon, float decay) {
        float[] p = stepped[part.array];
        float[] gradient = gradients[part.array];
        float[] m = first[part.array];
        float[] s = second[part.array];
        float lr = (float) (rate / (1 - Math.pow(adam.beta1(), (double) steps)));
        float root = (float) (1 / Math.sqrt(1 - Math.pow(adam.beta2(), (double) steps)));
        float b1 = (float) adam.beta1();
        float c1 = (float) (1 - adam.beta1());
        float b2 = (float) adam.beta2();
        float c2 = (float) (1 - adam.beta2());
        float eps = (float) epsilon;
        for (int i = part.from; i < part.to; i++) {
            float g = gradient[i] + decay * p[i];
            m[i] = b1 * m[i] + c1 * g;
            s[i] = b2 * s[i] + c2 * g * g;
            p[i] -= lr * m[i] / ((float) Math.sqrt(s[i]) * root + eps);
        }
    }

    public void load(OptimizerState state) {
        steps = state.steps();
        load(state.first(), first, usesFirst, "first moment");
        load(state.second(), second, usesSecond, "second moment");
    }

    private void load(List<Tensor> tensors, float[][] arrays, boolean used, String name) {
        if (tensors.isEmpty() && (steps == 0 || !used)) {
            for (float[] x : arrays) {
                Arrays.fill(x, 0f);
            }
            return;
        }
        if (!used || tensors.size() != arrays.length) {
            throw new ShapeMismatchException(
                    "optimiser "
                            + name
                            + ": expected "
                            + (used ? arrays.length : 0)
                            + " tensors, got "
                            + tensors.size());
        }
        for (int k = 0; k < arrays.length; k++) {
            tensors.get(k).requireShape(name + "[" + k + "]", shapes.get(k)).copyTo(arrays[k], 0);
        }
    }

    public OptimizerState snapshot() {
        return new OptimizerState(
                steps,
                steps > 0 && usesFirst ? tensors(first) : List.of(),
                steps > 0 && usesSecond ? tensors(second) : List.of());
    }

    private List<Tensor> tensors(float[][] arrays) {
        List<Tensor> out = new ArrayList<>();
        for (int k = 0; k < arrays.length; k++) {
            out.add(Tensor.wrap(arrays[k].clone(), shapes.get(k)));
        }
        return out;
    }
}
