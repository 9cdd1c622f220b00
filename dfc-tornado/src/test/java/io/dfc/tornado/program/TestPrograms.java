package io.dfc.tornado.program;

import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation;
import io.dfc.api.plan.Operation.Activate.Form;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramBuilder;
import io.dfc.api.plan.ProgramHandle;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Small programs, one or more to each operation. */
final class TestPrograms {
    /** Largest minibatch: one that does not fill its last tile. */
    static final int ROOM = 7;

    private static final Network NETWORK = Network.of(new Activation.Tanh(), 4, 6, 5, 3);
    private static final Optimization ADAM =
            new Optimization(
                    new Optimizer.Adam(0.9, 0.99, 1e-3), List.of(0.02, 0.01, 0.03), 0.1, Set.of());

    private TestPrograms() {}

    /** What is trained: a program, and an optimiser to each of its gradients. */
    record Method(String name, Loss loss, Function<Plan.Builder, LayerProgram> program) {
        @Override
        public String toString() {
            return name + " " + loss;
        }

        Plan plan() {
            Plan.Builder builder = Plan.builder(NETWORK, loss, ROOM);
            ProgramHandle handle = builder.program("method", program.apply(builder));
            for (GradientHandle gradient : handle.gradients()) {
                ParameterGroup[] groups = gradient.groups().toArray(ParameterGroup[]::new);
                boolean perLayer = gradient.groups().stream().allMatch(g -> g.tensors() <= 3);
                Optimization one = perLayer ? ADAM : new Optimization(new Optimizer.Sgd(0.9), 0.05);
                builder.step(
                        gradient, builder.optimizer("o" + handle.indexOf(gradient), one, groups));
            }
            return builder.build();
        }
    }

    static Stream<Method> methods() {
        List<Method> methods = new ArrayList<>();
        for (Loss loss : Loss.values()) {
            methods.add(new Method("feedback alignment", loss, b -> alignment(b, false)));
            methods.add(new Method("direct feedback alignment", loss, b -> alignment(b, true)));
            methods.add(new Method("last layer alone", loss, TestPrograms::shallow));
            methods.add(new Method("every operation", loss, TestPrograms::everything));
            methods.add(new Method("weight perturbation", loss, TestPrograms::perturbation));
            methods.add(new Method("descents", loss, TestPrograms::descents));
            methods.add(new Method("sums in a repetition", loss, TestPrograms::repeated));
        }
        return methods.stream();
    }

    static LayerProgram alignment(Plan.Builder builder, boolean direct) {
        ParameterGroup random =
                builder.group(
                        "R",
                        direct
                                ? List.of(new int[] {6, 3}, new int[] {5, 3})
                                : List.of(new int[] {6, 5}, new int[] {5, 3}));
        ProgramBuilder p =
                LayerProgram.builder(NETWORK)
                        .gradient(new Clipping.PerLayer(0.1), builder.forwardGroups());
        Buffer top = p.lossGradient("e", p.rate(2));
        Buffer delta = top;
        for (int i = 2; i >= 0; i--) {
            if (i < 2) {
                Buffer e = p.product("e_" + (i + 1), random, i, direct ? top : delta);
                delta = p.throughSlope("delta_" + (i + 1), e, i);
            }
            p.outerInto(builder.weights(), i, delta, p.presynaptic(i));
            p.sumInto(builder.biases(), i, delta);
        }
        return p.build();
    }

    static LayerProgram shallow(Plan.Builder builder) {
        ProgramBuilder p =
                LayerProgram.builder(NETWORK)
                        .gradient(new Clipping.Joint(0.2), builder.forwardGroups());
        Buffer e = p.lossGradient("e", p.rate(2));
        return p.outerInto(builder.weights(), 2, e, p.presynaptic(2))
                .sumInto(builder.biases(), 2, e)
                .build();
    }

