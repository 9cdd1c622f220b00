package io.dfc.algorithms.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

/** Updates and measures against finite differences, plain formulas and values by hand. */
class UpdatesTest {
    private static final Network NETWORK =
            Fixtures.network(new Activation.Tanh(), new Activation.Sigmoid(), 4, 6, 5, 3);
    private static final NetworkMatrices MATRICES = Fixtures.matrices(NETWORK, 7);
    private static final Minibatch SAMPLES =
            new Minibatch(
                    Fixtures.regression(NETWORK, 3, 8).inputs(),
                    new Targets.Labels(new int[] {2, 0, 1}));
    private static final LinearizedMinibatch LINEARIZED =
            LinearizedMinibatch.of(MATRICES, Loss.CROSS_ENTROPY, SAMPLES);

    private static double loss(NetworkMatrices matrices) {
        double[] r = NetworkState.feedforward(matrices, SAMPLES.inputs()).output();
        int[] labels = ((Targets.Labels) SAMPLES.targets()).classes();
        double sum = 0;
        for (int b = 0; b < labels.length; b++) {
            double exponentials = 0;
            for (int j = 0; j < 3; j++) {
                exponentials += Math.exp(r[b * 3 + j]);
            }
            sum += Math.log(exponentials) - r[b * 3 + labels[b]];
        }
        return sum / labels.length;
    }

    @Test
    void backpropagationIsTheGradientOfTheLoss() {
        Parameters gradient = LINEARIZED.backpropagation();
        double h = 1e-6;
        for (int i = 0; i < NETWORK.depth(); i++) {
            double[] w = MATRICES.weights().get(i).data();
            for (int k = 0; k < w.length; k++) {
                double old = w[k];
                w[k] = old + h;
                double high = loss(MATRICES);
                w[k] = old - h;
                double low = loss(MATRICES);
                w[k] = old;
                assertThat(gradient.weights().get(i).get(k))
                        .isCloseTo((high - low) / (2 * h), within(1e-8));
            }
        }
    }

    @Test
    void gaussNewtonEqualsTheFormWithTheWholeJacobianOfTheParameters() {
        int parameters = Math.toIntExact(NETWORK.forwardParameters());
        double damping = 0.2;
        double[] expected = new double[parameters];
        for (int b = 0; b < 3; b++) {
            Matrix k = Matrix.zeros(3, parameters);
            int at = 0;
            for (int i = 0; i < NETWORK.depth(); i++) {
                Matrix j = LINEARIZED.jacobian(b).layers().get(i);
                int fanIn = NETWORK.fanIn(i);
                for (int o = 0; o < 3; o++) {
                    for (int n = 0; n < NETWORK.size(i); n++) {
                        for (int p = 0; p < fanIn; p++) {
                            k.data()[o * parameters + at + n * fanIn + p] =
                                    j.get(o, n)
                                            * LINEARIZED.feedforward()
                                                    .presynaptic(i)[b * fanIn + p];
                        }
                        k.data()[o * parameters + at + NETWORK.size(i) * fanIn + n] = j.get(o, n);
                    }
                }
                at += NETWORK.size(i) * (fanIn + 1);
            }
            double[] y =
                    k.times(k.transposed()).plusDiagonal(damping).solve(LINEARIZED.lossGradient(b));
            double[] step = k.transposedTimes(y);
            for (int n = 0; n < parameters; n++) {
                expected[n] += step[n] / 3;
            }
        }

        Parameters update = LINEARIZED.gaussNewton(damping);

        int at = 0;
        for (int i = 0; i < NETWORK.depth(); i++) {
            for (Tensor t : List.of(update.weights().get(i), update.biases().get(i))) {
                for (int k = 0; k < t.size(); k++) {
                    assertThat(t.get(k)).isCloseTo(expected[at++], within(1e-12));
                }
            }
        }
    }

    @Test
    void dampingFallsContinuouslyToThePseudoInverse() {
        assertThat(
                        UpdateAngles.between(
                                        LINEARIZED.minimumNorm(0), LINEARIZED.minimumNorm(1e-12))
                                .total())
                .isLessThan(1e-3);
        assertThat(
                        FeedbackAlignment.angleToPseudoInverse(LINEARIZED, 1e9)
                                - FeedbackAlignment.angleToTranspose(LINEARIZED))
                .isCloseTo(0, within(1e-5));
    }

