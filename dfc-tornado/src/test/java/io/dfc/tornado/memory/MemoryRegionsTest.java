package io.dfc.tornado.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.learn.FeedbackPlasticity.Estimator;
import io.dfc.api.plan.Plan;
import io.dfc.tornado.backend.TestPlans;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.Stream;

/** Regions lie one behind the other, as long as they were measured before. */
class MemoryRegionsTest {
    private static PlanRequirements requirements(Plan plan) {
        return new PlanRequirements(plan, program -> false);
    }

    private static Stream<Arguments> plans() {
        return Stream.of(
                        TestPlans.loops(5, 4, 7, 5, 3),
                        TestPlans.feedback(Estimator.SAMPLED, 5, 4, 7, 5, 3),
                        TestPlans.feedback(Estimator.EXPECTED, 5, 4, 7, 5, 3))
                .flatMap(plan -> Stream.of(Arguments.of(plan, false), Arguments.of(plan, true)));
    }

    @ParameterizedTest
    @MethodSource("plans")
    void regionsLieBehindEachOtherAsTheyAreMeasured(Plan plan, boolean transposes) {
        PlanRequirements requirements = requirements(plan);
        MemoryRegions regions = new MemoryRegions(requirements, transposes);
        MemoryLayout second = MemoryLayout.all(requirements, 2, transposes).getLast();
        long expected = regions.total();
        for (var region : regions.entries()) {
            assertThat(second.address(region.getKey()))
                    .as(region.getKey().toString())
                    .isEqualTo((int) expected);
            expected += region.getValue();
        }
        assertThat(second.end()).isEqualTo((int) expected).isEqualTo((int) (2 * regions.total()));
    }
}
