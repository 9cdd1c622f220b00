package io.dfc.algorithms.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.train.BestEpoch;
import io.dfc.algorithms.train.Evaluation;
import io.dfc.algorithms.train.Progress;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingSizeTest {
    /** 30 samples are minibatches of 8, 8, 8 and 6. */
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 8", "3, 24", "4, 30", "6, 46", "8, 60"})
    void aSweepThatEndsEarlyCountsTheSamplesThatItVisits(int minibatches, long samples) {
        Progress progress =
                new Progress(1, 0, 2, minibatches, BestEpoch.NONE, Evaluation.NONE, Double.NaN, 0);
        assertThat(new TrainingSize(30, 8).learnt(progress)).isEqualTo(samples);
    }
}
