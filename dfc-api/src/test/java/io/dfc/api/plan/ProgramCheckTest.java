package io.dfc.api.plan;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation.Activate.Form;
import io.dfc.api.plan.Operation.Held;
import io.dfc.api.plan.Operation.ParameterNoise;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Programs that could not be run are refused when they are built, in one line. */
class ProgramCheckTest {
    private static final Network NETWORK = Network.of(new Activation.Tanh(), 4, 5, 3, 2);
    private static final Plan.Builder PLAN = Plan.builder(NETWORK, Loss.CROSS_ENTROPY, 8);
    private static final ParameterGroup W = PLAN.weights();
    private static final ParameterGroup B = PLAN.biases();
    private static final ParameterGroup SQUARE = PLAN.group("M", List.of(new int[] {2, 2}));
    private static final Clipping NONE = new Clipping.None();
    private static final Buffer NOWHERE = new Buffer("z", 2);
    private static final Optimizer ADAM = new Optimizer.Adam(0.9, 0.99, 1e-8);

    /** A program, and what its refusal says. */
    record Hostile(String message, Consumer<ProgramBuilder> writes) {
        @Override
        public String toString() {
            return message;
        }
    }

    private static Hostile hostile(String message, Consumer<ProgramBuilder> writes) {
        return new Hostile(message, writes);
    }

    private static Buffer two(ProgramBuilder p) {
        return p.fill("x", 2, 1);
    }

    static Stream<Hostile> readsBeforeWrites() {
        return Stream.of(
                hostile(
                        "reads z by \"x = 2 z\" before it is written; write it first",
                        p -> p.scale("x", 2, NOWHERE)),
                hostile("reads z by", p -> p.product("x", W, 0, new Buffer("z", 4))),
                hostile("reads z by", p -> p.hadamard("x", two(p), NOWHERE)),
                hostile("reads z by", p -> p.outerInto(W, 2, NOWHERE, p.presynaptic(2))),
                hostile("reads z by", p -> p.sumInto(B, 2, NOWHERE)),
                hostile("reads z by", p -> p.lossGradient("x", NOWHERE)),
                hostile("reads z by", p -> p.report("loss", new Buffer("z", 1))),
                hostile(
                        "reads z by",
                        p -> p.repeat(3, body -> body.combine("z", 1, NOWHERE, 1, body.targets()))),
                hostile(
                        "reads z by",
                        p ->
                                p.repeat(
                                        3,
                                        body -> {
                                            body.scale("x", 1, NOWHERE);
                                            body.fill("z", 2, 0);
                                        })),
                hostile(
                        "reads z by",
                        p ->
                                p.repeatUntil(
                                        3, 1e-3, List.of(NOWHERE), body -> body.fill("z", 2, 0))),
                hostile(
                        "reads z by",
                        p -> p.repeat(2, body -> body.descend(NOWHERE, two(body), ADAM, 1))));
    }

    static Stream<Hostile> widths() {
        return Stream.of(
                hostile(
                        "multiplies r_0 of width 4 by \"x = W_2 r_0\", which takes width 5",
                        p -> p.product("x", W, 1, p.input())),
                hostile("which takes width 2", p -> p.transposedProduct("x", W, 2, p.rate(1))),
                hostile("needs 5 numbers", p -> p.addBias("x", p.rate(0), B, 1)),
                hostile("takes width 5", p -> p.hadamard("x", p.rate(0), p.rate(1))),
                hostile("takes width 5", p -> p.combine("x", 1, p.rate(0), 1, p.rate(1))),
                hostile("takes 3 numbers of y", p -> p.select("x", 3, p.targets(), p.rate(1))),
                hostile("takes 4 numbers of r_1", p -> p.select("x", 4, p.rate(0), p.rate(1))),
                hostile("takes 0 numbers of y", p -> p.select("x", 0, p.targets(), p.rate(1))),
                hostile("which takes width 2", p -> p.lossGradient("x", p.rate(0))),
                hostile("which takes width 2", p -> p.sampleLoss("x", p.rate(0))),
                hostile("needs shape [3, 4]", p -> p.outerInto(W, 1, p.rate(1), p.input())),
                hostile("needs 3 numbers", p -> p.sumInto(B, 0, p.rate(1))),
                hostile("which takes width 1", p -> p.report("x", p.targets())),
                hostile("needs shape [5, 5]", p -> p.solve("x", W, 0, p.rate(0))),
                hostile("needs shape [3, 3]", p -> p.solve("x", SQUARE, 0, p.rate(1))),
                hostile(
                        "which takes width 1",
                        p ->
                                p.add(
                                        new Operation.NoiseInto(
                                                new ParameterNoise(W, 0, 0, 1), 1, p.targets()))),
                hostile("reads y of width 7", p -> p.scale("x", 1, new Buffer("y", 7))),
                hostile(
                        "writes 2 numbers to x of width 3",
                        p -> p.add(new Operation.LossGradient(new Buffer("x", 3), p.rate(2)))),
                hostile(
                        "writes x of width 5 by \"x = r_1\", whose width was 2 before",
                        p -> {
                            two(p);
                            p.scale("x", 1, p.rate(0));
                        }),
                hostile("writes 0 numbers to x of width 0", p -> p.fill("x", 0, 1)),
                hostile("of width -3", p -> p.noise("x", -3, 0, 1)),
                hostile(
                        "takes width 2",
                        p -> p.repeat(2, body -> body.descend(two(body), body.rate(0), ADAM, 1))));
    }

