package io.dfc.api.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation.Activate.Form;
import io.dfc.api.plan.Operation.Held;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Programs read as the equations of the papers. */
class ProgramTextTest {
    private static final Network NETWORK = Network.of(new Activation.Tanh(), 4, 5, 2);
    private static final Plan.Builder PLAN = Plan.builder(NETWORK, Loss.CROSS_ENTROPY, 8);
    private static final ParameterGroup W = PLAN.weights();
    private static final ParameterGroup B = PLAN.biases();

    @Test
    void backpropagationReadsAsItIsWritten() {
        LayerProgram program =
                LayerPrograms.backpropagation(NETWORK, W, B, new Clipping.PerTensor(1));

        assertThat(program)
                .hasToString(
                        """
                        e_2 = dLoss/dr_2
                        delta_2 = e_2
                        dW_2 += sum delta_2 r_1^T
                        db_2 += sum delta_2
                        e_1 = W_2^T delta_2
                        s_1 = tanh'(v_1)
                        delta_1 = e_1 * s_1
                        dW_1 += sum delta_1 r_0^T
                        db_1 += sum delta_1
                        gradient dW, db, each tensor bounded to norm 1
                        """);
    }

    @Test
    void everyOperationHasItsEquation() {
        ParameterGroup square = PLAN.group("M", List.of(new int[] {2, 2}));
        ProgramBuilder p =
                LayerProgram.builder(NETWORK)
                        .gradient(new Clipping.Joint(0.5), W)
                        .gradient(new Clipping.PerLayer(2), B)
                        .gradient(new Clipping.None(), square);
        Buffer a = p.addBias("a", p.product("a", W, 0, p.input()), B, 0);
        Buffer x = p.fill("x", 2, 0.5);
        p.combine("x", 1, p.combine("x", -1, x, 2, p.targets()), -0.25, p.rate(1));
        p.combine("z", 0, x, -1, p.targets());
        p.select("z", 1, p.targets(), x);
        p.select("z", 2, p.targets(), x);
        for (Activation activation :
                List.of(
                        new Activation.Linear(),
                        new Activation.Sigmoid(),
                        new Activation.LeakyRelu(0.1))) {
            p.activate("z", Form.INVERSE, activation, x);
        }
        p.activate("h", Form.RATE, new Activation.Relu(), a);
        Buffer l = p.sampleLoss("l", x);
        p.noise("n", 2, 3, 0.1);
        p.noise("n", 2, 3, 1);
        var xi = new Operation.ParameterNoise(W, 0, 7, 0.1);
        p.product("k", xi, false, p.input());
        p.add(new Operation.NoiseInto(xi, -2, l));
        p.add(new Operation.OuterInto(new Held(W, 1), -0.5, true, x, p.rate(0)));
        p.add(new Operation.SumInto(new Held(B, 1), -1, false, x));
        p.add(new Operation.OrthogonalityInto(new Held(square, 0), 0.25));
        p.solve("z", square, 0, x);
        p.add(new Operation.SolveGram(new Buffer("z", 2), 0, 0.1, x));
        p.repeat(3, body -> body.descend(x, body.targets(), new Optimizer.Sgd(0), 0.1));
        p.repeatUntil(
                100,
                1e-6,
                List.of(x, a),
                body -> body.descend(x, body.targets(), new Optimizer.Adam(0.9, 0.99, 1e-8), 1));
        p.report("loss", l);

        assertThat(p.build())
                .hasToString(
                        """
                        a = W_1 r_0 + b_1
                        x = 0.5
                        x = -x + 2 y - 0.25 r_2
                        z = 0 x - y
                        z = (y[1..1], x[2..2])
                        z = (y[1..2])
                        z = linear^-1(x)
                        z = sigmoid^-1(x)
                        z = leakyrelu[0.1]^-1(x)
                        h = relu(a)
                        l = loss(x)
                        n = 0.1 xi#3
                        n = xi#3
                        k = (0.1 Xi#7[W_1]) r_0
                        dW_1 += -2 mean l (0.1 Xi#7[W_1])
                        dW_2 += -0.5 mean x r_1^T
                        db_2 += -sum x
                        dM_1 += M_1 offdiag(M_1^T M_1)
                        z = M_1^-1 x
                        z = (J_1 J_1^T + 0.1 I)^-1 x
                        repeat 3 times:
                            x descends y by SGD(momentum 0) at rate 0.1
                        repeat at most 100 times, until x, a change by less than 1.0E-6:
                            x descends y by Adam(0.9, 0.99, 1.0E-8) at rate 1
                        report loss = mean l
                        gradient dW, bounded to norm 0.5
                        gradient db, each layer bounded to norm 2
                        gradient dM
                        """);
    }

    @Test
    void whatIsAddedToAnotherResultStandsInALineOfItsOwn() {
        ProgramBuilder p = LayerProgram.builder(NETWORK);
        Buffer x = p.product("x", W, 1, p.rate(0));
        p.combine("z", 1, x, 1, p.targets());
        p.combine("x", 2, x, 1, p.targets());
        p.combine("x", 1, x, 1, x);

        assertThat(p.build())
                .hasToString(
                        """
                        x = W_2 r_1
                        z = x + y
                        x = 2 x + y
                        x = x + x
                        """);
    }
}
