package io.dfc.api.testkit.scenario;

import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation;
import io.dfc.api.plan.Operation.Activate.Form;
import io.dfc.api.plan.Operation.Held;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramBuilder;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every operation of a program in a small one. What a buffer holds is seen in the gradient of a
 * group {@code O}, shape [n_L, n_0], as its outer product with the inputs.
 */
public final class OperationScenarios {
    private static final List<Activation> ACTIVATIONS =
            List.of(
                    new Activation.Linear(),
                    new Activation.Tanh(),
                    new Activation.Relu(),
                    new Activation.LeakyRelu(0.1),
                    new Activation.Sigmoid());

    private final List<Shapes> shapes;

    public OperationScenarios(Coverage coverage) {
        shapes = coverage == Coverage.EVERY_SHAPE ? Shapes.all() : Shapes.two();
    }

    /** What a small program is written with. */
    private record Desk(
            Shapes shape,
            ProgramBuilder p,
            ParameterGroup w,
            ParameterGroup b,
            ParameterGroup square,
            ParameterGroup seen) {
        int last() {
            return shape.network().depth() - 1;
        }

        int outputs() {
            return shape.network().outputs();
        }

        Buffer output() {
            return p.rate(last());
        }

        /** Adds what a buffer of the output's width holds to the gradient of {@code O}. */
        void see(double factor, Buffer x) {
            p.add(new Operation.OuterInto(new Held(seen, 0), factor, false, x, p.input()));
        }
    }

    /** A small program. */
    private interface Writing {
        void write(Desk desk);
    }

    private static Scenario scenario(String name, Shapes shape, Loss loss, Writing writing) {
        Plan.Builder builder = shape.builder(loss);
        int outputs = shape.network().outputs();
        ParameterGroup square = builder.group("M", List.of(new int[] {outputs, outputs}));
        ParameterGroup seen =
                builder.group("O", List.of(new int[] {outputs, shape.network().inputs()}));
        ProgramBuilder p =
                LayerProgram.builder(shape.network())
                        .gradient(new Clipping.None(), seen)
                        .gradient(new Clipping.None(), square)
                        .gradient(new Clipping.None(), builder.weights(), builder.biases());
        writing.write(new Desk(shape, p, builder.weights(), builder.biases(), square, seen));
        builder.program("program", p.build());
        return shape.scenario(name, builder.build());
    }

    private static final Map<String, Writing> EVERYWHERE =
            new TreeMap<>(
                    Map.of(
                            "products and biases", OperationScenarios::products,
                            "rates and slopes", OperationScenarios::rates,
                            "numbers by number", OperationScenarios::elementwise,
                            "losses", OperationScenarios::losses,
                            "noise of units", OperationScenarios::unitNoise,
                            "noise of parameters", OperationScenarios::parameterNoise,
                            "gradients", OperationScenarios::gradients,
                            "repetition", OperationScenarios::repetition,
                            "descent", OperationScenarios::descent));

    private static final Map<String, Writing> BY_FEW =
            new TreeMap<>(
                    Map.of(
                            "inverse rate functions", OperationScenarios::inverses,
                            "a linear system of parameters", OperationScenarios::solve,
                            "linear systems of the Jacobian", OperationScenarios::solveGram,
                            "a bound on what is not orthogonal", OperationScenarios::orthogonality,
                            "a repetition that ends early", OperationScenarios::until));

