package io.dfc.bench.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class BenchSizeTest {
    @Test
    void stepsAreCutFirstThenSamplesThenStepsAgain() {
        assertThat(new Size(6, 99).ladder())
                .containsExactly(
                        new Size(6, 99),
                        new Size(6, 50),
                        new Size(6, 20),
                        new Size(4, 20),
                        new Size(2, 20),
                        new Size(1, 20),
                        new Size(1, 10),
                        new Size(1, 5),
                        new Size(1, 2),
                        new Size(1, 1));
    }

    @Test
    void aWorkloadWithoutTimeKeepsNoSteps() {
        assertThat(new Size(4, 0).ladder())
                .containsExactly(new Size(4, 0), new Size(2, 0), new Size(1, 0));
    }

    @Test
    void theLargestSizeWithinALimitIsTaken() {
        Size full = new Size(4, 0);

        assertThat(full.within(2.5, Size::batch)).isEqualTo(new Size(2, 0));
        assertThat(full.within(100, Size::batch)).isEqualTo(full);
        assertThat(full.within(0, Size::batch)).isEqualTo(new Size(1, 0));
    }

    @Test
    void mnistIsDeclaredAtThePublishedSize() {
        List<BenchCase> cases =
                BenchCase.of(List.of(BenchNetwork.MNIST), List.of(Workload.values()));

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
