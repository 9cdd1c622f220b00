package io.dfc.api.reference.program;

import io.dfc.api.network.Activation;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.noise.Philox;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation;
import io.dfc.api.plan.Operation.Coefficients;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.reference.model.Activity;
import io.dfc.api.reference.model.Buffers;
import io.dfc.api.reference.model.ForwardRun;
import io.dfc.api.reference.model.Jacobian;
import io.dfc.api.reference.model.LinearSystem;
import io.dfc.api.reference.model.OptimizerRun;
import io.dfc.api.reference.model.OutputLoss;
import io.dfc.api.reference.model.ParameterArrays;
import io.dfc.api.reference.model.SquareMatrix;
import io.dfc.api.spi.ProgramResult;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** A program over one minibatch, operation by operation, and its results. */
public final class ProgramRun implements ProgramResult {
    private final Plan plan;
    private final Network network;
    private final ParameterArrays parameters;
    private final ForwardRun pass;
    private final ProgramHandle handle;
    private final Noise noise;
    private final int samples;
    private final Map<String, double[]> buffers = new HashMap<>();

    /** Optimisers of buffers, by the place of the operation in the repetition in work. */
    private final Map<Integer, OptimizerRun> descents = new HashMap<>();

    private final Map<String, Double> numbers = new HashMap<>();
    private final ProgramGradients gradients;

    /** Round of the repetition in work, from 0. */
    private int round;

    public ProgramRun(
            Plan plan,
            ParameterArrays parameters,
            ForwardRun pass,
            ProgramHandle handle,
            Noise noise) {
        this.plan = plan;
        this.network = plan.network();
        this.parameters = parameters;
        this.pass = pass;
        this.handle = handle;
        this.noise = noise;
        samples = pass.activity.samples;
        gradients = new ProgramGradients(handle.phase());
        buffers.put("r_0", pass.activity.input);
        for (int i = 0; i < network.depth(); i++) {
            buffers.put("v_" + (i + 1), pass.activity.v[i]);
            buffers.put("r_" + (i + 1), pass.activity.r[i]);
        }
        buffers.put("y", pass.loss.values);
        handle.phase().operations().forEach(this::run);
        handle.phase().gradients().forEach(gradients::clip);
    }

    private void run(Operation operation) {
        switch (operation) {
            case Operation.Product p -> product(p);
            case Operation.AddBias(var out, var in, var bias) -> {
                double[] b = values(bias);
                map(out, in, (n, x) -> x + b[n]);
            }
            case Operation.Activate(var out, var form, var activation, var in) -> {
                DoubleUnaryOperator f = function(form, activation);
                map(out, in, (n, x) -> f.applyAsDouble(x));
            }
            case Operation.Fill(var out, double value) -> Arrays.fill(write(out), value);
            case Operation.Combine(var out, double a, var x, double b, var y) ->
                    combine(out, x, y, (p, q) -> b == 0 ? a * p : a * p + b * q);
            case Operation.Hadamard(var out, var x, var y) -> combine(out, x, y, (p, q) -> p * q);
            case Operation.Select s -> select(s);
            case Operation.LossGradient(var out, var outputs) ->
                    System.arraycopy(
                            loss(outputs).gradient, 0, write(out), 0, samples * out.width());
            case Operation.SampleLoss(var out, var outputs) ->
                    System.arraycopy(loss(outputs).perSample, 0, write(out), 0, samples);
            case Operation.Noise(var out, int stream, double sigma) -> draw(out, stream, sigma);
            case Operation.OuterInto(var into, double factor, boolean mean, var post, var pre) -> {
                for (int s = 0; s < samples; s++) {
                    Buffers.addOuter(
                            gradients.of(into),
                            mean ? factor / samples : factor,
                            read(post),
                            s * post.width(),
                            post.width(),
                            read(pre),
                            s * pre.width(),
                            pre.width());
                }
            }
            case Operation.SumInto(var into, double factor, boolean mean, var post) -> {
                double[] sum = gradients.of(into);
                double[] x = read(post);
                for (int at = 0; at < samples * sum.length; at++) {
                    sum[at % sum.length] += (mean ? factor / samples : factor) * x[at];
                }
            }
            case Operation.NoiseInto(var xi, double factor, var scale) ->
                    Buffers.add(gradients.of(xi), factor * mean(scale), values(xi));
            case Operation.OrthogonalityInto(var into, double rho) ->
                    new SquareMatrix(values(into), into.shape()[1])
                            .addOrthogonality(4 * rho, gradients.of(into));
            case Operation.Solve(var out, var matrix, var in) -> solve(out, matrix, in);
            case Operation.SolveGram s -> solveGram(s);
            case Operation.Descend d ->
                    throw new IllegalStateException(d + " outside a repetition");
            case Operation.Report(String name, var in) -> numbers.put(name, mean(in));
            case Operation.Repeat r -> repeat(r);
        }
    }