    /** What every backend that runs programs may be expected to run. */
    public List<Scenario> everywhere() {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : shapes) {
            for (Loss loss : Loss.values()) {
                EVERYWHERE.forEach((name, w) -> all.add(scenario(name, shape, loss, w)));
            }
            all.add(
                    ProgramScenarios.softened(
                            scenario(
                                    "losses of soft labels",
                                    shape,
                                    Loss.CROSS_ENTROPY,
                                    OperationScenarios::losses)));
        }
        return all;
    }

    /** What a backend may decline. */
    public List<Scenario> byFew() {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : shapes) {
            BY_FEW.forEach(
                    (name, w) ->
                            all.add(invertible(scenario(name, shape, Loss.MEAN_SQUARED_ERROR, w))));
        }
        return all;
    }

    /** With a matrix {@code M} that is far from a singular one. */
    private static Scenario invertible(Scenario s) {
        Map<String, List<Tensor>> groups = new TreeMap<>(s.parameters().copy().groups());
        Tensor m = groups.get("M").getFirst();
        int n = m.dim(0);
        for (int i = 0; i < n; i++) {
            m.set(i * n + i, m.get(i * n + i) + n);
        }
        return s.withParameters(new Parameters(groups));
    }

    private static void products(Desk d) {
        ProgramBuilder p = d.p();
        Buffer there = p.product("a", d.w(), d.last(), p.presynaptic(d.last()));
        Buffer back = p.transposedProduct("c", d.w(), d.last(), there);
        d.see(1, p.addBias("f", p.product("f", d.w(), d.last(), back), d.b(), d.last()));
        d.see(0.5, p.transposedProduct("h", d.square(), 0, p.product("k", d.square(), 0, there)));
    }

    private static void rates(Desk d) {
        ProgramBuilder p = d.p();
        Buffer x = p.combine("x", 2, p.voltage(d.last()), -1, p.targets());
        for (Activation activation : ACTIVATIONS) {
            d.see(1, p.activate("r", Form.RATE, activation, x));
            d.see(0.3, p.activate("s", Form.SLOPE, activation, x));
        }
    }

    private static void elementwise(Desk d) {
        ProgramBuilder p = d.p();
        int n = d.outputs();
        Buffer x = p.combine("x", -0.7, d.output(), 1.5, p.targets());
        x = p.hadamard("x", x, p.voltage(d.last()));
        x = p.combine("x", 1, x, 1, p.fill("f", n, 0.25));
        d.see(1, x);
        d.see(0.5, p.select("x", (n + 1) / 2, p.targets(), x));
        d.see(0.25, p.select("z", n, x, d.output()));
        // A factor of 0 leaves its summand out, whatever that is.
        Buffer none = p.scale("q", 1e300, p.fill("q", n, 1e300));
        d.see(1, p.combine("z", 2, d.output(), 0, none));
    }

    private static void losses(Desk d) {
        ProgramBuilder p = d.p();
        Buffer moved = p.combine("y'", 1.5, d.output(), 0.1, p.fill("o", d.outputs(), 1));
        Buffer before = p.sampleLoss("l", d.output());
        Buffer after = p.sampleLoss("l'", moved);
        d.see(1, p.lossGradient("g", moved));
        p.report("before", before);
        p.report("change", p.combine("d", 1, after, -1, before));
    }

    private static void unitNoise(Desk d) {
        ProgramBuilder p = d.p();
        d.see(1, p.noise("x", d.outputs(), 0, 0.1));
        d.see(0.5, p.noise("y'", d.outputs(), 255, 2));
        Buffer s = p.fill("s", d.outputs(), 0);
        p.repeat(3, body -> body.combine("s", 0.5, s, 1, body.noise("x", d.outputs(), 7, 0.3)));
        d.see(1, s);
        Buffer one = p.noise("w", 1, 9, 1);
        p.report("one", one);
        d.see(1, p.select("z", 1, p.noise("v", 67, 8, 1), s));
    }

    private static void parameterNoise(Desk d) {
        ProgramBuilder p = d.p();
        int i = d.last();
        var xi = new Operation.ParameterNoise(d.w(), i, 2, 0.2);
        Buffer x = p.product("x", xi, false, p.presynaptic(i));
        if (d.shape().network().bias()) {
            var eta = new Operation.ParameterNoise(d.b(), i, 200, 0.1);
            x = p.addBias("x", x, eta);
            p.add(new Operation.NoiseInto(eta, -2, p.sampleLoss("l", x)));
        }
        d.see(1, x);
        p.add(new Operation.NoiseInto(xi, 25, p.sampleLoss("l", d.output())));
        Buffer back = p.product("y'", xi, true, x);
        d.see(1, p.product("z", xi, false, back));
    }

    private static void gradients(Desk d) {
        ProgramBuilder p = d.p();
        int i = d.last();
        Buffer e = p.lossGradient("e", d.output());
        for (boolean mean : new boolean[] {false, true}) {
            p.add(new Operation.OuterInto(new Held(d.w(), i), -0.3, mean, e, p.presynaptic(i)));
            if (d.shape().network().bias()) {
                p.add(new Operation.SumInto(new Held(d.b(), i), -0.3, mean, e));
            }
        }
        d.see(2, e);
        d.see(-1, p.targets());
    }

    private static void repetition(Desk d) {
        ProgramBuilder p = d.p();
        Buffer x = p.fill("x", d.outputs(), 0.1);
        p.repeat(
                7,
                body -> {
                    Buffer y = body.product("y'", d.square(), 0, x);
                    Buffer rate = body.activate("r", Form.RATE, new Activation.Tanh(), y);
                    body.combine("x", 0.5, x, 0.5, body.combine("r", 1, rate, 1, d.output()));
                    d.see(0.1, x);
                });
        d.see(1, x);
    }

    private static void descent(Desk d) {
        ProgramBuilder p = d.p();
        for (Optimizer optimizer :
                List.of(
                        new Optimizer.Sgd(0),
                        new Optimizer.Sgd(0.5),
                        new Optimizer.Adam(0.8, 0.9, 0.1))) {
            Buffer x = p.scale("x", 1, d.output());
            // Twice, so that the second repetition is seen to begin anew.
            for (int time = 0; time < 2; time++) {
                p.repeat(
                        4,
                        body -> {
                            Buffer g = body.combine("g", 1, x, -1, p.targets());
                            body.descend(x, g, optimizer, 0.1);
                        });
            }
            d.see(1, x);
        }
    }

    private static void inverses(Desk d) {
        ProgramBuilder p = d.p();
        Buffer x = p.combine("x", 0.4, p.targets(), 0.2, d.output());
        d.see(1, p.activate("a", Form.INVERSE, new Activation.Linear(), x));
        d.see(1, p.activate("a", Form.INVERSE, new Activation.LeakyRelu(0.1), x));
        Buffer small = p.activate("s", Form.RATE, new Activation.Tanh(), x);
        d.see(1, p.activate("a", Form.INVERSE, new Activation.Tanh(), small));
        Buffer half = p.activate("h", Form.RATE, new Activation.Sigmoid(), x);
        d.see(1, p.activate("a", Form.INVERSE, new Activation.Sigmoid(), half));
    }

    private static void solve(Desk d) {
        ProgramBuilder p = d.p();
        d.see(1, p.solve("x", d.square(), 0, p.targets()));
        Buffer y = p.scale("z", 1, d.output());
        d.see(1, p.solve("z", d.square(), 0, y));
    }

    private static void solveGram(Desk d) {
        ProgramBuilder p = d.p();
        for (int i = 0; i <= d.last(); i++) {
            Buffer x = new Buffer("x_" + i, d.outputs());
            p.add(new Operation.SolveGram(x, i, 0.3, p.targets()));
            d.see(1, x);
        }
    }

    private static void orthogonality(Desk d) {
        d.p().add(new Operation.OrthogonalityInto(new Held(d.seen(), 0), 0.1));
        d.p().add(new Operation.OrthogonalityInto(new Held(d.square(), 0), 0.01));
        d.p().add(new Operation.OrthogonalityInto(new Held(d.w(), d.last()), 0.2));
    }

    private static void until(Desk d) {
        ProgramBuilder p = d.p();
        Buffer x = p.fill("x", d.outputs(), 0);
        Buffer z = p.scale("z", 1, d.output());
        p.repeatUntil(
                1000,
                1e-3,
                List.of(x, z),
                body -> {
                    body.combine("x", 0.6, x, 0.3, body.targets());
                    body.combine("z", 0.5, z, 0.1, x);
                });
        d.see(1, x);
        d.see(1, z);
        p.repeatUntil(3, 1e-12, List.of(x), body -> body.combine("x", 0.5, x, 1, z));
        d.see(1, x);
    }
}
