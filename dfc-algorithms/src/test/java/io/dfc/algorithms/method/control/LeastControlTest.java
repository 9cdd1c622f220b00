package io.dfc.algorithms.method.control;

import static io.dfc.algorithms.method.lab.Vectors.plus;
import static io.dfc.algorithms.method.lab.Vectors.rates;
import static io.dfc.algorithms.method.lab.Vectors.squares;
import static io.dfc.algorithms.method.lab.Vectors.times;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.method.lab.Lab;
import io.dfc.algorithms.method.lab.Vectors;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The least-control methods, checked by the principle: what they form is the slope of the least
 * energy {@code ||x - f||^2 / 2 + ||o - D(x)||^2 / 2 + Loss(o) / alpha} with respect to the
 * parameters.
 */
class LeastControlTest {
    private static final double ALPHA = 0.5;
    private static final Network TANH = Lab.tanh(3, 4, 3, 2);
    private static final Network LINEAR = Network.of(new Activation.Linear(), 3, 4, 3, 2);

    private static Inversion method(Lab lab) {
        return method(lab, ALPHA, 1, 0);
    }

    private static Inversion method(
            Lab lab, double leakage, double integralGain, double proportionalGain) {
        return new Inversion(
                states(lab),
                new ControlConstants(leakage, integralGain, proportionalGain, 1, 1e-14, 5000));
    }

    private static ControlledStates states(Lab lab) {
        return new ControlledStates(lab.network, lab.w, lab.b, new Clipping.None());
    }

    /** The energy of hidden voltages and an output, of one sample. */
    private static double energy(Lab lab, double[][] x, int label, double strength) {
        double[] below = lab.inputs().toDoubles();
        double energy = 0;
        for (int i = 0; i <= lab.last(); i++) {
            double[] f = plus(times(lab.value(lab.w, i), below), lab.value(lab.b, i));
            energy += squares(plus(x[i], -1, f)) / 2;
            below = rates(lab.network.activation(i), x[i]);
        }
        double[] output = x[lab.last()];
        double sum = Arrays.stream(output).map(Math::exp).sum();
        return energy + strength * (Math.log(sum) - output[label]);
    }

    /**
     * The gains leave {@code |x - f|^2 / 2 + |o - f_L|^2 / 2 + (k_i / alpha + k_p) Loss(o)}: the
     * squared control and, because the controller leaks, a share of the loss.
     */
    @ParameterizedTest
    @CsvSource({
        "0.5, 1, 0, false",
        "0.5, 1, 0, true",
        "0.8, 0.6, 0.2, false",
        "0.8, 0.6, 0.2, true"
    })
    void dynamicInversionFormsTheSlopeOfTheLeastEnergy(
            double leakage, double integralGain, double proportionalGain, boolean direct) {
        try (Lab lab = new Lab(Loss.CROSS_ENTROPY, 1, TANH).labelsBelow(1)) {
            ParameterGroup seen = lab.group("S", new int[] {4}, new int[] {3}, new int[] {2});
            Inversion method = method(lab, leakage, integralGain, proportionalGain);
            ProgramHandle program = lab.add(method.dynamicInversion(direct, seen));
            double strength = integralGain / leakage + proportionalGain;
            for (int i = 0; i <= lab.last(); i++) {
                for (ParameterGroup group : new ParameterGroup[] {lab.w, lab.b}) {
                    lab.assertDescends(
                            program,
                            Noise.none(),
                            group,
                            i,
                            1,
                            () -> energy(lab, states(lab, program, seen), 0, strength));
                }
            }
        }
    }

    /** Voltages and output. */
    private static double[][] states(Lab lab, ProgramHandle program, ParameterGroup seen) {
        double[][] x = new double[3][];
        for (int j = 0; j < 3; j++) {
            x[j] = lab.gradient(program, seen, j);
        }
        return x;
    }

