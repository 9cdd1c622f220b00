package io.dfc.tornado.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dfc.api.network.Loss;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.ProgramResult;
import io.dfc.api.spi.ReplicaTraining;
import io.dfc.api.spi.Support;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;
import io.dfc.tornado.backend.TestBackends;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Programs give what the reference gives, whatever groups they read and teach. */
class LayerProgramsTest {
    /** Samples that do not fill the last tile. */
    private static Minibatch minibatch(Loss loss, int samples) {
        SplittableRandom random = new SplittableRandom(samples);
        return new Minibatch(
                TestBackends.drawn(random, samples, 4),
                loss == Loss.CROSS_ENTROPY
                        ? new Targets.Labels(random.ints(samples, 0, 3).toArray())
                        : new Targets.Values(TestBackends.drawn(random, samples, 3)));
    }

    @BeforeEach
    void requireDevice() {
        TestBackends.requireDevice();
    }

    /** Gradients, numbers, norms, parameters and moments of some minibatches. */
    private static Map<String, List<Tensor>> train(Backend backend, TestPrograms.Method method) {
        Plan plan = method.plan();
        ProgramHandle program = (ProgramHandle) plan.phases().getFirst();
        Map<String, List<Tensor>> all = new TreeMap<>();
        try (Engine engine = backend.compile(plan)) {
            engine.load(new EngineState(TestBackends.parameters(plan)));
            for (int n = 0; n < 3; n++) {
                String at = "minibatch " + n + ": ";
                engine.forward(minibatch(method.loss(), TestPrograms.ROOM - n));
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
    @MethodSource("io.dfc.tornado.program.TestPrograms#methods")
    void programsGiveWhatTheReferenceGives(TestPrograms.Method method) {
        Map<String, List<Tensor>> expected;
        try (Backend reference = TestBackends.reference()) {
            expected = train(reference, method);
        }
        for (boolean transposes : new boolean[] {false, true}) {
            try (Backend tornado = TestBackends.tornado(transposes)) {
                Map<String, List<Tensor>> found = train(tornado, method);
                assertThat(found.keySet()).isEqualTo(expected.keySet());
                expected.forEach(
                        (name, tensors) -> {
                            assertThat(found.get(name)).as(name).hasSameSizeAs(tensors);
                            for (int t = 0; t < tensors.size(); t++) {
                                TestBackends.requireClose(
                                        name + t, found.get(name).get(t), tensors.get(t));
                            }
                        });
            }
        }
    }

    @Test
    void networksSideBySideGiveWhatEachGivesAlone() {
        TestPrograms.Method method =
                new TestPrograms.Method(
                        "every operation", Loss.CROSS_ENTROPY, TestPrograms::everything);
        Plan plan = method.plan();
        ProgramHandle program = (ProgramHandle) plan.phases().getFirst();
        List<Double> alone = new ArrayList<>();
        List<Double> together = new ArrayList<>();
        try (Backend tornado = TestBackends.tornado(false)) {
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
        engine.load(new EngineState(TestBackends.parameters(engine.plan())));
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
        TestPrograms.Method method =
                new TestPrograms.Method(
                        "perturbation", Loss.CROSS_ENTROPY, TestPrograms::perturbation);
        Plan plan = method.plan();
        ProgramHandle program = (ProgramHandle) plan.phases().getFirst();
        try (Backend tornado = TestBackends.tornado(false);
                Engine engine = tornado.compile(plan)) {
            engine.load(new EngineState(TestBackends.parameters(plan)));
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

    @ParameterizedTest
    @MethodSource("io.dfc.tornado.program.TestPrograms#declined")
    void whatIsNotRunIsDeclinedInOneLine(TestPrograms.Method method) {
        try (Backend backend = TestBackends.tornado(false)) {
            assertThat(backend.supports(method.plan()))
                    .isEqualTo(
                            new Support.Declined(
                                    "program \"method\" "
                                            + method.name()
                                            + ", which the device does not"));
        }
    }
}