    /** Groups with more and fewer tensors than layers, one gradient of two, one of a single one. */
    static LayerProgram everything(Plan.Builder builder) {
        ParameterGroup maps =
                builder.group(
                        "V",
                        List.of(
                                new int[] {6, 3},
                                new int[] {3, 6},
                                new int[] {6},
                                new int[] {5, 5},
                                new int[] {2, 2}));
        ProgramBuilder p =
                LayerProgram.builder(NETWORK)
                        .gradient(new Clipping.PerTensor(0.3), maps)
                        .gradient(new Clipping.None(), builder.biases())
                        .gradient(new Clipping.PerLayer(0.2), builder.weights());
        Buffer there = p.product("a", maps, 0, p.targets());
        Buffer shifted = p.addBias("a", there, maps, 2);
        Buffer rates = p.activate("rate", Form.RATE, new Activation.Sigmoid(), shifted);
        Buffer steep = p.activate("steep", Form.SLOPE, new Activation.LeakyRelu(0.3), shifted);
        Buffer mixed = p.combine("mixed", 0.5, rates, -2, steep);
        Buffer chosen = p.select("chosen", 2, p.rate(1), mixed);
        Buffer product = p.hadamard("product", chosen, p.rate(0));
        Buffer noise = p.noise("noise", 6, 3, 0.2);
        Buffer noisy = p.combine("noisy", 1, product, 1, noise);
        Buffer found = p.activate("found", Form.INVERSE, new Activation.Tanh(), p.rate(0));
        Buffer far = p.activate("far", Form.INVERSE, new Activation.LeakyRelu(0.5), product);
        Buffer near = p.activate("near", Form.INVERSE, new Activation.Sigmoid(), rates);
        noisy = p.combine("noisy", 1, noisy, 0.1, p.combine("far", 1, found, 1, far));
        noisy = p.combine("noisy", 1, noisy, 0.1, near);
        Buffer back = p.product("back", maps, 1, noisy);
        p.add(new Operation.OuterInto(held(maps, 1), -0.7, true, back, noisy));
        p.add(new Operation.SumInto(held(maps, 2), 2, true, noisy));
        Buffer g = p.lossGradient("g", back);
        Buffer again = p.transposedProduct("again", maps, 0, noisy);
        p.outerInto(maps, 1, again, noisy);
        // Written anew, though sums read what it was.
        noise = p.noise("noise", 6, 4, 0.1);
        p.sumInto(builder.biases(), 0, noise);
        p.outerInto(builder.weights(), 0, noise, p.input());
        p.outerInto(builder.weights(), 2, g, p.presynaptic(2));
        p.report("loss", p.sampleLoss("l", back));
        p.report("one", p.fill("f", 1, 1));
        return p.build();
    }

    static Operation.Held held(ParameterGroup group, int layer) {
        return new Operation.Held(group, layer);
    }

    static LayerProgram perturbation(Plan.Builder builder) {
        ParameterGroup w = builder.weights();
        ProgramBuilder p =
                LayerProgram.builder(NETWORK)
                        .gradient(new Clipping.None(), builder.forwardGroups());
        Buffer rates = p.input();
        for (int i = 0; i < 3; i++) {
            var xi = new Operation.ParameterNoise(w, i, i, 0.1);
            var eta = new Operation.ParameterNoise(builder.biases(), i, 10 + i, 0.1);
            Buffer exact = p.product("v" + i, w, i, rates);
            Buffer other = p.product("dv" + i, xi, false, rates);
            Buffer sum =
                    p.addBias("v" + i, p.combine("v" + i, 1, exact, 1, other), builder.biases(), i);
            rates =
                    p.activate(
                            "rate" + i,
                            Form.RATE,
                            NETWORK.activation(i),
                            p.addBias("v" + i, sum, eta));
        }
        Buffer change =
                p.combine("d", 1, p.sampleLoss("l", rates), -1, p.sampleLoss("m", p.rate(2)));
        for (int i = 0; i < 3; i++) {
            p.add(new Operation.NoiseInto(new Operation.ParameterNoise(w, i, i, 0.1), 100, change));
            p.add(
                    new Operation.NoiseInto(
                            new Operation.ParameterNoise(builder.biases(), i, 10 + i, 0.1),
                            100,
                            change));
        }
        return p.report("change", change).build();
    }

