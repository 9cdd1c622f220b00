package io.dfc.algorithms.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.run.PlanComparison;
import io.dfc.algorithms.run.RunAssembler;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.stream.Stream;

class PlanComparisonTest {
    private static final DataSet DATA =
            DataSet.classification("classes", new double[10], 5, new int[] {0, 1}, 3);

    private static LearningPlan plan(String method, String... settings) {
        List<Setting> all =
                Stream.concat(Stream.of("network.hidden=[4]"), Stream.of(settings))
                        .map(Setting::parse)
                        .toList();
        return new RunAssembler(RunConfigurations.forRun("csv:a.csv", method, all), DATA)
                .assemble()
                .learning();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dfc", "dfc-ss", "dfc-ssa-fixed", "bp"})
    void plansOfRunsThatDifferByTheirSeedAreAlike(String method) {
        assertThat(PlanComparison.alike(plan(method, "seed=1"), plan(method, "seed=2"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "network.hidden=[5]",
                "network.activations=[relu]",
                "network.bias=false",
                "batch=3",
                "precision=bfloat16",
                "control.leakage=0.5",
                "control.time-points=7",
                "target.step-size=0.25",
                "solver=euler",
                "forward.rule=derivative",
                "forward.learning-rate=[0.5]",
                "feedback.noise-sigma=0.25",
                "feedback.rule=special-controller",
                "feedback.clip-norm=9",
                "feedback.pretraining-learning-rate=0.5"
            })
    void plansThatSayOtherThingsAreNot(String setting) {
        assertThat(PlanComparison.alike(plan("dfc"), plan("dfc", setting))).isFalse();
        assertThat(PlanComparison.alike(plan("dfc", setting), plan("dfc"))).isFalse();
    }

    @Test
    void aConstantOfTheInitialParametersIsPartOfThePlan() {
        String decay = "feedback.homeostatic-weight-decay=0.1";
        String random = "feedback.initialization=xavier-normal";
        assertThat(
                        PlanComparison.alike(
                                plan("dfc", decay, random, "seed=1"),
                                plan("dfc", decay, random, "seed=2")))
                .isFalse();
        assertThat(
                        PlanComparison.alike(
                                plan("dfc", decay, random, "seed=1"),
                                plan("dfc", decay, random, "seed=1")))
                .isTrue();
    }

    @Test
    void noTwoMethodsHavePlansThatAreAlike() {
        List<LearningPlan> plans =
                Stream.of("dfc", "dfc-ss", "dfc-ssa", "dfc-fixed", "bp")
                        .map(PlanComparisonTest::plan)
                        .toList();
        for (LearningPlan a : plans) {
            assertThat(plans).filteredOn(b -> PlanComparison.alike(a, b)).containsExactly(a);
        }
    }
}
