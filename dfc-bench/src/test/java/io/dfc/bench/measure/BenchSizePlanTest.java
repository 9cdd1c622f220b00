package io.dfc.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A size has as many operations as samples times steps. */
class BenchSizePlanTest {
    private static final Size FULL = new Size(128, 1000);

    private static SizePlan plan(int runs) {
        return new SizePlan(FULL, s -> (double) s.batch() * s.steps(), runs);
    }

    @Test
    void itBeginsWithWhatFitsEvenIfEightTimesAsSlow() {
        assertThat(plan(3).first(128_000, 8)).contains(FULL);
        assertThat(plan(3).first(128_000, 7.9)).contains(new Size(128, 500));
        assertThat(plan(3).first(640, 8)).contains(new Size(32, 20));
        assertThat(plan(3).first(320, 8)).contains(new Size(16, 20));
    }

    @Test
    void itBeginsWithASingleSampleOnlyIfThatMayFit() {
        assertThat(plan(3).first(20, 1)).contains(new Size(1, 20));
        assertThat(plan(3).first(19, 1)).isEmpty();
    }

    @Test
    void itGrowsWhileTheRunsThatAreWantedFit() {
        Size small = new Size(128, 20);

        assertThat(plan(3).next(small, 0.02, 3.5, 3.5)).contains(FULL);
        assertThat(plan(3).next(small, 0.02, 3.4, 3.4)).contains(new Size(128, 500));
        assertThat(plan(1).next(small, 0.02, 1.5, 1.5)).contains(FULL);
        assertThat(plan(3).next(small, 1, 3.5, 3.5)).contains(small);
    }

    @Test
    void theLargestSizeIsMeasuredHoweverLongItTook() {
        assertThat(plan(3).next(FULL, 100, 1, 1)).contains(FULL);
    }

    @Test
    void theSmallestSizeIsMeasuredOnceIfItDoesNotFitMoreOften() {
        Size probe = new Size(16, 20);

        assertThat(plan(3).next(probe, 0.4, 1, 1)).contains(new Size(32, 20));
        assertThat(plan(3).next(probe, 0.41, 1, 1)).isEmpty();
    }

    @Test
    void aSmallProbeIsFollowedByALargerOne() {
        Size single = new Size(1, 20);

        assertThat(plan(3).next(single, 0.1, 2, 2)).contains(new Size(8, 20));
        assertThat(plan(3).next(single, 1.1, 2, 2)).isEmpty();
    }

    /** A tile of many samples takes as long as a single one. */
    @Test
    void aPartOfTheWholeTimeIsRiskedForWhatFewSamplesForetell() {
        Size single = new Size(1, 20);

        assertThat(plan(3).next(single, 0.1, 0.5, 39)).contains(new Size(32, 20));
        assertThat(plan(3).next(single, 0.1, 0.5, 38)).contains(new Size(16, 20));
    }
}
