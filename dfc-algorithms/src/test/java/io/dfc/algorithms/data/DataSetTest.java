package io.dfc.algorithms.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.BadDataException;
import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.tensor.Rows;

import org.junit.jupiter.api.Test;

class DataSetTest {
    private static final byte[] PIXELS = {0, (byte) 255, 51, 102, (byte) 128, 1};
    private static final DataSet IMAGES =
            DataSet.images("tiny", PIXELS, 2, new Normalization(0.2, 0.5), new int[] {2, 0, 1}, 3);

    @Test
    void imagesAreNormalisedInFloat64WhenGathered() {
        double[] out = new double[4];
        IMAGES.copyInputs(new int[] {9, 2, 0}, 1, 2, Rows.of(out, IMAGES.inputSize()));
        assertThat(out)
                .containsExactly(
                        (128 / 255.0 - 0.2) / 0.5,
                        (1 / 255.0 - 0.2) / 0.5,
                        (0 - 0.2) / 0.5,
                        (1 - 0.2) / 0.5);
    }

    @Test
    void float32InputsAreTheRoundedFloat64Inputs() {
        float[] out = new float[2];
        IMAGES.copyInputs(new int[] {1}, 0, 1, Rows.of(out, IMAGES.inputSize()));
        assertThat(out)
                .containsExactly((float) ((51 / 255.0 - 0.2) / 0.5), (float) ((0.4 - 0.2) / 0.5));
    }

    @Test
    void labelsFollowTheSamples() {
        int[] labels = new int[2];
        IMAGES.copyLabels(new int[] {1, 0}, 0, 2, labels);
        assertThat(labels).containsExactly(0, 2);
        assertThat(IMAGES.label(2)).isEqualTo(1);
    }

    @Test
    void subsetsOfSubsetsPointAtTheRightSamples() {
        DataSet view = IMAGES.subset(new int[] {2, 0}).subset(new int[] {1, 0, 1});
        assertThat(view.size()).isEqualTo(3);
        assertThat(new int[] {view.label(0), view.label(1), view.label(2)})
                .containsExactly(2, 1, 2);
        double[] out = new double[2];
        view.copyInputs(new int[] {1}, 0, 1, Rows.of(out, view.inputSize()));
        assertThat(out[0]).isEqualTo((128 / 255.0 - 0.2) / 0.5);
    }

    @Test
    void limitKeepsTheFirstSamples() {
        assertThat(IMAGES.limit(2).size()).isEqualTo(2);
        assertThat(IMAGES.limit(2).label(1)).isZero();
        assertThat(IMAGES.limit(7)).isSameAs(IMAGES);
        assertThat(IMAGES.limit(0).size()).isZero();
    }

    @Test
    void theTargetsOfAnAutoencoderAreItsInputs() {
        DataSet auto = IMAGES.subset(new int[] {1, 2}).asAutoencoder("auto");
        double[] inputs = new double[4];
        double[] targets = new double[4];
        auto.copyInputs(new int[] {1, 0}, 0, 2, Rows.of(inputs, auto.inputSize()));
        auto.copyTargets(new int[] {1, 0}, 0, 2, Rows.of(targets, auto.outputSize()));
        assertThat(targets).containsExactly(inputs);
        assertThat(auto.classification()).isFalse();
        assertThat(auto.outputSize()).isEqualTo(2);
        assertThat(auto.name()).isEqualTo("auto");
    }

    @Test
    void regressionGathersTargets() {
        DataSet set = DataSet.regression("r", new double[] {1, 2}, 1, new double[] {3, 4, 5, 6}, 2);
        float[] out = new float[2];
        set.copyTargets(new int[] {1}, 0, 1, Rows.of(out, set.outputSize()));
        assertThat(out).containsExactly(5, 6);
    }