    private double[] read(Buffer buffer) {
        return Objects.requireNonNull(buffers.get(buffer.name()));
    }

    private double[] write(Buffer buffer) {
        return buffers.computeIfAbsent(buffer.name(), _ -> new double[samples * buffer.width()]);
    }

    private double[] values(Coefficients of) {
        return switch (of) {
            case Operation.Held(var group, int layer) -> parameters.of(group)[layer];
            case Operation.ParameterNoise(var group, int layer, int stream, double sigma) -> {
                double[] xi = new double[parameters.of(group)[layer].length];
                if (noise instanceof Noise.Generated(long seed, int minibatch)) {
                    int place = Philox.place(Philox.PHASE_PARAMETERS, stream, 0);
                    Philox.normals(seed, place, 0, minibatch, xi, 0, xi.length, new int[4]);
                }
                yield Arrays.stream(xi).map(x -> sigma * x).toArray();
            }
        };
    }

    private void product(Operation.Product p) {
        double[] a = values(p.matrix());
        int columns = p.matrix().shape()[1];
        int in = p.in().width();
        int out = p.out().width();
        double[] x = read(p.in());
        double[] sum = write(p.out());
        for (int s = 0; s < samples; s++) {
            for (int i = 0; i < out; i++) {
                double total = 0;
                for (int j = 0; j < in; j++) {
                    double entry = p.transposed() ? a[j * columns + i] : a[i * columns + j];
                    total += entry * x[s * in + j];
                }
                sum[s * out + i] = total;
            }
        }
    }

    private interface NeuronFunction {
        double apply(int neuron, double x);
    }

    private void map(Buffer out, Buffer in, NeuronFunction f) {
        double[] x = read(in);
        double[] y = write(out);
        for (int at = 0; at < y.length; at++) {
            y[at] = f.apply(at % out.width(), x[at]);
        }
    }

    private void combine(Buffer out, Buffer x, Buffer y, DoubleBinaryOperator f) {
        double[] first = read(x);
        double[] second = read(y);
        double[] result = write(out);
        for (int at = 0; at < result.length; at++) {
            result[at] = f.applyAsDouble(first[at], second[at]);
        }
    }

    private static DoubleUnaryOperator function(
            Operation.Activate.Form form, Activation activation) {
        return switch (form) {
            case RATE -> activation::value;
            case SLOPE -> activation::derivative;
            case INVERSE -> activation::inverse;
        };
    }

    private void select(Operation.Select s) {
        double[] first = read(s.first());
        double[] rest = read(s.rest());
        double[] out = write(s.out());
        int width = s.out().width();
        for (int at = 0; at < out.length; at++) {
            int n = at % width;
            out[at] = n < s.count() ? first[at / width * s.first().width() + n] : rest[at];
        }
    }

    private OutputLoss loss(Buffer outputs) {
        return new OutputLoss(
                plan.loss(), read(outputs), samples, network.outputs(), pass.targets());
    }

