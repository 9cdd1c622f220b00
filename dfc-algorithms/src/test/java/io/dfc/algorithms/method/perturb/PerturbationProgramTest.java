package io.dfc.algorithms.method.perturb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dfc.algorithms.method.lab.Lab;
import io.dfc.algorithms.method.lab.Vectors;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.learn.Clipping;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Noise;
import io.dfc.api.noise.Philox;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.spi.ProgramResult;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Weight perturbation: one draw by its definition, many by what they tend to. */
class PerturbationProgramTest {
    private static final double SIGMA = 1e-3;
    private static final Network NETWORK = Lab.tanh(3, 3, 2);

    private static LayerProgram program(Lab lab) {
        return new PerturbationProgram(NETWORK, lab.w, lab.b, SIGMA, new Clipping.None()).plain();
    }

    /** Moves a tensor by the noise that programs document. */
    private static double[] move(Tensor tensor, int stream, double[] before) {
        double[] xi = new double[tensor.size()];
        int place = Philox.place(Philox.PHASE_PARAMETERS, stream, 0);
        Philox.normals(9, place, 0, 4, xi, 0, xi.length, new int[4]);
        for (int n = 0; n < xi.length; n++) {
            tensor.set(n, before[n] + SIGMA * xi[n]);
        }
        return xi;
    }

    @Test
    void reportsWhatTheNoiseDidToTheLossAndWeighsTheNoiseByIt() {
        try (Lab lab = new Lab(Loss.CROSS_ENTROPY, 4, NETWORK)) {
            ProgramHandle program = lab.add(program(lab));
            ProgramResult result = lab.run(program, new Noise.Generated(9, 4));
            double told = result.number(PerturbationProgram.ERROR);
            double[] found = lab.gradient(program, new Noise.Generated(9, 4), lab.w, 1);
            double before = lab.loss();
            double[] xi = {};
            for (int i = 0; i < 2; i++) {
                Tensor w = lab.value(lab.w, i);
                xi = move(w, 2 * i, w.toDoubles());
                Tensor b = lab.value(lab.b, i);
                move(b, 2 * i + 1, b.toDoubles());
            }
            double change = lab.loss() - before;
            assertThat(told).isCloseTo(change, within(1e-12)).isNotZero();
            for (int n = 0; n < xi.length; n++) {
                assertThat(found[n]).isCloseTo(change * xi[n] / SIGMA, within(1e-8));
            }
        }
    }

    /**
     * Of 3000 draws, the mean of each of the 20 numbers lies within 5 standard errors of the slope
     * of the loss; if that is its mean, all do with a probability above 0.99998. The mean along the
     * slope lies more than 10 standard errors above 0, so that it points there.
     */
    @Test
    void theMeanOfManyDrawsIsTheSlopeOfTheLoss() {
        int draws = 3000;
        try (Lab lab = new Lab(Loss.CROSS_ENTROPY, 2, NETWORK)) {
            ProgramHandle program = lab.add(program(lab));
            double[] slope = all(lab, (group, layer) -> lab.slope(group, layer, lab::loss));
            double length = Math.sqrt(Vectors.squares(slope));
            Moments[] moments =
                    Stream.generate(Moments::new).limit(slope.length).toArray(Moments[]::new);
            Moments along = new Moments();
            for (int n = 0; n < draws; n++) {
                Noise noise = new Noise.Generated(1, n);
                double[] one =
                        all(lab, (group, layer) -> lab.gradient(program, noise, group, layer));
                for (int k = 0; k < one.length; k++) {
                    moments[k].add(one[k]);
                }
                along.add(Vectors.dot(one, slope) / length);
            }
            for (int k = 0; k < slope.length; k++) {
                assertThat(Math.abs(moments[k].mean() - slope[k]))
                        .isLessThan(5 * moments[k].error());
            }
            assertThat(along.mean()).isGreaterThan(10 * along.error());
        }
    }

    private interface OfTensor {
        double[] of(ParameterGroup group, int layer);
    }

    private static double[] all(Lab lab, OfTensor numbers) {
        return Stream.of(lab.w, lab.b)
                .flatMap(g -> Stream.of(0, 1).map(i -> numbers.of(g, i)))
                .flatMapToDouble(Arrays::stream)
                .toArray();
    }

    /** Mean of numbers, and its standard error. */
    private static final class Moments {
        private int count;
        private double sum;
        private double squares;

        void add(double x) {
            count++;
            sum += x;
            squares += x * x;
        }

        double mean() {
            return sum / count;
        }

        double error() {
            return Math.sqrt((squares / count - mean() * mean()) / (count - 1));
        }
    }

    @Test
    void withoutNoiseNothingIsLearned() {
        try (Lab lab = new Lab(Loss.CROSS_ENTROPY, 2, NETWORK)) {
            ProgramHandle program = lab.add(program(lab));
            assertThat(lab.gradient(program, lab.w, 0)).containsOnly(0);
            assertThat(lab.run(program).number(PerturbationProgram.ERROR)).isZero();
        }
    }

    @Test
    void takesNoRecordedNoiseAndTellsNoNumberThatItDoesNotReport() {
        try (Lab lab = new Lab(Loss.CROSS_ENTROPY, 2, NETWORK)) {
            ProgramHandle program = lab.add(program(lab));
            assertThatThrownBy(() -> lab.run(program, new Noise.Recorded(List.of())))
                    .isInstanceOf(BadConfigurationException.class)
                    .hasMessageContaining("a program draws its noise by itself");
            ProgramResult result = lab.run(program);
            assertThatThrownBy(() -> result.number("loss"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("reports no \"loss\", only [predictionError]");
        }
    }
}