    @Test
    void laterChangesOfTheCallersArraysDoNotShow() {
        double[] inputs = {1, 2};
        int[] labels = {0, 1};
        DataSet set = DataSet.classification("c", inputs, 1, labels, 2);
        inputs[0] = 9;
        labels[0] = 1;
        double[] out = new double[1];
        set.copyInputs(new int[] {0}, 0, 1, Rows.of(out, set.inputSize()));
        assertThat(out[0]).isEqualTo(1);
        assertThat(set.label(0)).isZero();
    }

    @Test
    void anInputThatIsNotFiniteIsNamed() {
        assertThatThrownBy(
                        () ->
                                DataSet.classification(
                                        "c", new double[] {1, 2, 3, Double.NaN}, 2, new int[2], 1))
                .isInstanceOf(BadDataException.class)
                .hasMessage("c: input 1 of sample 1 is NaN, expected a finite number");
    }

    @Test
    void aTargetThatIsNotFiniteIsNamed() {
        assertThatThrownBy(
                        () ->
                                DataSet.regression(
                                        "r",
                                        new double[2],
                                        1,
                                        new double[] {0, Double.NEGATIVE_INFINITY},
                                        1))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("target 0 of sample 1 is -Infinity");
    }

    @Test
    void aLabelOutOfRangeIsNamed() {
        assertThatThrownBy(() -> DataSet.classification("c", new double[2], 1, new int[] {0, 5}, 5))
                .isInstanceOf(BadDataException.class)
                .hasMessage("c: label 5 of sample 1, expected 0..4");
    }

    @Test
    void lengthsThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> DataSet.classification("c", new double[5], 2, new int[2], 5))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessageContaining("[2, 2]")
                .hasMessageContaining("got 5");
    }

    @Test
    void labelsOfARegressionAreRefused() {
        DataSet set = DataSet.regression("r", new double[1], 1, new double[1], 1);
        assertThatThrownBy(() -> set.label(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(
                        () ->
                                IMAGES.copyTargets(
                                        new int[1],
                                        0,
                                        1,
                                        Rows.of(new double[2], IMAGES.outputSize())))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theFingerprintSeesPixelsLabelsAndOrderButNotTheName() {
        byte[] otherPixels = PIXELS.clone();
        otherPixels[5]++;
        int[] labels = {2, 0, 1};
        Normalization unit = Normalization.UNIT_RANGE;
        String print = DataSet.images("a", PIXELS, 2, unit, labels, 3).fingerprint();
        assertThat(print)
                .hasSize(16)
                .isEqualTo(DataSet.images("b", PIXELS, 2, unit, labels, 3).fingerprint());
        assertThat(DataSet.images("a", otherPixels, 2, unit, labels, 3).fingerprint())
                .isNotEqualTo(print);
        assertThat(DataSet.images("a", PIXELS, 2, unit, new int[] {2, 0, 0}, 3).fingerprint())
                .isNotEqualTo(print);
        assertThat(IMAGES.subset(new int[] {1, 0, 2}).fingerprint())
                .isNotEqualTo(IMAGES.fingerprint());
        assertThat(IMAGES.subset(new int[] {0, 1, 2}).fingerprint())
                .isEqualTo(IMAGES.fingerprint());
    }

    @Test
    void splitsOfDifferentShapeAreRefused() {
        DataSet narrow = DataSet.classification("n", new double[3], 1, new int[3], 3);
        assertThatThrownBy(() -> DataSplits.withoutValidation(IMAGES, narrow))
                .isInstanceOf(ShapeMismatchException.class)
                .hasMessageContaining("n[3 x 1 -> 3]");
    }

    @Test
    void limitingTheTrainingSetLeavesTheOthersWhole() {
        DataSplits splits = new DataSplits(IMAGES, IMAGES, IMAGES).limitTrain(1);
        assertThat(splits.train().size()).isEqualTo(1);
        assertThat(splits.validation().size()).isEqualTo(3);
        assertThat(splits.test().size()).isEqualTo(3);
        assertThatThrownBy(() -> splits.limitTrain(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
