package io.dfc.algorithms.method.propagation;

import static io.dfc.algorithms.method.lab.Vectors.noise;
import static io.dfc.algorithms.method.lab.Vectors.plus;
import static io.dfc.algorithms.method.lab.Vectors.rates;
import static io.dfc.algorithms.method.lab.Vectors.row;
import static io.dfc.algorithms.method.lab.Vectors.squares;
import static io.dfc.algorithms.method.lab.Vectors.times;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dfc.algorithms.method.lab.Lab;
import io.dfc.algorithms.method.lab.Vectors;
import io.dfc.api.learn.Clipping;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Layer;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.ProgramHandle;

import org.junit.jupiter.api.Test;

import java.util.List;

/**
 * Target propagation, checked by the losses that it descends and by what its targets are for. The
 * losses are computed here from the definitions, on the noise that programs document.
 */
class TargetPropagationTest {
    private static final Activation TANH = new Activation.Tanh();
    private static final Activation LINEAR = new Activation.Linear();
    private static final double SIGMA = 0.3;
    private static final long SEED = 11;
    private static final int MINIBATCH = 5;
    private static final Noise NOISE = new Noise.Generated(SEED, MINIBATCH);

    /** A network, with inverses of its layers and maps from its output. */
    private static final class Rig implements AutoCloseable {
        final Lab lab = new Lab(Loss.CROSS_ENTROPY, 3, Lab.tanh(4, 5, 3, 2));
        final ParameterGroup v = lab.group("V", new int[] {5, 3}, new int[] {3, 2});
        final ParameterGroup c = lab.group("c", new int[] {5}, new int[] {3});
        final TargetPropagation method =
                new TargetPropagation(lab.network, lab.w, lab.b, v, c, TANH, new Clipping.None());

        double[] up(int layer, double[] x) {
            return rates(
                    lab.network.activation(layer),
                    plus(times(lab.value(lab.w, layer), x), lab.value(lab.b, layer)));
        }

        double[] down(int layer, double[] x) {
            return rates(TANH, plus(times(lab.value(v, layer), x), lab.value(c, layer)));
        }

        double[] rate(int layer, int sample) {
            return row(lab.rates(layer), sample, lab.size(layer));
        }

        double[] moved(int layer, int sample, double sigma) {
            double[] xi = noise(SEED, MINIBATCH, layer, sample, lab.size(layer));
            return plus(rate(layer, sample), sigma, xi);
        }

        /** {@code f(x) + h_i - f(h_(i+1))}. */
        double[] corrected(int layer, int sample, double[] x) {
            double[] here = down(layer, rate(layer + 1, sample));
            return plus(plus(down(layer, x), 1, rate(layer, sample)), -1, here);
        }

        void assertDescends(ProgramHandle program, PerSample loss) {
            for (int layer = 0; layer < lab.last(); layer++) {
                int of = layer;
                for (ParameterGroup group : List.of(v, c)) {
                    lab.assertDescends(
                            program, NOISE, group, layer, 1, () -> lab.mean(s -> loss.of(of, s)));
                }
            }
        }

        @Override
        public void close() {
            lab.close();
        }
    }

    private interface PerSample {
        double of(int layer, int sample);
    }

    @Test
    void reconstructionFormsTheSlopeOfItsLoss() {
        try (Rig rig = new Rig()) {
            rig.assertDescends(
                    rig.lab.add(rig.method.reconstruction(SIGMA)),
                    (i, s) -> {
                        double[] moved = rig.moved(i, s, SIGMA);
                        double[] found = rig.down(i, rig.up(i + 1, moved));
                        return squares(plus(found, -1, moved)) / moved.length / (SIGMA * SIGMA);
                    });
        }
    }

    @Test
    void reconstructionIsScaledByANoiseOfAtLeastTwoHundredths() {
        try (Rig rig = new Rig()) {
            rig.assertDescends(
                    rig.lab.add(rig.method.reconstruction(0.001)),
                    (i, s) -> {
                        double[] moved = rig.moved(i, s, 0.001);
                        double[] found = rig.down(i, rig.up(i + 1, moved));
                        return squares(plus(found, -1, moved)) / moved.length / (0.02 * 0.02);
                    });
        }
    }

    @Test
    void differenceReconstructionFormsTheSlopeOfItsLossInOneInverse() {
        try (Rig rig = new Rig()) {
            Lab lab = rig.lab;
            ProgramHandle program = lab.add(rig.method.differenceReconstruction(SIGMA));
            rig.assertDescends(
                    program,
                    (i, s) -> {
                        double[] moved = rig.moved(i, s, SIGMA);
                        double[] x = moved;
                        for (int j = i + 1; j <= lab.last(); j++) {
                            x = rig.up(j, x);
                        }
                        for (int j = lab.last() - 1; j > i; j--) {
                            x = rig.corrected(j, s, x);
                        }
                        double[] found = rig.corrected(i, s, x);
                        return squares(plus(found, -1, moved)) / moved.length / (SIGMA * SIGMA);
                    });
        }
    }