    static Stream<Hostile> groupsAndLayers() {
        return Stream.of(
                hostile(
                        "adds to the gradient of group M by \"dM_1 += sum y y^T\", which it does not declare",
                        p -> p.outerInto(SQUARE, 0, p.targets(), p.targets())),
                hostile(
                        "adds to the gradient of group M",
                        p -> p.add(new Operation.OrthogonalityInto(new Held(SQUARE, 0), 1))),
                hostile("forms two gradients of group W", p -> p.gradient(NONE, W)),
                hostile("forms a gradient of no group", p -> p.gradient(NONE)),
                hostile("names tensor 3", p -> p.product("x", W, 3, p.input())),
                hostile("names tensor -1", p -> p.product("x", W, -1, p.input())),
                hostile("names tensor 3", p -> p.addBias("x", p.targets(), B, 3)),
                hostile("names tensor 3", p -> p.sumInto(B, 3, p.targets())),
                hostile(
                        "names tensor 3",
                        p -> p.product("x", new ParameterNoise(W, 3, 0, 1), false, p.input())),
                hostile("takes a matrix", p -> p.product("x", B, 0, p.rate(0))),
                hostile("takes a vector", p -> p.addBias("x", p.rate(0), W, 0)),
                hostile("takes a matrix", p -> p.outerInto(B, 0, p.rate(0), p.input())),
                hostile("takes a vector", p -> p.sumInto(W, 0, p.rate(0))),
                hostile("names layer 3 of the network, which is not in 0..2", p -> p.rate(3)),
                hostile("names layer -1 of the network", p -> p.voltage(-1)),
                hostile("names layer 3 of the network", p -> p.presynaptic(3)),
                hostile("names layer 9 of the network", p -> p.slope("x", 9)),
                hostile("names layer 9 of the network", p -> p.throughSlope("x", two(p), 9)),
                hostile(
                        "names layer 3 by",
                        p ->
                                p.add(
                                        new Operation.SolveGram(
                                                new Buffer("x", 2), 3, 1, p.targets()))));
    }

    static Stream<Hostile> namesAndPlaces() {
        return Stream.of(
                hostile(
                        "writes r_1 by \"r_1 = 0\", which is the feedforward pass's; choose another name",
                        p -> p.fill("r_1", 5, 0)),
                hostile("which is the feedforward pass's", p -> p.fill("v_3", 2, 0)),
                hostile("which is the feedforward pass's", p -> p.fill("y", 2, 0)),
                hostile("which is the feedforward pass's", p -> p.fill("r_0", 4, 0)),
                hostile("names a buffer \"\"", p -> p.fill("", 2, 0)),
                hostile("names a buffer \"1x\"", p -> p.fill("1x", 2, 0)),
                hostile("names a buffer \"a b\"", p -> p.fill("a b", 2, 0)),
                hostile("a name has 1 to 32", p -> p.fill("x".repeat(33), 2, 0)),
                hostile("writes what it multiplies", p -> p.product("x", SQUARE, 0, two(p))),
                hostile(
                        "repeats within a repetition",
                        p -> p.repeat(2, body -> body.repeat(2, inner -> two(inner)))),
                hostile(
                        "reports by \"report n = mean x\" within a repetition",
                        p -> p.repeat(2, body -> body.report("n", body.fill("x", 1, 0)))),
                hostile(
                        "reports two numbers named \"n\"",
                        p -> p.report("n", p.fill("x", 1, 0)).report("n", p.fill("x", 1, 0))),
                hostile("reports a number named \"\"", p -> p.report("", p.fill("x", 1, 0))),
                hostile("outside a repetition", p -> p.descend(two(p), p.targets(), ADAM, 1)),
                hostile(
                        "draws noise of W_1 and of W_2 from stream 4, which gives both the same",
                        p -> {
                            p.product("a", new ParameterNoise(W, 0, 4, 1), false, p.input());
                            p.product("c", new ParameterNoise(W, 1, 4, 1), false, p.rate(0));
                        }));
    }

