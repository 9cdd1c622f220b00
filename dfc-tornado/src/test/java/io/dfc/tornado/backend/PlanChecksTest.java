package io.dfc.tornado.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.learn.FeedbackPlasticity.Estimator;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Support;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.Optional;

/** Memory is measured before any is laid out, so that no plan is too large to be asked about. */
class PlanChecksTest {
    @Test
    @Timeout(10)
    void aPlanThatNoMemoryHoldsIsDeclinedInOneLine() {
        int most = Integer.MAX_VALUE;
        int batch = 1 << 20;
        for (Plan plan :
                new Plan[] {
                    TestPlans.loops(batch, 1000, 1000, 1000),
                    TestPlans.loops(4, most, most, 10),
                    TestPlans.loops(batch, most, most, most)
                }) {
            for (int count : new int[] {1, 64}) {
                Optional<String> reason = PlanChecks.reasonAgainst(plan, count, true);
                assertThat(reason.map(Support.Declined::new))
                        .contains(
                                new Support.Declined(
                                        "it needs more than the 4 GiB that kernels address on the"
                                                + " device; use a smaller network, a smaller batch"
                                                + " or fewer networks at once"));
            }
        }
    }

    @Test
    void theMeanOverAllNoiseIsForUpTo64Outputs() {
        assertThat(reason(Estimator.EXPECTED, 8, 64)).isEmpty();
        assertThat(reason(Estimator.SAMPLED, 8, 65)).isEmpty();
        assertThat(reason(Estimator.EXPECTED, 8, 65))
                .hasValueSatisfying(
                        r -> assertThat(r).contains("feedback.estimator", "64", "65", "sample"));
    }

    @Test
    void theMatricesOfTheMeanOverAllNoiseCountAsMemory() {
        int batch = 1 << 14;
        assertThat(reason(Estimator.SAMPLED, batch, 64)).isEmpty();
        assertThat(reason(Estimator.EXPECTED, batch, 64))
                .hasValueSatisfying(r -> assertThat(r).contains("smaller batch"));
    }

    private static Optional<String> reason(Estimator estimator, int batch, int outputs) {
        return PlanChecks.reasonAgainst(
                TestPlans.feedback(estimator, batch, 9, 21, outputs), 1, false);
    }

    @Test
    void manyNetworksAreDeclinedThatFitOneByOne() {
        Plan plan = TestPlans.loops(256, 784, 1024, 1024, 10);
        assertThat(PlanChecks.reasonAgainst(plan, 1, false)).isEmpty();
        assertThat(PlanChecks.reasonAgainst(plan, 64, false))
                .hasValueSatisfying(r -> assertThat(r).contains("fewer networks"));
    }
}
