package io.dfc.api.reference.model;

import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.spi.OptimizerState;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** State of one optimiser over a list of parameter arrays, and its step. */
public final class OptimizerRun {
    private final Optimization settings;
    private final List<int[]> shapes;
    private final List<Integer> layers;
    private final double[][] first;
    private final double[][] second;
    private long steps;

    /**
     * A fresh optimiser.
     *
     * @param settings its settings
     * @param shapes shape of each parameter array
     * @param layers layer of each parameter array
     */
    public OptimizerRun(Optimization settings, List<int[]> shapes, List<Integer> layers) {
        this.settings = settings;
        this.shapes = shapes;
        this.layers = layers;
        first = new double[shapes.size()][];
        second = new double[shapes.size()][];
        for (int k = 0; k < first.length; k++) {
            int length = 1;
            for (int d : shapes.get(k)) {
                length *= d;
            }
            first[k] = new double[usesFirst() ? length : 0];
            second[k] = new double[usesSecond() ? length : 0];
        }
    }

    private boolean usesFirst() {
        return !(settings.optimizer() instanceof Optimizer.Sgd(double momentum) && momentum == 0);
    }

    private boolean usesSecond() {
        return settings.optimizer() instanceof Optimizer.Adam;
    }

    public void step(List<double[]> parameters, List<double[]> gradients, double rateScale) {
        steps++;
        for (int k = 0; k < parameters.size(); k++) {
            int layer = layers.get(k);
            if (settings.frozenLayers().contains(layer)) {
                continue;
            }
            double rate = settings.learningRate(layer) * rateScale;
            switch (settings.optimizer()) {
                case Optimizer.Sgd(double momentum) ->
                        sgd(k, parameters.get(k), gradients.get(k), rate, momentum);
                case Optimizer.Adam adam ->
                        adam(
                                k,
                                parameters.get(k),
                                gradients.get(k),
                                rate,
                                adam,
                                Optimization.perLayer(adam.epsilons(), layer));
            }
        }
    }

    private void sgd(int k, double[] p, double[] gradient, double rate, double momentum) {
        for (int i = 0; i < p.length; i++) {
            double step = gradient[i] + settings.weightDecay() * p[i];
            if (momentum > 0) {
                step += momentum * first[k][i];
                first[k][i] = step;
            }
            p[i] -= rate * step;
        }
    }

    private void adam(
            int k,
            double[] p,
            double[] gradient,
            double rate,
            Optimizer.Adam adam,
            double epsilon) {
        double correction1 = 1 - Math.pow(adam.beta1(), (double) steps);
        double correction2 = Math.sqrt(1 - Math.pow(adam.beta2(), (double) steps));
        for (int i = 0; i < p.length; i++) {
            double g = gradient[i] + settings.weightDecay() * p[i];
            first[k][i] = adam.beta1() * first[k][i] + (1 - adam.beta1()) * g;
            second[k][i] = adam.beta2() * second[k][i] + (1 - adam.beta2()) * g * g;
            p[i] -=
                    rate
                            / correction1
                            * first[k][i]
                            / (Math.sqrt(second[k][i]) / correction2 + epsilon);
        }
    }

    public void load(OptimizerState state) {
        steps = state.steps();
        load(state.first(), first, usesFirst(), "first moment");
        load(state.second(), second, usesSecond(), "second moment");
    }

    private void load(List<Tensor> tensors, double[][] arrays, boolean used, String name) {
        if (tensors.isEmpty() && (steps == 0 || !used)) {
            for (double[] x : arrays) {
                Arrays.fill(x, 0);
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
                steps > 0 && usesFirst() ? tensors(first) : List.of(),
                steps > 0 && usesSecond() ? tensors(second) : List.of());
    }

    private List<Tensor> tensors(double[][] arrays) {
        List<Tensor> out = new ArrayList<>();
        for (int k = 0; k < arrays.length; k++) {
            out.add(Tensor.of(arrays[k], shapes.get(k)));
        }
        return out;
    }
}