    @Test
    void theLossGradientHasNoPartInTheNullSpace() {
        double[] ratios = NullSpace.ratios(LINEARIZED, LINEARIZED.backpropagation());
        assertThat(ratios).containsExactly(new double[3], within(1e-10));
    }

    @Test
    void whatMovesNoOutputIsWhollyInTheNullSpace() {
        // One sample: a weight change whose rows are orthogonal to its presynaptic rates.
        LinearizedMinibatch one = LINEARIZED.first(1);
        double[] r = one.feedforward().presynaptic(0);
        double[] row = {-r[1], r[0], -r[3], r[2]};
        Tensor w = Tensor.zeros(io.dfc.api.tensor.ElementType.F64, 6, 4);
        for (int k = 0; k < 24; k++) {
            w.set(k, row[k % 4]);
        }
        Parameters update =
                Parameters.of(
                        List.of(
                                w,
                                LINEARIZED.backpropagation().weights().get(1),
                                LINEARIZED.backpropagation().weights().get(2)),
                        List.of());

        assertThat(NullSpace.ratios(one, update)[0]).isCloseTo(1, within(1e-10));
    }

    @Test
    void conditionOneOfNormsOneAndThree() {
        Network network =
                Fixtures.network(new Activation.Linear(), new Activation.Linear(), 2, 2, 1);
        NetworkState state =
                new NetworkState(
                        network,
                        1,
                        List.of(new double[2], new double[1]),
                        List.of(new double[] {1, 0}, new double[] {0, 3}, new double[1]));

        ConditionOne one = ConditionOne.of(state);

        assertThat(one.paper().mean()).isCloseTo(0.5, within(1e-15));
        assertThat(one.program().mean()).isCloseTo(Math.sqrt(0.5), within(1e-15));
        assertThat(one.layers()).extracting(MeanAndDeviation::mean).containsExactly(-0.5, 0.5);
    }

    @Test
    void theSurrogateGradientOfALinearLayerIsThatOfItsLoss() {
        Network network = Fixtures.network(new Activation.Linear(), new Activation.Linear(), 3, 2);
        NetworkMatrices matrices = Fixtures.matrices(network, 3);
        Minibatch sample = Fixtures.regression(network, 1, 4);
        double leakage = 0.4;
        double[] u = control(matrices, sample, leakage);
        Parameters gradient =
                SurrogateLoss.gradient(
                        matrices, NetworkState.feedforward(matrices, sample.inputs()), u, leakage);
        double[] w = matrices.weights().getFirst().data();
        double h = 1e-6;
        for (int k = 0; k < w.length; k++) {
            double old = w[k];
            w[k] = old + h;
            double high = SurrogateLoss.of(matrices, control(matrices, sample, leakage));
            w[k] = old - h;
            double low = SurrogateLoss.of(matrices, control(matrices, sample, leakage));
            w[k] = old;
            // Two neurons, and half of the square.
            assertThat(gradient.weights().getFirst().get(k))
                    .isCloseTo((high - low) / (2 * h), within(1e-7));
        }
    }

    private static double[] control(NetworkMatrices matrices, Minibatch sample, double leakage) {
        double[] r = NetworkState.feedforward(matrices, sample.inputs()).output();
        double[] error = ((Targets.Values) sample.targets()).values().toDoubles();
        for (int j = 0; j < error.length; j++) {
            error[j] -= r[j];
        }
        return matrices.stackedFeedback().plusDiagonal(leakage).solve(error);
    }

    @Test
    void theDrivenNetworkLiesAtItsOwnAnalyticState() {
        double[] error = new double[9];
        Arrays.fill(error, 0.01);
        AnalyticSteadyState analytic = AnalyticSteadyState.of(LINEARIZED, error, 0.1);

        assertThat(analytic.distance(analytic.state())).isZero();
        assertThat(analytic.distance(LINEARIZED.feedforward())).isCloseTo(1, within(1e-12));
    }
}
