package io.dfc.api.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation.Held;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;

/** Programs in a plan: whose groups they read, what they tell of themselves. */
class ProgramsOfPlansTest {
    private static final Network NETWORK = Network.of(new Activation.Tanh(), 4, 5, 3, 2);
    private static final Plan.Builder PLAN = Plan.builder(NETWORK, Loss.CROSS_ENTROPY, 8);
    private static final ParameterGroup W = PLAN.weights();
    private static final ParameterGroup B = PLAN.biases();
    private static final ParameterGroup SQUARE = PLAN.group("M", List.of(new int[] {2, 2}));
    private static final Clipping NONE = new Clipping.None();

    @Test
    void whatARepetitionWritesMayBeReadAfterIt() {
        assertThatCode(
                        () -> {
                            ProgramBuilder p = LayerProgram.builder(NETWORK).gradient(NONE, W, B);
                            p.repeat(2, body -> body.fill("x", 2, 1));
                            p.sumInto(B, 2, new Buffer("x", 2)).build();
                        })
                .doesNotThrowAnyException();
    }

    @Test
    void aPlanRefusesAProgramOfGroupsOfAnotherPlan() {
        Plan.Builder other = Plan.builder(NETWORK, Loss.CROSS_ENTROPY, 8);
        LayerProgram program =
                LayerPrograms.backpropagation(NETWORK, other.weights(), other.biases(), NONE);
        Plan.Builder plan = Plan.builder(NETWORK, Loss.CROSS_ENTROPY, 8);

        assertThatThrownBy(() -> plan.program("backward", program))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("W belongs to another plan; use the handle");
        assertThatCode(() -> other.program("backward", program)).doesNotThrowAnyException();
    }

    @Test
    void aPlanRefusesAProgramThatReadsAGroupOfAnotherPlanInARepetition() {
        Plan.Builder plan = Plan.builder(NETWORK, Loss.CROSS_ENTROPY, 8);
        ProgramBuilder p = LayerProgram.builder(NETWORK);
        p.repeat(2, body -> body.product("x", SQUARE, 0, body.targets()));

        assertThatThrownBy(() -> plan.program("foreign", p.build()))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("M belongs to another plan");
    }

    @Test
    void aPlanRefusesAProgramOfAnotherNetwork() {
        Plan.Builder plan =
                Plan.builder(Network.of(new Activation.Tanh(), 4, 2), Loss.CROSS_ENTROPY, 8);

        assertThatThrownBy(() -> plan.program("foreign", LayerProgram.builder(NETWORK).build()))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("it is one of another network");
    }

    @Test
    void anOptimiserWhoseRatesDoNotReachEveryTensorIsRefused() {
        Plan.Builder plan = Plan.builder(NETWORK, Loss.CROSS_ENTROPY, 8);
        ParameterGroup many =
                plan.group(
                        "many",
                        List.of(new int[] {1}, new int[] {1}, new int[] {1}, new int[] {1}));

        assertThatThrownBy(
                        () ->
                                plan.optimizer(
                                        "o",
                                        new Optimization(
                                                new Optimizer.Sgd(0),
                                                List.of(1.0, 1.0, 1.0),
                                                0,
                                                Set.of()),
                                        many))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("group many has 4 tensors, but settings for 3 layers");
    }

    @Test
    void aProgramTellsItsNumbersAndWhetherItIsNoisy() {
        ProgramBuilder p = LayerProgram.builder(NETWORK);
        LayerProgram quiet = p.report("loss", p.sampleLoss("l", p.rate(2))).build();
        assertThat(quiet.numbers()).containsExactly("loss");
        assertThat(quiet.isNoisy()).isFalse();
        ProgramBuilder q = LayerProgram.builder(NETWORK);
        q.repeat(2, body -> body.noise("x", 2, 0, 1));
        assertThat(q.build().isNoisy()).isTrue();
        ProgramBuilder r = LayerProgram.builder(NETWORK);
        r.product("x", new Operation.ParameterNoise(W, 0, 0, 1), false, r.input());
        assertThat(r.build().isNoisy()).isTrue();
    }

    @Test
    void theMapOfAProgramToOtherGroupsReachesRepetitions() {
        Plan.Builder other = Plan.builder(NETWORK, Loss.CROSS_ENTROPY, 8);
        ParameterGroup square = other.group("M", List.of(new int[] {2, 2}));
        ProgramBuilder p = LayerProgram.builder(NETWORK).gradient(NONE, SQUARE);
        p.repeat(
                2,
                body -> {
                    Buffer x = body.product("x", SQUARE, 0, body.targets());
                    body.outerInto(SQUARE, 0, x, x);
                    body.add(
                            new Operation.NoiseInto(
                                    new Operation.ParameterNoise(SQUARE, 0, 0, 1),
                                    1,
                                    body.fill("f", 1, 1)));
                    body.add(new Operation.OrthogonalityInto(new Held(SQUARE, 0), 1));
                    body.solve("z", SQUARE, 0, x);
                });

        LayerProgram mapped = p.build().on(group -> square);

        assertThatCode(() -> other.program("mapped", mapped)).doesNotThrowAnyException();
        assertThat(mapped.toString()).isEqualTo(p.build().toString());
        assertThat(mapped.gradients().getFirst().groups()).containsExactly(square);
    }
}