    private void draw(Buffer out, int stream, double sigma) {
        double[] xi = write(out);
        Arrays.fill(xi, 0);
        if (noise instanceof Noise.Generated(long seed, int minibatch)) {
            int[] words = new int[4];
            for (int s = 0; s < samples; s++) {
                int place = Philox.place(Philox.PHASE_PROGRAM, stream, s);
                int at = s * out.width();
                Philox.normals(seed, place, round, minibatch, xi, at, out.width(), words);
            }
        }
        for (int at = 0; at < xi.length; at++) {
            xi[at] *= sigma;
        }
    }

    private double mean(Buffer scale) {
        return Arrays.stream(read(scale), 0, samples).sum() / samples;
    }

    private void solve(Buffer out, Operation.Held matrix, Buffer in) {
        int n = in.width();
        for (int s = 0; s < samples; s++) {
            double[] x = Activity.row(read(in), s, n);
            LinearSystem.solve(values(matrix).clone(), x);
            System.arraycopy(x, 0, write(out), s * n, n);
        }
    }

    private void solveGram(Operation.SolveGram o) {
        int n = network.outputs();
        for (int s = 0; s < samples; s++) {
            Activity sample = pass.activity.sample(network, s);
            double[] gram =
                    new Jacobian(parameters, sample, Buffers.perLayer(network, 1))
                            .gramOfRates(o.layer());
            for (int j = 0; j < n; j++) {
                gram[j * n + j] += o.damping();
            }
            double[] x = Activity.row(read(o.in()), s, n);
            LinearSystem.solve(gram, x);
            System.arraycopy(x, 0, write(o.out()), s * n, n);
        }
    }

    private void descend(int place, Operation.Descend d) {
        double[] state = read(d.state());
        descents.computeIfAbsent(place, _ -> descent(d))
                .step(List.of(state), List.of(read(d.gradient())), 1);
    }

    private OptimizerRun descent(Operation.Descend d) {
        return new OptimizerRun(
                new io.dfc.api.learn.Optimization(d.optimizer(), d.rate()),
                List.of(new int[] {samples, d.state().width()}),
                List.of(0));
    }

    private void repeat(Operation.Repeat r) {
        descents.clear();
        for (round = 0; round < r.times(); round++) {
            Map<String, double[]> before = new HashMap<>();
            r.until()
                    .ifPresent(u -> u.states().forEach(b -> before.put(b.name(), read(b).clone())));
            for (int place = 0; place < r.body().size(); place++) {
                if (r.body().get(place) instanceof Operation.Descend d) {
                    descend(place, d);
                } else {
                    run(r.body().get(place));
                }
            }
            if (r.until().filter(u -> hasSettled(u, before)).isPresent()) {
                break;
            }
        }
        round = 0;
    }

    private boolean hasSettled(Operation.Until until, Map<String, double[]> before) {
        for (int s = 0; s < samples; s++) {
            double change = 0;
            double size = 0;
            for (Buffer buffer : until.states()) {
                double[] old = Objects.requireNonNull(before.get(buffer.name()));
                double[] now = read(buffer);
                for (int at = s * buffer.width(); at < (s + 1) * buffer.width(); at++) {
                    change += (now[at] - old[at]) * (now[at] - old[at]);
                    size += old[at] * old[at];
                }
            }
            double relative = Math.sqrt(change) / (Operation.Until.NORM_OFFSET + Math.sqrt(size));
            if (!(relative < until.threshold())) {
                return false;
            }
        }
        return true;
    }

    /** Arrays of a gradient, group after group. */
    public List<double[]> gradientArrays(GradientHandle gradient) {
        return gradients.arrays(declared(gradient));
    }

    private LayerProgram.Gradient declared(GradientHandle gradient) {
        return handle.phase().gradients().get(handle.indexOf(gradient));
    }

    @Override
    public Parameters gradient(GradientHandle gradient) {
        return gradients.toParameters(declared(gradient));
    }

    @Override
    public double number(String name) {
        if (!numbers.containsKey(name)) {
            throw new IllegalArgumentException(
                    "program \""
                            + handle
                            + "\" reports no \""
                            + name
                            + "\", only "
                            + handle.phase().numbers());
        }
        return numbers.get(name);
    }
}
