package io.dfc.algorithms.method.inverse;

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
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Collections;

/** GAIT-prop by its published property, target propagation by what its targets are for. */
class InverseTargetsTest {
    private static final int WIDTH = 4;
    private static final int CLASSES = 2;
    private static final Activation LEAKY = new Activation.LeakyRelu(0.1);

    private static Network network(int depth) {
        return new Network(WIDTH, Collections.nCopies(depth, new Layer(WIDTH, LEAKY)), true);
    }

    private static Lab lab(int samples) {
        return lab(samples, 3);
    }

    private static Lab lab(int samples, int depth) {
        return new Lab(Loss.CROSS_ENTROPY, samples, network(depth)).labelsBelow(CLASSES);
    }

    private static InverseTargets programs(Lab lab, double rho) {
        return new InverseTargets(
                lab.network, lab.w, lab.b, CLASSES, 1e-3, rho, new Clipping.None());
    }

    /** Rotations in two planes, one after the other. */
    private static void makeOrthogonal(Lab lab) {
        for (int i = 0; i <= lab.last(); i++) {
            Tensor w = lab.value(lab.w, i);
            double[] m = new double[WIDTH * WIDTH];
            for (int n = 0; n < WIDTH; n++) {
                m[n * WIDTH + n] = 1;
            }
            for (int plane = 0; plane < 6; plane++) {
                rotate(m, plane % WIDTH, (plane + 1 + plane / WIDTH) % WIDTH, 0.4 + i + plane);
            }
            for (int n = 0; n < m.length; n++) {
                w.set(n, m[n]);
            }
        }
    }

    private static void rotate(double[] m, int a, int b, double angle) {
        for (int column = 0; column < WIDTH; column++) {
            double x = m[a * WIDTH + column];
            double y = m[b * WIDTH + column];
            m[a * WIDTH + column] = Math.cos(angle) * x - Math.sin(angle) * y;
            m[b * WIDTH + column] = Math.sin(angle) * x + Math.cos(angle) * y;
        }
    }

    /** Half the mean squared distance of the class outputs from one-hot labels. */
    private static double loss(Lab lab) {
        double[] rates = lab.rates(lab.last());
        double sum = 0;
        for (int s = 0; s < lab.samples(); s++) {
            for (int j = 0; j < CLASSES; j++) {
                double distance = rates[s * WIDTH + j] - (j == s % CLASSES ? 1 : 0);
                sum += distance * distance / 2;
            }
        }
        return sum / lab.samples();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void withOrthogonalMatricesGaitPropIsBackpropagation(int depth) {
        try (Lab lab = lab(3, depth)) {
            ProgramHandle program = lab.add(programs(lab, 0).gait());
            makeOrthogonal(lab);
            for (int i = 0; i < depth; i++) {
                lab.assertDescends(program, Noise.none(), lab.w, i, 1, () -> loss(lab));
                lab.assertDescends(program, Noise.none(), lab.b, i, 1, () -> loss(lab));
            }
        }
    }

    @Test
    void withOtherMatricesItIsNot() {
        try (Lab lab = lab(3)) {
            ProgramHandle program = lab.add(programs(lab, 0).gait());
            double[] slope = lab.slope(lab.w, 0, () -> loss(lab));
            double[] found = lab.gradient(program, lab.w, 0);
            assertThat(Lab.cosine(slope, found)).isLessThan(0.99);
        }
    }

    @Test
    void theBoundIsTheSlopeOfWhatIsNotOrthogonal() {
        double rho = 0.3;
        try (Lab lab = lab(2)) {
            ProgramHandle with = lab.add(programs(lab, rho).gait());
            ProgramHandle without = lab.add(programs(lab, 0).gait());
            for (int i = 0; i < 3; i++) {
                Tensor w = lab.value(lab.w, i);
                double[] slope = lab.slope(lab.w, i, () -> rho * offDiagonal(w));
                double[] found =
                        Vectors.plus(
                                lab.gradient(with, lab.w, i), -1, lab.gradient(without, lab.w, i));
                Lab.assertClose("bound", slope, found, 1e-5);
            }
        }
    }

    /** {@code sum_(i != j) ((M M^T)_ij)^2} with {@code M = W^T}. */
    private static double offDiagonal(Tensor w) {
        double sum = 0;
        for (int i = 0; i < WIDTH; i++) {
            for (int j = 0; j < WIDTH; j++) {
                double product = 0;
                for (int k = 0; k < WIDTH; k++) {
                    product += w.get(k * WIDTH + i) * w.get(k * WIDTH + j);
                }
                sum += i == j ? 0 : product * product;
            }
        }
        return sum;
    }

    @Test
    void targetsThroughTheInverseChainGiveTheTargetAbove() {
        try (Lab lab = lab(1)) {
            ParameterGroup seen =
                    lab.group("T", new int[] {WIDTH}, new int[] {WIDTH}, new int[] {WIDTH});
            ProgramHandle program = lab.add(programs(lab, 0).targetPropagation(seen));
            double[] output = lab.gradient(program, seen, 2);
            double[] rates = lab.rates(2);
            assertThat(output)
                    .containsExactly(new double[] {1, 0, rates[2], rates[3]}, within(1e-12));
            for (int i = 1; i >= 0; i--) {
                double[] x = lab.gradient(program, seen, i);
                double[] voltage =
                        Vectors.plus(
                                Vectors.times(lab.value(lab.w, i + 1), x), lab.value(lab.b, i + 1));
                double[] above = lab.gradient(program, seen, i + 1);
                Lab.assertClose("target", above, Vectors.rates(LEAKY, voltage), 1e-9);
            }
        }
    }
}
