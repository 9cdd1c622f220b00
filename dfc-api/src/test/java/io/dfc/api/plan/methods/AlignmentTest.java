package io.dfc.api.plan.methods;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.learn.Clipping;
import io.dfc.api.network.Loss;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LayerPrograms;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;

/** Backpropagation and feedback through fixed matrices, checked by the loss that they descend. */
class AlignmentTest {
    private static void assertDescendsTheLoss(Lab lab, ProgramHandle program, double factor) {
        for (int i = 0; i <= lab.last(); i++) {
            lab.assertDescends(program, Noise.none(), lab.w, i, factor, lab::loss);
            lab.assertDescends(program, Noise.none(), lab.b, i, factor, lab::loss);
        }
    }

    private static void transpose(Tensor from, Tensor to) {
        int rows = from.dim(0);
        int columns = from.dim(1);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                to.set(j * rows + i, from.get(i * columns + j));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void backpropagationFormsTheSlopeOfTheLoss(Loss loss) {
        try (Lab lab = new Lab(loss, 3, Lab.tanh(4, 5, 3, 2))) {
            assertDescendsTheLoss(
                    lab,
                    lab.add(
                            LayerPrograms.backpropagation(
                                    lab.network, lab.w, lab.b, new Clipping.None())),
                    1);
        }
    }

    @Test
    void shallowLearningFormsTheSlopeOfTheLastLayerAlone() {
        try (Lab lab = new Lab(Loss.CROSS_ENTROPY, 3, Lab.tanh(4, 5, 3, 2))) {
            ProgramHandle program = lab.add(AlignmentPrograms.shallow(lab.network, lab.w, lab.b));
            lab.assertDescends(program, Noise.none(), lab.w, 2, 1, lab::loss);
            lab.assertDescends(program, Noise.none(), lab.b, 2, 1, lab::loss);
            for (int i = 0; i < 2; i++) {
                assertThat(lab.gradient(program, lab.w, i)).containsOnly(0);
                assertThat(lab.gradient(program, lab.b, i)).containsOnly(0);
            }
        }
    }

    @Test
    void feedbackAlignmentThroughTransposedWeightsIsBackpropagation() {
        try (Lab lab = new Lab(Loss.CROSS_ENTROPY, 3, Lab.tanh(4, 5, 3, 2))) {
            ParameterGroup feedback = lab.group("B", new int[] {5, 3}, new int[] {3, 2});
            ProgramHandle program =
                    lab.add(
                            AlignmentPrograms.feedbackAlignment(
                                    lab.network, lab.w, lab.b, feedback));
            double[] random = lab.gradient(program, lab.w, 0);
            transpose(lab.value(lab.w, 1), lab.value(feedback, 0));
            transpose(lab.value(lab.w, 2), lab.value(feedback, 1));
            assertDescendsTheLoss(lab, program, 1);
            assertThat(lab.gradient(program, lab.w, 0)).isNotEqualTo(random);
        }
    }

    @Test
    void directFeedbackAlignmentThroughTransposedWeightsOfTwoLayersIsBackpropagation() {
        int samples = 3;
        double lambda = 0.01;
        try (Lab lab = new Lab(Loss.MEAN_SQUARED_ERROR, samples, Lab.tanh(4, 5, 2))) {
            ParameterGroup feedback = lab.group("B", new int[] {5, 2});
            ProgramHandle program =
                    lab.add(
                            AlignmentPrograms.directFeedbackAlignment(
                                    lab.network, lab.w, lab.b, feedback, lambda));
            transpose(lab.value(lab.w, 1), lab.value(feedback, 0));
            // The published factor, once more divided by the number of samples.
            assertDescendsTheLoss(lab, program, 2 * lambda / samples);
        }
    }

    @Test
    void directFeedbackAlignmentIsBoundedTensorByTensor() {
        try (Lab lab = new Lab(Loss.MEAN_SQUARED_ERROR, 2, Lab.tanh(4, 5, 2))) {
            ParameterGroup feedback = lab.group("B", new int[] {5, 2});
            ProgramHandle program =
                    lab.add(
                            AlignmentPrograms.directFeedbackAlignment(
                                    lab.network, lab.w, lab.b, feedback, 1e4));
            for (int i = 0; i < 2; i++) {
                assertThat(norm(lab.gradient(program, lab.w, i))).isBetween(0.999, 1.0);
                assertThat(norm(lab.gradient(program, lab.b, i))).isBetween(0.999, 1.0);
            }
        }
    }

    private static double norm(double[] x) {
        return Math.sqrt(Arrays.stream(x).map(n -> n * n).sum());
    }
}