    static Stream<Hostile> numbers() {
        return Stream.of(
                hostile("has the factor NaN", p -> p.scale("x", Double.NaN, p.targets())),
                hostile(
                        "has the factor Infinity",
                        p -> p.combine("x", 1, p.targets(), Double.POSITIVE_INFINITY, p.targets())),
                hostile("has the factor NaN", p -> p.fill("x", 2, Double.NaN)),
                hostile(
                        "has the factor -Infinity",
                        p ->
                                p.add(
                                        new Operation.SumInto(
                                                new Held(B, 2),
                                                Double.NEGATIVE_INFINITY,
                                                true,
                                                p.targets()))),
                hostile(
                        "needs a finite strength of at least 0",
                        p -> p.add(new Operation.OrthogonalityInto(new Held(W, 0), -1))),
                hostile(
                        "needs a finite learning rate of at least 0",
                        p ->
                                p.repeat(
                                        2,
                                        body ->
                                                body.descend(
                                                        two(body),
                                                        body.targets(),
                                                        ADAM,
                                                        Double.NaN))),
                hostile(
                        "needs one epsilon",
                        p ->
                                p.repeat(
                                        2,
                                        body ->
                                                body.descend(
                                                        two(body),
                                                        body.targets(),
                                                        new Optimizer.Adam(
                                                                0.9, 0.9, List.of(1.0, 2.0)),
                                                        1))),
                hostile(
                        "inverts by",
                        p -> p.activate("x", Form.INVERSE, new Activation.Relu(), two(p))),
                hostile("sigma of noise must be", p -> p.noise("x", 2, 0, 0)),
                hostile("sigma of noise must be", p -> p.noise("x", 2, 0, Double.NaN)),
                hostile("a noise stream lies in [0, 256), got 256", p -> p.noise("x", 2, 256, 1)),
                hostile("a noise stream", p -> new ParameterNoise(W, 0, -1, 1)),
                hostile("a repetition is done at least once, got 0", p -> p.repeat(0, b -> {})),
                hostile(
                        "a repetition ends at a finite threshold above 0",
                        p -> p.repeatUntil(3, 0, List.of(two(p)), b -> {})),
                hostile("a repetition ends at", p -> p.repeatUntil(3, 1, List.of(), b -> {})),
                hostile(
                        "damping must be a finite number above 0",
                        p ->
                                p.add(
                                        new Operation.SolveGram(
                                                new Buffer("x", 2), 0, 0, p.targets()))));
    }

    static Stream<Hostile> parts() {
        return Stream.of(
                hostile("the program has a part that is null", p -> p.add(null)),
                hostile("Product.in is null", p -> p.product("x", W, 0, null)),
                hostile("Product.matrix is null", p -> p.product("x", null, false, p.input())),
                hostile("Product.matrix.group is null", p -> p.product("x", null, 0, p.input())),
                hostile("Product.out.name is null", p -> p.product(null, W, 0, p.input())),
                hostile("AddBias.bias.group is null", p -> p.addBias("x", p.input(), null, 0)),
                hostile(
                        "Activate.form is null",
                        p -> p.activate("x", null, new Activation.Tanh(), p.input())),
                hostile(
                        "Activate.activation is null",
                        p -> p.activate("x", Form.RATE, null, p.input())),
                hostile("Combine.y is null", p -> p.combine("x", 1, p.input(), 1, null)),
                hostile("Combine.x is null", p -> p.combine("x", 1, null, 1, p.input())),
                hostile("Hadamard.x is null", p -> p.hadamard("x", null, p.input())),
                hostile("Select.rest is null", p -> p.select("x", 1, p.input(), null)),
                hostile("SumInto.post is null", p -> p.sumInto(B, 0, null)),
                hostile("SumInto.gradient.group is null", p -> p.sumInto(null, 0, p.rate(0))),
                hostile("Report.name is null", p -> p.report(null, p.fill("x", 1, 1))),
                hostile(
                        "Descend.optimizer is null",
                        p -> p.repeat(2, body -> body.descend(two(body), body.targets(), null, 1))),
                hostile(
                        "the end of a repetition has a part that is null",
                        p -> p.repeatUntil(2, 1, Arrays.asList((Buffer) null), b -> {})),
                hostile(
                        "a repetition has a part that is null",
                        p -> p.repeat(2, body -> body.add(null))),
                hostile(
                        "a gradient has a part that is null",
                        p -> p.gradient(NONE, (ParameterGroup) null)));
    }

    @ParameterizedTest
    @MethodSource({
        "readsBeforeWrites",
        "widths",
        "groupsAndLayers",
        "namesAndPlaces",
        "numbers",
        "parts"
    })
    void isRefusedInOneLine(Hostile hostile) {
        assertThatThrownBy(
                        () -> {
                            ProgramBuilder p = LayerProgram.builder(NETWORK).gradient(NONE, W, B);
                            hostile.writes().accept(p);
                            p.build();
                        })
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining(hostile.message())
                .hasMessageNotContaining("\n");
    }
}