    @Test
    void localDifferenceReconstructionFormsTheSlopeOfItsLoss() {
        try (Rig rig = new Rig()) {
            rig.assertDescends(
                    rig.lab.add(rig.method.localDifferenceReconstruction(SIGMA)),
                    (i, s) -> {
                        double[] xi = noise(SEED, MINIBATCH, i, s, rig.lab.size(i));
                        double[] eta =
                                noise(SEED, MINIBATCH, rig.lab.last() + i, s, rig.lab.size(i + 1));
                        double[] h = rig.rate(i + 1, s);
                        double[] here = rig.down(i, h);
                        double[] there = rig.down(i, rig.up(i + 1, rig.moved(i, s, SIGMA)));
                        double[] shaken = rig.down(i, plus(h, SIGMA, eta));
                        return -Vectors.dot(xi, plus(there, -1, here)) / SIGMA
                                + squares(plus(shaken, -1, here)) / (2 * SIGMA * SIGMA);
                    });
        }
    }

    /** With linear inverses that are exact, what a layer is asked for gives what is wanted. */
    @Test
    void targetsThroughExactInversesGiveTheTargetOfTheOutput() {
        Network network =
                new Network(
                        2,
                        List.of(new Layer(2, TANH), new Layer(2, LINEAR), new Layer(2, LINEAR)),
                        true);
        double lambda = 0.7;
        try (Lab lab = new Lab(Loss.MEAN_SQUARED_ERROR, 1, network)) {
            ParameterGroup v = lab.group("V", new int[] {2, 2}, new int[] {2, 2});
            ParameterGroup c = lab.group("c", new int[] {2}, new int[] {2});
            ParameterGroup seen = lab.group("T", new int[] {2}, new int[] {2}, new int[] {2});
            TargetPropagation method =
                    new TargetPropagation(network, lab.w, lab.b, v, c, LINEAR, new Clipping.None());
            ProgramHandle program = lab.add(method.targets(lambda, seen));
            for (int i = 0; i < 2; i++) {
                invert(lab, v, c, i);
            }
            double[] target = lab.gradient(program, seen, 2);
            assertThat(target).isNotEqualTo(lab.rates(2));
            for (int i = 0; i < 2; i++) {
                double[] x = lab.gradient(program, seen, i);
                for (int j = i + 1; j <= 2; j++) {
                    x = plus(times(lab.value(lab.w, j), x), lab.value(lab.b, j));
                }
                assertThat(x).containsExactly(target, within(1e-9));
            }
        }
    }

    /** {@code V_i = W_(i+1)^-1}, {@code c_i = -W_(i+1)^-1 b_(i+1)}. */
    private static void invert(Lab lab, ParameterGroup v, ParameterGroup c, int i) {
        double[] m = lab.value(lab.w, i + 1).toDoubles();
        double determinant = m[0] * m[3] - m[1] * m[2];
        double[] inverse = {
            m[3] / determinant, -m[1] / determinant, -m[2] / determinant, m[0] / determinant
        };
        for (int n = 0; n < 4; n++) {
            lab.value(v, i).set(n, inverse[n]);
        }
        double[] shift = times(lab.value(v, i), lab.value(lab.b, i + 1).toDoubles());
        for (int n = 0; n < 2; n++) {
            lab.value(c, i).set(n, -shift[n]);
        }
    }

    /** The local loss of a layer, its target held. */
    @Test
    void layersDescendTheDistanceToTheirTargets() {
        try (Lab lab = new Lab(Loss.CROSS_ENTROPY, 1, Lab.tanh(4, 5, 3, 2))) {
            ParameterGroup v = lab.group("V", new int[] {5, 3}, new int[] {3, 2});
            ParameterGroup c = lab.group("c", new int[] {5}, new int[] {3});
            ParameterGroup seen = lab.group("T", new int[] {5}, new int[] {3}, new int[] {2});
            TargetPropagation method =
                    new TargetPropagation(
                            lab.network, lab.w, lab.b, v, c, TANH, new Clipping.None());
            ProgramHandle program = lab.add(method.targets(0.5, seen));
            for (int i = 0; i <= lab.last(); i++) {
                int layer = i;
                double[] target = lab.gradient(program, seen, i);
                lab.assertDescends(
                        program,
                        Noise.none(),
                        lab.w,
                        i,
                        1,
                        () -> squares(plus(lab.rates(layer), -1, target)));
                lab.assertDescends(
                        program,
                        Noise.none(),
                        lab.b,
                        i,
                        1,
                        () -> squares(plus(lab.rates(layer), -1, target)));
            }
        }
    }
}
