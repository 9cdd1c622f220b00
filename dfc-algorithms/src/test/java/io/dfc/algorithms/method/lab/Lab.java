package io.dfc.algorithms.method.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.ProgramResult;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.function.IntToDoubleFunction;

/**
 * A tiny network on the reference backend: parameters are plain tensors that a test may set, and
 * programs run on the plan that they were written for.
 */
public final class Lab implements AutoCloseable {
    private static final Backend BACKEND =
            Backends.discover().select("reference", BackendOptions.defaults(), List.of()).backend();

    public final Network network;
    public final Plan.Builder plan;
    public final ParameterGroup w;
    public final ParameterGroup b;
    private final Loss loss;
    private final int samples;
    private final Map<ParameterGroup, List<Tensor>> values = new TreeMap<>(new ByName());
    private Minibatch minibatch;
    private Engine engine;

    /** Groups in the order of their names. */
    private static final class ByName implements Comparator<ParameterGroup> {
        @Override
        public int compare(ParameterGroup x, ParameterGroup y) {
            return x.name().compareTo(y.name());
        }
    }

    public Lab(Loss loss, int samples, Network network) {
        this.network = network;
        this.loss = loss;
        this.samples = samples;
        plan = Plan.builder(network, loss, samples);
        w = declared(plan.weights(), 1);
        b = declared(plan.biases(), 2);
        SplittableRandom random = new SplittableRandom(7);
        Tensor x = random(random, 1, samples, network.inputs());
        minibatch = new Minibatch(x, targets(random));
    }

    public static Network tanh(int... sizes) {
        return Network.of(new Activation.Tanh(), sizes);
    }

    private Targets targets(SplittableRandom random) {
        if (loss == Loss.MEAN_SQUARED_ERROR) {
            return new Targets.Values(random(random, 1, samples, network.outputs()));
        }
        int[] classes = new int[samples];
        for (int s = 0; s < samples; s++) {
            classes[s] = random.nextInt(network.outputs());
        }
        return new Targets.Labels(classes);
    }

    /** Other labels, each below a limit. */
    public Lab labelsBelow(int limit) {
        int[] classes = new int[samples];
        for (int s = 0; s < samples; s++) {
            classes[s] = s % limit;
        }
        minibatch = new Minibatch(minibatch.inputs(), new Targets.Labels(classes));
        return this;
    }

    /** A group of a method's own, with small random numbers. */
    public ParameterGroup group(String name, int[]... shapes) {
        return declared(plan.group(name, List.of(shapes)), name.hashCode());
    }

    private ParameterGroup declared(ParameterGroup group, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < group.tensors(); i++) {
            tensors.add(random(random, 0.6, group.shape(i)));
        }
        values.put(group, tensors);
        return group;
    }

    public static Tensor random(SplittableRandom random, double size, int... shape) {
        Tensor tensor = Tensor.zeros(ElementType.F64, shape);
        for (int n = 0; n < tensor.size(); n++) {
            tensor.set(n, random.nextDouble(-size, size));
        }
        return tensor;
    }

    /** Parameters, as a test may set them. */
    public Tensor value(ParameterGroup group, int layer) {
        return values.get(group).get(layer);
    }

    public Tensor inputs() {
        return minibatch.inputs();
    }

    public int samples() {
        return samples;
    }

    public int size(int layer) {
        return network.size(layer);
    }

    /** The place of the last layer. */
    public int last() {
        return network.depth() - 1;
    }

    /** Adds a program to the plan. */
    public ProgramHandle add(LayerProgram program) {
        return plan.program("program" + programs++, program);
    }

    private int programs;

    private ForwardResult forward() {
        if (engine == null) {
            engine = BACKEND.compile(plan.build());
        }
        Map<String, List<Tensor>> byName = new TreeMap<>();
        values.forEach((group, tensors) -> byName.put(group.name(), tensors));
        engine.load(new EngineState(new Parameters(byName)));
        return engine.forward(minibatch);
    }

    /** Loss of the network. */
    public double loss() {
        return forward().loss();
    }

    /** Rates of a layer, row after row. */
    public double[] rates(int layer) {
        return forward().rate(layer).toDoubles();
    }

    /** Voltages of a layer, row after row. */
    public double[] voltages(int layer) {
        return forward().voltage(layer).toDoubles();
    }

    /** Runs a program without noise. */
    public ProgramResult run(ProgramHandle program) {
        return run(program, Noise.none());
    }

    public ProgramResult run(ProgramHandle program, Noise noise) {
        forward();
        return engine.run(program, noise);
    }

    /** The parameters after one step of what a program forms. */
    public Parameters stepped(ProgramHandle program, StepHandle step) {
        run(program);
        engine.apply(step.at(1));
        return engine.snapshot().parameters();
    }

    /** The gradient of one tensor that a program forms. */
    public double[] gradient(ProgramHandle program, Noise noise, ParameterGroup group, int layer) {
        ProgramResult result = run(program, noise);
        return program.gradients().stream()
                .filter(g -> g.groups().contains(group))
                .map(g -> result.gradient(g).group(group.name()).get(layer).toDoubles())
                .findFirst()
                .orElseThrow();
    }

    public double[] gradient(ProgramHandle program, ParameterGroup group, int layer) {
        return gradient(program, Noise.none(), group, layer);
    }

    /** Central differences of a function of the parameters. */
    public double[] slope(ParameterGroup group, int layer, DoubleSupplier function) {
        Tensor tensor = value(group, layer);
        double[] slope = new double[tensor.size()];
        double step = 1e-5;
        for (int n = 0; n < slope.length; n++) {
            double x = tensor.get(n);
            tensor.set(n, x + step);
            double above = function.getAsDouble();
            tensor.set(n, x - step);
            slope[n] = (above - function.getAsDouble()) / (2 * step);
            tensor.set(n, x);
        }
        return slope;
    }

    /** Mean of a loss over the samples. */
    public double mean(IntToDoubleFunction loss) {
        double sum = 0;
        for (int s = 0; s < samples(); s++) {
            sum += loss.applyAsDouble(s);
        }
        return sum / samples();
    }

    /** Asserts that numbers agree, relative to the largest of them. */
    public static void assertClose(
            String what, double[] expected, double[] found, double tolerance) {
        assertThat(found).as(what).hasSameSizeAs(expected);
        double size = 0;
        double error = 0;
        for (int n = 0; n < expected.length; n++) {
            size = Math.max(size, Math.abs(expected[n]));
            error = Math.max(error, Math.abs(expected[n] - found[n]));
        }
        assertThat(size).as("size of " + what).isPositive();
        assertThat(error / size).as(what + ", relative error").isLessThan(tolerance);
    }

    /** Asserts that a program forms the slope of a function, times a factor. */
    public void assertDescends(
            ProgramHandle program,
            Noise noise,
            ParameterGroup group,
            int layer,
            double factor,
            DoubleSupplier function) {
        double[] slope = slope(group, layer, function);
        for (int n = 0; n < slope.length; n++) {
            slope[n] *= factor;
        }
        assertClose(
                "d" + group + "[" + layer + "]",
                slope,
                gradient(program, noise, group, layer),
                1e-6);
    }

    public static double cosine(double[] x, double[] y) {
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int n = 0; n < x.length; n++) {
            xx += x[n] * x[n];
            yy += y[n] * y[n];
            xy += x[n] * y[n];
        }
        return xy / Math.sqrt(xx * yy);
    }

    @Override
    public void close() {
        if (engine != null) {
            engine.close();
        }
    }
}