    /** Of one sample the gradient of the biases is the control, reversed. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theSteadyStateSatisfiesTheControlledEquations(boolean direct) {
        try (Lab lab = new Lab(Loss.CROSS_ENTROPY, 1, TANH).labelsBelow(1)) {
            ParameterGroup seen = lab.group("S", new int[] {4}, new int[] {3}, new int[] {2});
            ProgramHandle program = lab.add(method(lab).dynamicInversion(direct, seen));
            double[][] x = states(lab, program, seen);
            double[] below = lab.inputs().toDoubles();
            for (int i = 0; i < 3; i++) {
                double[] free = plus(times(lab.value(lab.w, i), below), lab.value(lab.b, i));
                double[] control = plus(new double[x[i].length], -1, control(lab, program, i));
                Lab.assertClose("x_" + i, x[i], plus(free, 1, control), 1e-10);
                below = rates(lab.network.activation(i), x[i]);
            }
            for (int i = 0; i < 2; i++) {
                double[] above =
                        Vectors.transposedTimes(
                                lab.value(lab.w, i + 1), control(lab, program, i + 1));
                double[] slopes = Vectors.slopes(lab.network.activation(i), x[i]);
                Lab.assertClose(
                        "e_" + i, Vectors.times(above, slopes), control(lab, program, i), 1e-10);
            }
            double first = 1 / (1 + Math.exp(x[2][1] - x[2][0]));
            double[] q = {first - 1, 1 - first};
            Lab.assertClose(
                    "u", plus(new double[2], 1 / ALPHA, q), control(lab, program, 2), 1e-10);
        }
    }

    private static double[] control(Lab lab, ProgramHandle program, int layer) {
        return lab.gradient(program, lab.b, layer);
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void sweepsFindTheSteadyStateOfTheIteration(Loss loss) {
        try (Lab lab = new Lab(loss, 5, TANH)) {
            Inversion method = method(lab, ALPHA, 0.7, 0.1);
            ProgramHandle iterated = lab.add(method.dynamicInversion(false));
            ProgramHandle direct = lab.add(method.dynamicInversion(true));
            for (int i = 0; i < 3; i++) {
                Lab.assertClose(
                        "dW",
                        lab.gradient(iterated, lab.w, i),
                        lab.gradient(direct, lab.w, i),
                        1e-9);
            }
        }
    }

    /** Many samples nudge each little, for the gradient of the mean loss carries {@code 1/B}. */
    @Test
    void dynamicInversionTendsToBackpropagationAsControlGetsWeak() {
        double alpha = 0.99;
        try (Lab lab = new Lab(Loss.CROSS_ENTROPY, 400, TANH)) {
            ProgramHandle program = lab.add(method(lab, alpha, 1, 0).dynamicInversion(false));
            double[] slope = lab.slope(lab.w, 0, lab::loss);
            double[] found = lab.gradient(program, lab.w, 0);
            for (int n = 0; n < found.length; n++) {
                found[n] *= alpha;
            }
            assertThat(distance(slope, found)).isLessThan(0.01);
        }
    }

    private static double distance(double[] x, double[] y) {
        return Math.sqrt(squares(plus(x, -1, y)) / squares(x));
    }

    private static void transpose(Tensor from, Tensor to) {
        int rows = from.dim(0);
        int columns = from.dim(1);
        for (int n = 0; n < from.size(); n++) {
            to.set(n % columns * rows + n / columns, from.get(n));
        }
    }

    @Test
    void learnedFeedbackThatIsTransposedIsDynamicInversionAndLearnsTheSame() {
        try (Lab lab = new Lab(Loss.CROSS_ENTROPY, 3, TANH)) {
            ParameterGroup f = lab.group("F", new int[] {4, 3}, new int[] {3, 2});
            ProgramHandle exact = lab.add(method(lab).dynamicInversion(false));
            ProgramHandle learned = lab.add(method(lab).kolenPollack(f));
            double[] random = lab.gradient(learned, lab.w, 0);
            for (int i = 0; i < 2; i++) {
                transpose(lab.value(lab.w, i + 1), lab.value(f, i));
            }
            assertThat(lab.gradient(learned, lab.w, 0)).isNotEqualTo(random);
            for (int i = 0; i < 3; i++) {
                double[] expected = lab.gradient(exact, lab.w, i);
                Lab.assertClose("dW", expected, lab.gradient(learned, lab.w, i), 1e-9);
                if (i > 0) {
                    // Feedback weights move as the weights do, transposed.
                    Tensor moved = Tensor.wrap(expected, lab.size(i), lab.size(i - 1));
                    Tensor transposed = moved.copy();
                    transpose(moved, transposed);
                    Lab.assertClose(
                            "dF", transposed.toDoubles(), lab.gradient(learned, f, i - 1), 1e-9);
                }
            }
        }
    }

