package io.dfc.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class BenchSizeTest {
    @Test
    void stepsAreCutBeforeSamples() {
        assertThat(new Size(100, 99).ladder())
                .containsExactly(
                        new Size(100, 99),
                        new Size(100, 50),
                        new Size(100, 20),
                        new Size(64, 20),
                        new Size(32, 20));
    }

    @Test
    void aWorkloadWithoutTimeKeepsNoSteps() {
        assertThat(new Size(128, 0).ladder())
                .containsExactly(new Size(128, 0), new Size(64, 0), new Size(32, 0));
    }

    @Test
    void aBatchThatIsSmallIsKeptWhole() {
        assertThat(new Size(6, 50).ladder()).containsExactly(new Size(6, 50), new Size(6, 20));
    }

    @Test
    void probesAreSmallerThanAnySizeThatIsMeasured() {
        assertThat(new Size(128, 999).probes())
                .containsExactly(
                        new Size(16, 20),
                        new Size(8, 20),
                        new Size(4, 20),
                        new Size(2, 20),
                        new Size(1, 20));
        assertThat(new Size(1, 5).probes()).isEmpty();
    }

    @Test
    void theLargestSizeWithinALimitIsTaken() {
        Size full = new Size(128, 0);

        assertThat(full.within(70, Size::batch)).isEqualTo(new Size(64, 0));
        assertThat(full.within(1000, Size::batch)).isEqualTo(full);
        assertThat(full.within(0, Size::batch)).isEqualTo(new Size(32, 0));
    }

    @Test
    void mnistIsDeclaredAtThePublishedSize() {
        List<BenchCase> cases =
                BenchCase.of(
                        List.of(BenchNetwork.MNIST), List.of(Workload.values()), BenchScale.USUAL);

        assertThat(cases)
                .allSatisfy(
                        c ->
                                assertThat(c.declared())
                                        .isEqualTo(
                                                new Size(
                                                        128,
                                                        switch (c.workload()) {
                                                            case DFC_SS_EULER,
                                                                    DFC_EULER,
                                                                    DFC_AUTO ->
                                                                    999;
                                                            case FEEDBACK_EULER, FEEDBACK_AUTO ->
                                                                    47;
                                                            case DFC_SS_STEADY_STATE, DFC_SSA, BP ->
                                                                    0;
                                                        })));
    }
}
