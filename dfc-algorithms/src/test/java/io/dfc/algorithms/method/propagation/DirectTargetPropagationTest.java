package io.dfc.algorithms.method.propagation;

import static io.dfc.algorithms.method.lab.Vectors.noise;
import static io.dfc.algorithms.method.lab.Vectors.plus;
import static io.dfc.algorithms.method.lab.Vectors.rates;
import static io.dfc.algorithms.method.lab.Vectors.row;
import static io.dfc.algorithms.method.lab.Vectors.squares;
import static io.dfc.algorithms.method.lab.Vectors.times;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.method.lab.Lab;
import io.dfc.api.learn.Clipping;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.ProgramHandle;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

/** The same as {@link TargetPropagationTest} for targets that come straight from the output. */
class DirectTargetPropagationTest {
    private static final Activation TANH = new Activation.Tanh();
    private static final double SIGMA = 0.3;
    private static final long SEED = 11;
    private static final int MINIBATCH = 5;
    private static final Noise NOISE = new Noise.Generated(SEED, MINIBATCH);

    /** A network whose output sends maps to every hidden layer. */
    private static final class Direct implements AutoCloseable {
        final Lab lab = new Lab(Loss.CROSS_ENTROPY, 3, Lab.tanh(4, 5, 3, 2));
        final boolean hidden;
        final ParameterGroup q;
        final ParameterGroup c = lab.group("c", new int[] {5}, new int[] {3});
        final ParameterGroup matrix = lab.group("R", new int[] {6, 2});
        final ParameterGroup biases = lab.group("r", new int[] {6});
        final DirectTargetPropagation method;

        Direct(boolean hidden) {
            this.hidden = hidden;
            q = lab.group("Q", new int[] {5, hidden ? 6 : 2}, new int[] {3, 2});
            method =
                    new DirectTargetPropagation(
                            lab.network,
                            lab.w,
                            lab.b,
                            q,
                            c,
                            hidden
                                    ? Optional.of(
                                            new DirectTargetPropagation.Shared(matrix, biases))
                                    : Optional.empty(),
                            new Clipping.None());
        }

        double[] map(int layer, double[] output) {
            double[] x =
                    hidden && layer == 0
                            ? rates(
                                    TANH,
                                    plus(times(lab.value(matrix, 0), output), lab.value(biases, 0)))
                            : output;
            return plus(times(lab.value(q, layer), x), lab.value(c, layer));
        }

        /** The distance of what is reconstructed from what was moved. */
        double distance(int layer, int sample, boolean difference) {
            double[] h = row(lab.rates(layer), sample, lab.size(layer));
            double[] xi = noise(SEED, MINIBATCH, layer, sample, h.length);
            double[] moved = plus(h, SIGMA, xi);
            double[] x = moved;
            for (int j = layer + 1; j <= lab.last(); j++) {
                x =
                        rates(
                                lab.network.activation(j),
                                plus(times(lab.value(lab.w, j), x), lab.value(lab.b, j)));
            }
            double[] found = map(layer, x);
            if (difference) {
                double[] here = map(layer, row(lab.voltages(lab.last()), sample, 2));
                found = plus(plus(found, 1, h), -1, here);
            }
            return squares(plus(found, -1, moved)) / h.length;
        }

        @Override
        public void close() {
            lab.close();
        }
    }

    @Test
    void directDifferenceReconstructionFormsTheSlopeOfItsLoss() {
        for (boolean hidden : new boolean[] {false, true}) {
            try (Direct rig = new Direct(hidden)) {
                ProgramHandle program = rig.lab.add(rig.method.reconstruction(SIGMA, true));
                for (int i = 0; i < 2; i++) {
                    int layer = i;
                    rig.lab.assertDescends(
                            program,
                            NOISE,
                            rig.q,
                            i,
                            1,
                            () ->
                                    rig.lab.mean(s -> rig.distance(layer, s, true))
                                            / (SIGMA * SIGMA));
                    // The corrections cancel the biases.
                    assertThat(rig.lab.gradient(program, NOISE, rig.c, i)).containsOnly(0);
                }
            }
        }
    }

    @Test
    void directReconstructionWithoutDifferenceFormsTheSlopeOfItsLoss() {
        try (Direct rig = new Direct(true)) {
            ProgramHandle program = rig.lab.add(rig.method.reconstruction(SIGMA, false));
            for (int i = 0; i < 2; i++) {
                int layer = i;
                for (ParameterGroup group : List.of(rig.q, rig.c)) {
                    rig.lab.assertDescends(
                            program,
                            NOISE,
                            group,
                            i,
                            1,
                            () -> rig.lab.mean(s -> rig.distance(layer, s, false)));
                }
            }
        }
    }

    /** Through the transposed weights a linear map sends what backpropagation sends. */
    @Test
    void directTargetsThroughTheTransposedJacobianAreBackpropagation() {
        double lambda = 0.01;
        try (Lab lab = new Lab(Loss.CROSS_ENTROPY, 3, Lab.tanh(4, 5, 2))) {
            ParameterGroup q = lab.group("Q", new int[] {5, 2});
            ParameterGroup c = lab.group("c", new int[] {5});
            DirectTargetPropagation method =
                    new DirectTargetPropagation(
                            lab.network, lab.w, lab.b, q, c, Optional.empty(), new Clipping.None());
            ProgramHandle program = lab.add(method.targets(lambda));
            for (int n = 0; n < 10; n++) {
                lab.value(q, 0).set(n % 5 * 2 + n / 5, lab.value(lab.w, 1).get(n));
            }
            for (int i = 0; i < 2; i++) {
                double factor = 2 * lambda / 3;
                lab.assertDescends(program, Noise.none(), lab.w, i, factor, lab::loss);
                lab.assertDescends(program, Noise.none(), lab.b, i, factor, lab::loss);
            }
        }
    }
}