    @Test
    void linearFeedbackThroughTheTransposedJacobianOfALinearNetworkIsDynamicInversion() {
        Inversion.Noisy noisy = new Inversion.Noisy(1, 0.01, 5, 1);
        try (Lab lab = new Lab(Loss.CROSS_ENTROPY, 3, LINEAR)) {
            ParameterGroup q = lab.group("Q", new int[] {4, 2}, new int[] {3, 2});
            ProgramHandle exact = lab.add(method(lab).dynamicInversion(false));
            ProgramHandle linear = lab.add(method(lab).linearFeedback(q, noisy));
            transposedJacobian(lab, q);
            for (int i = 0; i < 3; i++) {
                Lab.assertClose(
                        "dW", lab.gradient(exact, lab.w, i), lab.gradient(linear, lab.w, i), 1e-8);
            }
        }
    }

    /** {@code Q_2 = W_3^T}, {@code Q_1 = W_2^T W_3^T}. */
    private static void transposedJacobian(Lab lab, ParameterGroup q) {
        transpose(lab.value(lab.w, 2), lab.value(q, 1));
        Tensor second = lab.value(q, 1);
        for (int j = 0; j < 2; j++) {
            double[] column = {second.get(j), second.get(2 + j), second.get(4 + j)};
            double[] product = Vectors.transposedTimes(lab.value(lab.w, 1), column);
            for (int n = 0; n < 4; n++) {
                lab.value(q, 0).set(n * 2 + j, product[n]);
            }
        }
    }

    @Test
    void linearFeedbackLearnsTowardsTheTransposedJacobian() {
        Inversion.Noisy noisy = new Inversion.Noisy(100, 0.01, 5, 1);
        try (Lab lab = new Lab(Loss.CROSS_ENTROPY, 100, LINEAR)) {
            ParameterGroup q = lab.group("Q", new int[] {4, 2}, new int[] {3, 2});
            ProgramHandle linear = lab.add(method(lab).linearFeedback(q, noisy));
            for (int i = 0; i < 2; i++) {
                Tensor random = lab.value(q, i);
                for (int n = 0; n < random.size(); n++) {
                    random.set(n, 0.1 * random.get(n));
                }
            }
            double[][] found = new double[2][];
            for (int i = 0; i < 2; i++) {
                found[i] = lab.gradient(linear, new Noise.Generated(3, 0), q, i);
            }
            transposedJacobian(lab, q);
            for (int i = 0; i < 2; i++) {
                // What the softmax cannot see, the control does not carry: the sum of the outputs.
                double[] jacobian = centred(lab.value(q, i).toDoubles());
                assertThat(-Lab.cosine(jacobian, found[i])).as("layer " + i).isGreaterThan(0.8);
            }
        }
    }

    private static double[] centred(double[] pairs) {
        double[] centred = pairs.clone();
        for (int n = 0; n < pairs.length; n += 2) {
            centred[n] = (pairs[n] - pairs[n + 1]) / 2;
            centred[n + 1] = -centred[n];
        }
        return centred;
    }

    /** Another way to the same least energy. */
    @Test
    void theEnergyMinimisedByAdamGivesWhatDynamicInversionGives() {
        try (Lab lab = new Lab(Loss.CROSS_ENTROPY, 2, TANH)) {
            ProgramHandle exact = lab.add(method(lab).dynamicInversion(false));
            ProgramHandle adam =
                    lab.add(new EnergyDescent(states(lab), ALPHA, 3000, 0.01).program());
            for (int i = 0; i < 3; i++) {
                Lab.assertClose(
                        "dW", lab.gradient(exact, lab.w, i), lab.gradient(adam, lab.w, i), 1e-3);
            }
        }
    }

    /** Kolen-Pollack weights shrink by a share in every step, whatever the optimiser does. */
    @Test
    void aProgramThatFormsNothingLetsADecayShrinkParameters() {
        double share = 1e-3;
        try (Lab lab = new Lab(Loss.CROSS_ENTROPY, 2, TANH)) {
            ParameterGroup f = lab.group("F", new int[] {4, 3}, new int[] {3, 2});
            ProgramHandle nothing = lab.add(method(lab).nothing(lab.w, f));
            StepHandle step =
                    lab.plan.step(
                            nothing.gradients().getFirst(),
                            lab.plan.optimizer(
                                    "decay",
                                    new Optimization(
                                            new Optimizer.Sgd(0), List.of(1.0), share, Set.of()),
                                    lab.w,
                                    f));
            double[] before = lab.value(f, 0).toDoubles();
            double[] after = lab.stepped(nothing, step).group("F").getFirst().toDoubles();
            for (int n = 0; n < before.length; n++) {
                assertThat(after[n]).isEqualTo(before[n] - share * before[n]);
            }
        }
    }
}
