package io.dfc.api.plan.methods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Noise;
import io.dfc.api.noise.Philox;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.spi.ProgramResult;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Weight perturbation: one draw by its definition, many by what they tend to. */
class WeightPerturbationTest {
    private static final double SIGMA = 1e-3;
    private static final Network NETWORK = Lab.tanh(3, 3, 2);

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
            ProgramHandle program = lab.add(WeightPerturbation.of(NETWORK, lab.w, lab.b, SIGMA));
            ProgramResult result = lab.run(program, new Noise.Generated(9, 4));
            double told = result.number(WeightPerturbation.ERROR);
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

    @Test
    void theMeanOfManyDrawsIsTheSlopeOfTheLoss() {
        int draws = 3000;
        try (Lab lab = new Lab(Loss.CROSS_ENTROPY, 2, NETWORK)) {
            ProgramHandle program = lab.add(WeightPerturbation.of(NETWORK, lab.w, lab.b, SIGMA));
            double[] mean = new double[9];
            for (int n = 0; n < draws; n++) {
                double[] one = lab.gradient(program, new Noise.Generated(1, n), lab.w, 0);
                mean = Vectors.plus(mean, 1.0 / draws, one);
            }
            double[] slope = lab.slope(lab.w, 0, lab::loss);
            assertThat(Lab.cosine(slope, mean)).isGreaterThan(0.95);
            double length = Math.sqrt(Vectors.squares(mean) / Vectors.squares(slope));
            assertThat(length).isBetween(0.8, 1.25);
        }
    }

    @Test
    void withoutNoiseNothingIsLearned() {
        try (Lab lab = new Lab(Loss.CROSS_ENTROPY, 2, NETWORK)) {
            ProgramHandle program = lab.add(WeightPerturbation.of(NETWORK, lab.w, lab.b, SIGMA));
            assertThat(lab.gradient(program, lab.w, 0)).containsOnly(0);
            assertThat(lab.run(program).number(WeightPerturbation.ERROR)).isZero();
        }
    }

    @Test
    void takesNoRecordedNoiseAndTellsNoNumberThatItDoesNotReport() {
        try (Lab lab = new Lab(Loss.CROSS_ENTROPY, 2, NETWORK)) {
            ProgramHandle program = lab.add(WeightPerturbation.of(NETWORK, lab.w, lab.b, SIGMA));
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
