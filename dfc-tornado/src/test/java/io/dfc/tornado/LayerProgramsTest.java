package io.dfc.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation;
import io.dfc.api.plan.Operation.Activate.Form;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramBuilder;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.Availability;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Device;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.ProgramResult;
import io.dfc.api.spi.ReplicaTraining;
import io.dfc.api.spi.Support;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import uk.ac.manchester.tornado.api.common.TornadoDevice;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Programs give what the reference gives, whatever groups they read and teach. */
class LayerProgramsTest {
    private static final int ROOM = 7;
    private static final Network NETWORK = Network.of(new Activation.Tanh(), 4, 6, 5, 3);
    private static final Optimization ADAM =
            new Optimization(
                    new Optimizer.Adam(0.9, 0.99, 1e-3), List.of(0.02, 0.01, 0.03), 0.1, Set.of());

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
            methods.add(new Method("last layer alone", loss, LayerProgramsTest::shallow));
            methods.add(new Method("every operation", loss, LayerProgramsTest::everything));
            methods.add(new Method("weight perturbation", loss, LayerProgramsTest::perturbation));
            methods.add(new Method("descents", loss, LayerProgramsTest::descents));
            methods.add(new Method("sums in a repetition", loss, LayerProgramsTest::repeated));
        }
        return methods.stream();
    }

    private static LayerProgram alignment(Plan.Builder builder, boolean direct) {
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

    private static LayerProgram shallow(Plan.Builder builder) {
        ProgramBuilder p =
                LayerProgram.builder(NETWORK)
                        .gradient(new Clipping.Joint(0.2), builder.forwardGroups());
        Buffer e = p.lossGradient("e", p.rate(2));
        return p.outerInto(builder.weights(), 2, e, p.presynaptic(2))
                .sumInto(builder.biases(), 2, e)
                .build();
    }

    /** Groups with more and fewer tensors than layers, one gradient of two, one of a single one. */
    private static LayerProgram everything(Plan.Builder builder) {
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

    private static Operation.Held held(ParameterGroup group, int layer) {
        return new Operation.Held(group, layer);
    }

    private static LayerProgram perturbation(Plan.Builder builder) {
        ParameterGroup w = builder.weights();
        ProgramBuilder p =
                LayerProgram.builder(NETWORK)
                        .gradient(new Clipping.None(), builder.forwardGroups());
        Buffer rates = p.input();
        for (int i = 0; i < 3; i++) {
            var xi = ProgramBuilder.noiseOf(w, i, i, 0.1);
            var eta = ProgramBuilder.noiseOf(builder.biases(), i, 10 + i, 0.1);
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
            p.add(new Operation.NoiseInto(ProgramBuilder.noiseOf(w, i, i, 0.1), 100, change));
            p.add(
                    new Operation.NoiseInto(
                            ProgramBuilder.noiseOf(builder.biases(), i, 10 + i, 0.1), 100, change));
        }
        return p.report("change", change).build();
    }

    /** The energy of a hidden layer is descended by each optimiser, with noise in each round. */
    private static LayerProgram descents(Plan.Builder builder) {
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
                        q.descend(state, g, optimizer, 0.02);
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

    private static LayerProgram repeated(Plan.Builder builder) {
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

    private static Parameters parameters(Plan plan) {
        SplittableRandom random = new SplittableRandom(5);
        Map<String, List<Tensor>> groups = new TreeMap<>();
        for (ParameterGroup group : plan.groups()) {
            groups.put(
                    group.name(),
                    IntStream.range(0, group.tensors())
                            .mapToObj(i -> drawn(random, group.shape(i)))
                            .toList());
        }
        return new Parameters(groups);
    }

    private static Tensor drawn(SplittableRandom random, int... shape) {
        int size = 1;
        for (int d : shape) {
            size *= d;
        }
        return Tensor.wrap(random.doubles(size, -0.6, 0.6).toArray(), shape);
    }

    /** Samples that do not fill the last tile. */
    private static Minibatch minibatch(Loss loss, int samples) {
        SplittableRandom random = new SplittableRandom(samples);
        return new Minibatch(
                drawn(random, samples, 4),
                loss == Loss.CROSS_ENTROPY
                        ? new Targets.Labels(random.ints(samples, 0, 3).toArray())
                        : new Targets.Values(drawn(random, samples, 3)));
    }

    @BeforeEach
    void requireDevice() {
        Assumptions.assumeTrue(
                new TornadoBackendProvider().probe() instanceof Availability.Available,
                "TornadoVM has no device");
    }

    private static Backend tornado(boolean transposes) {
        Device device = Devices.list().getFirst();
        TornadoDevice found = Devices.find(device);
        ProgramPool pool = new ProgramPool(found, 32, TilesPerGroup.on(found, 1), transposes);
        return new TornadoBackend("tornado", device, pool, 1, () -> "");
    }

    private static Backend reference() {
        return Backends.discover()
                .select("reference", BackendOptions.defaults(), List.of())
                .backend();
    }

    /** Gradients, numbers, norms, parameters and moments of some minibatches. */
    private static Map<String, List<Tensor>> train(Backend backend, Method method) {
        Plan plan = method.plan();
        ProgramHandle program = (ProgramHandle) plan.phases().getFirst();
        Map<String, List<Tensor>> all = new TreeMap<>();
        try (Engine engine = backend.compile(plan)) {
            engine.load(new EngineState(parameters(plan)));
            for (int n = 0; n < 3; n++) {
                String at = "minibatch " + n + ": ";
                engine.forward(minibatch(method.loss(), ROOM - n));
                ProgramResult result = engine.run(program, new Noise.Generated(11, n));
                for (GradientHandle gradient : program.gradients()) {
                    result.gradient(gradient)
                            .groups()
                            .forEach(
                                    (name, tensors) ->
                                            all.put(at + "gradient of " + name, tensors));
                    for (int i = 0; i < 3; i++) {
                        double norm = result.gradientNorm(gradient, i);
                        all.put(
                                at + "norm " + gradient + i,
                                List.of(Tensor.of(new double[] {norm}, 1)));
                    }
                }
                for (String number : program.phase().numbers()) {
                    double x = result.number(number);
                    all.put(at + number, List.of(Tensor.of(new double[] {x}, 1)));
                }
                for (StepHandle step : plan.steps()) {
                    engine.apply(step.at(0.5));
                }
            }
            EngineState state = engine.snapshot();
            state.parameters().groups().forEach(all::put);
            state.optimizers().forEach((name, moments) -> all.put(name, moments.first()));
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("methods")
    void programsGiveWhatTheReferenceGives(Method method) {
        Map<String, List<Tensor>> expected;
        try (Backend reference = reference()) {
            expected = train(reference, method);
        }
        for (boolean transposes : new boolean[] {false, true}) {
            try (Backend tornado = tornado(transposes)) {
                Map<String, List<Tensor>> found = train(tornado, method);
                assertThat(found.keySet()).isEqualTo(expected.keySet());
                expected.forEach(
                        (name, tensors) -> {
                            assertThat(found.get(name)).as(name).hasSameSizeAs(tensors);
                            for (int t = 0; t < tensors.size(); t++) {
                                requireClose(name + t, found.get(name).get(t), tensors.get(t));
                            }
                        });
            }
        }
    }

    private static void requireClose(String name, Tensor found, Tensor expected) {
        double largest = 1e-9;
        for (int n = 0; n < expected.size(); n++) {
            largest = Math.max(largest, Math.abs(expected.get(n)));
        }
        assertThat(found.toDoubles())
                .as(name)
                .containsExactly(expected.toDoubles(), within(1e-4 * largest));
    }

    @Test
    void networksSideBySideGiveWhatEachGivesAlone() {
        Method method =
                new Method("every operation", Loss.CROSS_ENTROPY, LayerProgramsTest::everything);
        Plan plan = method.plan();
        ProgramHandle program = (ProgramHandle) plan.phases().getFirst();
        List<Double> alone = new ArrayList<>();
        List<Double> together = new ArrayList<>();
        try (Backend tornado = tornado(false)) {
            for (int r = 0; r < 2; r++) {
                try (Engine engine = tornado.compile(plan)) {
                    alone.add(loss(engine, program, r));
                }
            }
            List<Engine> engines = ((ReplicaTraining) tornado).compileReplicas(plan, 2);
            for (int r = 0; r < 2; r++) {
                together.add(loss(engines.get(r), program, r));
            }
            engines.forEach(Engine::close);
        }
        assertThat(together).isEqualTo(alone).doesNotHaveDuplicates();
    }

    private static double loss(Engine engine, ProgramHandle program, int samples) {
        engine.load(new EngineState(parameters(engine.plan())));
        for (int n = 0; n < 2; n++) {
            engine.forward(minibatch(Loss.CROSS_ENTROPY, 4 + samples));
            engine.run(program, new Noise.Generated(11, n));
            engine.plan().steps().forEach(step -> engine.apply(step.at(1)));
        }
        engine.forward(minibatch(Loss.CROSS_ENTROPY, 4 + samples));
        return engine.run(program, Noise.none()).number("loss");
    }

    @Test
    void withoutNoiseThereIsNone() {
        Method method =
                new Method("perturbation", Loss.CROSS_ENTROPY, LayerProgramsTest::perturbation);
        Plan plan = method.plan();
        ProgramHandle program = (ProgramHandle) plan.phases().getFirst();
        try (Backend tornado = tornado(false);
                Engine engine = tornado.compile(plan)) {
            engine.load(new EngineState(parameters(plan)));
            engine.forward(minibatch(Loss.CROSS_ENTROPY, 5));
            assertThat(engine.run(program, new Noise.Generated(1, 0)).number("change"))
                    .isNotCloseTo(0, within(1e-4));
            ProgramResult silent = engine.run(program, Noise.none());
            assertThat(silent.number("change")).isCloseTo(0, within(1e-6));
            assertThat(
                            silent.gradient(program.gradients().getFirst())
                                    .weights()
                                    .getFirst()
                                    .toDoubles())
                    .containsOnly(0.0);
            assertThatThrownBy(() -> silent.number("gain"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("program \"method\" reports no \"gain\", only [change]");
        }
    }

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

    @ParameterizedTest
    @MethodSource("declined")
    void whatIsNotRunIsDeclinedInOneLine(Method method) {
        try (Backend backend = tornado(false)) {
            assertThat(backend.supports(method.plan()))
                    .isEqualTo(
                            new Support.Declined(
                                    "program \"method\" "
                                            + method.name()
                                            + ", which the device does not"));
        }
    }

    @Test
    void aGroupWithMoreTensorsThanLayersIsSteppedAtOneRateForAll() {
        Plan.Builder builder = Plan.builder(NETWORK, Loss.CROSS_ENTROPY, 2);
        ParameterGroup many =
                builder.group("many", IntStream.range(0, 4).mapToObj(i -> new int[] {2}).toList());
        builder.optimizer("rates", ADAM, many);
        try (Backend backend = tornado(false)) {
            assertThat(backend.supports(builder.build()))
                    .isEqualTo(
                            new Support.Declined(
                                    "optimiser \"rates\" has settings for each of 3 layers, but steps a group of 4 tensors; give it one for all"));
        }
    }
}
