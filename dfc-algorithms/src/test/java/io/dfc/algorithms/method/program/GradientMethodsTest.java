package io.dfc.algorithms.method.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dfc.algorithms.method.LearningMethod;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.Precision;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the methods without a loop descend, measured by backpropagation. */
class GradientMethodsTest {
    private static final int SAMPLES = 4;
    private static final double TOLERANCE = 1e-12;

    private static final Minibatch MINIBATCH =
            new Minibatch(
                    Initialization.XAVIER_NORMAL.draw(SAMPLES, 5, 3, 0),
                    new Targets.Labels(new int[] {0, 2, 1, 2}));

    private static MethodContext context(int... sizes) {
        return new MethodContext(
                Network.of(new Activation.Tanh(), sizes),
                Loss.CROSS_ENTROPY,
                SAMPLES,
                Precision.FULL,
                Initialization.XAVIER_NORMAL,
                7);
    }

    /** A plan's only gradient of a minibatch, and the parameters after its step. */
    private record Outcome(Parameters gradient, Parameters after) {}

    private static <S extends Record> Outcome outcome(
            LearningMethod<S> method, MethodContext context, Map<String, List<Tensor>> feedback) {
        LearningPlan learning = method.plan(method.defaults(), context);
        Map<String, List<Tensor>> groups = new HashMap<>(learning.initial().get().groups());
        assertThat(groups.keySet()).containsAll(feedback.keySet());
        groups.putAll(feedback);
        ProgramHandle program = (ProgramHandle) learning.plan().phases().getFirst();
        try (Backend backend =
                        Backends.discover()
                                .select(
                                        "reference",
                                        BackendOptions.defaults(),
                                        List.of(learning.plan()))
                                .backend();
                Engine engine = backend.compile(learning.plan())) {
            engine.load(new EngineState(new Parameters(groups)));
            engine.forward(MINIBATCH);
            Parameters gradient =
                    engine.run(program, Noise.none()).gradient(program.gradients().getFirst());
            engine.apply(learning.plan().steps().getFirst().at(1));
            return new Outcome(gradient, engine.snapshot().parameters());
        }
    }

    private static Tensor transposed(Tensor w) {
        double[] values = new double[w.size()];
        for (int i = 0; i < w.dim(0); i++) {
            for (int j = 0; j < w.dim(1); j++) {
                values[j * w.dim(0) + i] = w.get(i * w.dim(1) + j);
            }
        }
        return Tensor.wrap(values, w.dim(1), w.dim(0));
    }

    private static void assertGradient(Parameters found, Parameters wanted, double factor) {
        for (String group : List.of(Parameters.WEIGHTS, Parameters.BIASES)) {
            for (int i = 0; i < wanted.group(group).size(); i++) {
                double[] expected = wanted.group(group).get(i).toDoubles();
                for (int k = 0; k < expected.length; k++) {
                    expected[k] *= factor;
                }
                assertThat(found.group(group).get(i).toDoubles())
                        .as("%s[%d]", group, i)
                        .containsExactly(expected, within(TOLERANCE));
            }
        }
    }

    @Test
    void alignedFeedbackIsBackpropagation() {
        MethodContext context = context(5, 6, 4, 3);
        List<Tensor> b = new ArrayList<>();
        for (Tensor w : context.parameters().weights().subList(1, 3)) {
            b.add(transposed(w));
        }

        Outcome aligned = outcome(new FeedbackAlignment(), context, Map.of("B", b));

        Parameters wanted = outcome(new Backpropagation(), context, Map.of()).gradient();
        assertGradient(aligned.gradient(), wanted, 1);
        assertThat(aligned.after().group("B").getFirst().toDoubles())
                .isEqualTo(b.getFirst().toDoubles());
    }

    @Test
    void directFeedbackFromAnAlignedMatrixIsBackpropagationTimesTheNudge() {
        MethodContext context = context(5, 6, 3);
        Tensor b = transposed(context.parameters().weights().getLast());

        Parameters found =
                outcome(new DirectFeedbackAlignment(), context, Map.of("B", List.of(b))).gradient();

        double nudge = new DirectFeedbackAlignment().defaults().target().stepSize();
        Parameters wanted = outcome(new Backpropagation(), context, Map.of()).gradient();
        // The published program divides by the number of samples once more.
        assertGradient(found, wanted, 2 * nudge / SAMPLES);
    }

    @Test
    void theLastLayerAloneLearns() {
        MethodContext context = context(5, 6, 4, 3);
        Parameters before = context.parameters();

        Outcome shallow = outcome(new ShallowBackpropagation(), context, Map.of());

        Parameters wanted = outcome(new Backpropagation(), context, Map.of()).gradient();
        assertThat(shallow.gradient().weights().getLast().toDoubles())
                .containsExactly(wanted.weights().getLast().toDoubles(), within(TOLERANCE));
        for (int i = 0; i < 2; i++) {
            assertThat(shallow.gradient().weights().get(i).toDoubles()).containsOnly(0);
            assertThat(shallow.after().weights().get(i).toDoubles())
                    .isEqualTo(before.weights().get(i).toDoubles());
        }
        assertThat(shallow.after().weights().getLast().toDoubles())
                .isNotEqualTo(before.weights().getLast().toDoubles());
    }
}