    /** The energy of a hidden layer is descended by each optimiser, with noise in each round. */
    static LayerProgram descents(Plan.Builder builder) {
        ParameterGroup w = builder.weights();
        ProgramBuilder p = LayerProgram.builder(NETWORK).gradient(new Clipping.None(), w);
        List<Optimizer> optimizers =
                List.of(
                        new Optimizer.Sgd(0),
                        new Optimizer.Sgd(0.5),
                        new Optimizer.Adam(0.9, 0.999, 1e-4));
        List<Buffer> states = new ArrayList<>();
        for (int n = 0; n < optimizers.size(); n++) {
            Buffer state = p.scale("x" + n, 1, p.rate(1));
            Optimizer optimizer = optimizers.get(n);
            int number = n;
            p.repeat(
                    20,
                    q -> {
                        Buffer top =
                                q.addBias(
                                        "top", q.product("top", w, 2, state), builder.biases(), 2);
                        Buffer g = q.transposedProduct("g", w, 2, q.lossGradient("e", top));
                        q.combine("g", 1, g, 0.01, q.noise("n", 5, number, 1));
                        q.descend(state, g, optimizer, 0.02).descend(state, g, optimizer, 0.02);
                    });
            states.add(state);
        }
        Buffer settled = p.scale("settled", 1, p.rate(1));
        p.repeatUntil(
                400,
                1e-3,
                List.of(settled),
                q -> {
                    Buffer next =
                            q.addBias("z", q.product("z", w, 1, p.rate(0)), builder.biases(), 1);
                    q.combine("settled", 0.9, settled, 0.1, next);
                });
        states.add(settled);
        for (Buffer state : states) {
            p.outerInto(w, 2, p.rate(2), state);
        }
        return p.build();
    }

    static LayerProgram repeated(Plan.Builder builder) {
        ParameterGroup w = builder.weights();
        ProgramBuilder p =
                LayerProgram.builder(NETWORK)
                        .gradient(new Clipping.None(), builder.forwardGroups());
        Buffer state = p.scale("x", 1, p.rate(1));
        p.repeat(
                3,
                q -> {
                    Buffer y = q.product("z", w, 2, state);
                    q.outerInto(w, 2, y, state);
                    q.sumInto(builder.biases(), 1, state);
                    q.combine("x", 0.5, state, 1, q.noise("n", 5, 1, 0.1));
                });
        return p.outerInto(w, 2, p.targets(), state).build();
    }

    /** Programs that the device declines, by the reason. */
    static Stream<Method> declined() {
        return Stream.of(
                new Method(
                        "solves a system of the matrix S",
                        Loss.CROSS_ENTROPY,
                        b -> {
                            ParameterGroup s = b.group("S", List.of(new int[] {3, 3}));
                            ProgramBuilder p = LayerProgram.builder(NETWORK);
                            p.solve("x", s, 0, p.rate(2));
                            return p.build();
                        }),
                new Method(
                        "solves a system of each sample's Jacobian",
                        Loss.CROSS_ENTROPY,
                        b -> {
                            ProgramBuilder p = LayerProgram.builder(NETWORK);
                            Buffer x = new Buffer("x", 3);
                            return p.add(new Operation.SolveGram(x, 0, 1, p.rate(2))).build();
                        }),
                new Method(
                        "keeps W near an orthogonal matrix",
                        Loss.CROSS_ENTROPY,
                        b ->
                                LayerProgram.builder(NETWORK)
                                        .gradient(new Clipping.None(), b.weights())
                                        .add(
                                                new Operation.OrthogonalityInto(
                                                        held(b.weights(), 0), 1))
                                        .build()));
    }
}
