package io.dfc.bench.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.bench.cli.CommandRun;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a run says whose controller drives samples away from their target. */
class DivergenceTest {
    private static final Pattern FIRST_REMEDY =
            Pattern.compile("(?:try|of use here:) ((?:--set \\S+?=[^\\s,;]+ ?)+)");

    @TempDir private Path folder;

    /** Long enough for the loop to come to rest, or to run away. */
    private CommandRun train(String name, List<String> settings) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "train",
                                "--hidden",
                                "16",
                                "--limit",
                                "200",
                                "--batch",
                                "50",
                                "--epochs",
                                "2",
                                "--out",
                                folder.resolve(name).toString()));
        if (!settings.contains("bp")) {
            arguments.addAll(set("control.time-points=300"));
            arguments.addAll(set("diagnostics.stability=ignore"));
        }
        arguments.addAll(settings);
        return CommandRun.of(arguments);
    }

    private static List<String> set(String setting) {
        return List.of("--set", setting);
    }

    @Test
    void divergenceOfMostSamplesIsWarnedOfOnceAndEndsInAnErrorIfNothingConverged() {
        CommandRun run = train("wild", set("control.proportional-gain=20"));
        assertThat(run.code()).as(run.err()).isEqualTo(1);
        assertThat(run.err().lines().filter(l -> l.startsWith("warning: ")))
                .singleElement()
                .asString()
                .contains("200 of 200 samples diverged in epoch 1")
                .contains("control.proportional-gain=")
                .contains("control.leakage")
                .contains("feedback.learning-rate=")
                .contains("control.time-step=");
        assertThat(run.errorLines()).singleElement().asString().contains("no sample converged");
        assertThat(run.out()).contains("run folder");
        assertThat(folder.resolve("wild/summary.json")).exists();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "control.proportional-gain=20",
                "control.proportional-gain=60",
                "control.proportional-gain=1e6",
                "control.time-step=0.19"
            })
    void theFirstValueNamedHelps(String cause) {
        CommandRun run = train("wild", set(cause));
        assertThat(run.code()).as(run.err()).isEqualTo(1);
        Matcher remedy = FIRST_REMEDY.matcher(run.err());
        assertThat(remedy.find()).as(run.err()).isTrue();
        List<String> settings = new ArrayList<>(set(cause));
        settings.addAll(List.of(remedy.group(1).strip().split(" ")));
        CommandRun cured = train("cured", settings);
        assertThat(cured.code()).as(cured.err()).isZero();
        assertThat(cured.err()).doesNotContain("warning: ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dfc | feedback.learning-rate=50 | feedback.learning-rate=0.0005",
                "bp  | forward.learning-rate=1e6 | forward.learning-rate=[0.1]"
            })
    void aLearningRateThatIsTooHighIsNamedWithALowerOne(
            String method, String cause, String remedy) {
        List<String> settings = new ArrayList<>(List.of("--method", method));
        settings.addAll(set(cause));
        if (method.equals("dfc")) {
            settings.addAll(set("feedback.every=1"));
        }
        CommandRun run = train("rate", settings);
        assertThat(run.code()).as(run.err()).isEqualTo(1);
        assertThat(run.errorLines()).singleElement().asString().contains("diverged in", remedy);
        if (method.equals("bp")) {
            assertThat(run.err()).doesNotContain("control.");
        }
    }

    @Test
    void anUnstableGainIsRefusedBeforeTheRun() {
        CommandRun run =
                CommandRun.of(
                        List.of(
                                "train",
                                "--hidden",
                                "16",
                                "--limit",
                                "100",
                                "--set",
                                "control.proportional-gain=1000",
                                "--out",
                                folder.resolve("refused").toString()));
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.errorLines())
                .singleElement()
                .asString()
                .contains("is unstable on", "--set control.proportional-gain=");
        assertThat(folder.resolve("refused")).doesNotExist();
    }

    @Test
    void convergedIsExplainedWhereItFirstAppearsAndOnlyThere() {
        CommandRun run = train("plain", List.of());
        assertThat(run.code()).as(run.err()).isZero();
        List<String> lines = run.err().lines().toList();
        assertThat(lines.stream().filter(l -> l.contains("(converged: "))).hasSize(1);
        int first =
                lines.indexOf(
                        lines.stream()
                                .filter(l -> l.contains("% converged"))
                                .findFirst()
                                .orElseThrow());
        assertThat(lines.get(first + 1))
                .contains("(converged: ", "25.0 %", "Gradients use all samples");
        assertThat(run.err()).doesNotContain("warning: ");
    }

    @Test
    void theLinearisedSolverSaysThatItJudgesNobody() {
        CommandRun run = train("analytic", List.of("--method", "dfc-ssa"));
        assertThat(run.err()).contains("every sample counts as converged");
    }
}
