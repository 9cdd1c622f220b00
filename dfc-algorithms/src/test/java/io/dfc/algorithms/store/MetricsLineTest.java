package io.dfc.algorithms.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.train.ConvergenceCounts;
import io.dfc.algorithms.train.EpochReport;
import io.dfc.algorithms.train.Evaluation;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.json.JsonMapper;

import java.util.List;

class MetricsLineTest {
    private static String line(Evaluation train, ConvergenceCounts convergence) {
        return line(train, convergence, 27);
    }

    private static String line(
            Evaluation train, ConvergenceCounts convergence, int feedbackMinibatches) {
        return JsonMapper.shared()
                .writeValueAsString(
                        MetricsLine.of(
                                new EpochReport(
                                        3,
                                        train,
                                        new Evaluation(0.25, 0.5),
                                        Evaluation.NONE,
                                        true,
                                        convergence,
                                        feedbackMinibatches,
                                        1.5),
                                new RunDevice("reference", "CPU"),
                                List.of()));
    }

    @Test
    void keysAndTheirOrderAreStable() {
        assertThat(line(new Evaluation(2, Double.NaN), new ConvergenceCounts(5, 1, 2, 4)))
                .isEqualTo(
                        "{\"epoch\":3,\"train_loss\":2.0,\"train_error\":null,\"val_loss\":0.25,"
                                + "\"val_error\":0.5,\"test_loss\":null,\"test_error\":null,"
                                + "\"best\":true,\"converged\":5,\"diverged\":1,\"undecided\":2,"
                                + "\"simulated\":4,\"feedback_minibatches\":27,\"seconds\":1.5,"
                                + "\"backend\":\"reference\",\"device\":\"CPU\"}");
    }

    @Test
    void methodsWithoutLoopsHaveNoCountsOfConvergenceOrFeedback() {
        assertThat(line(new Evaluation(2, 0), new ConvergenceCounts(0, 0, 0, 0), 0))
                .contains("\"best\":true,\"seconds\":1.5")
                .doesNotContain("converged", "feedback");
    }
}
