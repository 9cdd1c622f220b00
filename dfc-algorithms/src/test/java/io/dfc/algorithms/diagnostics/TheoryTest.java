package io.dfc.algorithms.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dfc.api.learn.DfcRule;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.spi.Minibatch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

/** What arXiv 2106.07887 proves of linear networks, under the conditions under which it holds. */
class TheoryTest {
    private static final Activation LINEAR = new Activation.Linear();
    private static final double NUDGE = 0.1;

    private static double[] error(LinearizedMinibatch minibatch) {
        int n = minibatch.network().outputs();
        double[] error = new double[minibatch.samples() * n];
        for (int b = 0; b < minibatch.samples(); b++) {
            for (int j = 0; j < n; j++) {
                error[b * n + j] = -NUDGE * minibatch.lossGradient(b)[j];
            }
        }
        return error;
    }

    /** DFC-SSA with feedforward presynaptic rates. */
    private static Parameters analytic(LinearizedMinibatch minibatch, double leakage) {
        return AnalyticSteadyState.of(minibatch, error(minibatch), leakage)
                .update(DfcRule.VOLTAGE_DIFFERENCE, minibatch.feedforward());
    }

    private static LinearizedMinibatch transposed(NetworkMatrices matrices, Minibatch samples) {
        LinearizedMinibatch any =
                LinearizedMinibatch.of(matrices, Loss.MEAN_SQUARED_ERROR, samples);
        Matrix transpose = any.jacobian(0).stacked().transposed();
        return LinearizedMinibatch.of(
                Fixtures.withFeedback(matrices, transpose), Loss.MEAN_SQUARED_ERROR, samples);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-4, 0.05, 3})
    void withTransposedFeedbackTheUpdateIsTheMinimumNormStepDampedByTheLeakage(double leakage) {
        Network network = Fixtures.network(LINEAR, LINEAR, 6, 8, 7, 3);
        LinearizedMinibatch minibatch =
                transposed(Fixtures.matrices(network, 1), Fixtures.regression(network, 5, 2));

        Parameters update = analytic(minibatch, leakage);

        assertThat(UpdateAngles.between(update, minibatch.minimumNorm(leakage)).total())
                .isLessThan(1e-5);
        assertThat(UpdateAngles.between(update, minibatch.minimumNorm(100 + leakage)).total())
                .isGreaterThan(0.1);
    }

    @Test
    void itIsTheGaussNewtonStepWhereAllPresynapticNormsAreEqual() {
        Network network = Fixtures.network(LINEAR, LINEAR, 4, 4, 4, 4);
        List<Matrix> orthogonal = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            orthogonal.add(OrthonormalBasis.ofRows(Fixtures.square(4, 5 + i)));
        }
        List<double[]> biases = List.of(new double[4], new double[4], new double[4]);
        NetworkMatrices matrices =
                new NetworkMatrices(
                        network, orthogonal, biases, Fixtures.matrices(network, 1).feedback());
        Minibatch sample = Fixtures.regression(network, 1, 3);
        double leakage = 0.3;
        LinearizedMinibatch minibatch = transposed(matrices, sample);
        double norm = Vectors.norm(minibatch.feedforward().presynaptic(0));

        Parameters update = analytic(minibatch, leakage);

        assertThat(ConditionOne.of(minibatch.feedforward()).paper().mean()).isLessThan(1e-12);
        double damping = leakage * (norm * norm + 1);
        assertThat(UpdateAngles.between(update, minibatch.gaussNewton(damping)).total())
                .isLessThan(1e-5);
    }

    @Test
    void itIsNotTheGaussNewtonStepWhereTheyDiffer() {
        Network network = Fixtures.network(LINEAR, LINEAR, 6, 8, 7, 3);
        LinearizedMinibatch minibatch =
                transposed(Fixtures.matrices(network, 1), Fixtures.regression(network, 1, 2));
        Parameters update = analytic(minibatch, 0.3);

        DampingSearch best =
                DampingSearch.of(update, minibatch::gaussNewton, DampingSearch.PUBLISHED);

        assertThat(best.angle()).isGreaterThan(1);
    }

    @Test
    void withConditionTwoAndLittleLeakageTheUpdateIsTheMinimumNormStep() {
        Network network = Fixtures.network(LINEAR, LINEAR, 6, 8, 7, 3);
        NetworkMatrices matrices = Fixtures.matrices(network, 1);
        Minibatch samples = Fixtures.regression(network, 5, 2);
        Matrix transpose =
                LinearizedMinibatch.of(matrices, Loss.MEAN_SQUARED_ERROR, samples)
                        .jacobian(0)
                        .stacked()
                        .transposed();
        Matrix feedback = transpose.times(Fixtures.square(3, 9).plusDiagonal(4));
        LinearizedMinibatch minibatch =
                LinearizedMinibatch.of(
                        Fixtures.withFeedback(matrices, feedback),
                        Loss.MEAN_SQUARED_ERROR,
                        samples);

        double angle =
                UpdateAngles.between(analytic(minibatch, 1e-6), minibatch.minimumNorm(0)).total();

        assertThat(FeedbackAlignment.conditionTwo(minibatch))
                .containsExactly(new double[] {1, 1, 1, 1, 1}, within(1e-12));
        assertThat(Math.toRadians(angle)).isLessThan(1e-4);
        LinearizedMinibatch other =
                LinearizedMinibatch.of(matrices, Loss.MEAN_SQUARED_ERROR, samples);
        assertThat(FeedbackAlignment.conditionTwo(other)[0]).isLessThan(0.9);
        assertThat(UpdateAngles.between(analytic(other, 1e-6), other.minimumNorm(0)).total())
                .isGreaterThan(1);
    }
}
