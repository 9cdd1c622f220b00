package io.dfc.bench.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.algorithms.store.RunSummary;
import io.dfc.api.spi.Backend;
import io.dfc.bench.SeveralNetworks;
import io.dfc.bench.cli.CommandRun;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class SeedRunsTest {
    @TempDir private Path folder;

    private TrainingRun run(String where, int seed, Setting... more) {
        List<Setting> settings = new ArrayList<>(List.of(more));
        for (int i = 0; i < CommandRun.SMALL.size(); i += 2) {
            String name = CommandRun.SMALL.get(i);
            String value = CommandRun.SMALL.get(i + 1);
            settings.add(
                    switch (name) {
                        case "--set" -> Setting.parse(value);
                        case "--hidden" -> new Setting("network.hidden", "[" + value + "]");
                        default -> new Setting(name.substring(2), value);
                    });
        }
        settings.add(new Setting("seed", Integer.toString(seed)));
        return TrainingRun.fresh(
                RunConfigurations.forRun("glyphs", "dfc", settings),
                new RunFolder(folder.resolve(where + seed)));
    }

    private static List<RunSummary> train(
            Backend backend,
            int count,
            TrainingRun first,
            java.util.function.IntFunction<TrainingRun> runs,
            StringWriter err) {
        List<RunSummary> summaries = new ArrayList<>();
        new SeedRuns(backend, new PrintWriter(err), false)
                .train(first, runs, count, outcome -> summaries.add(outcome.summary()));
        return summaries;
    }

    @Test
    void networksSideBySideAreThoseThatComeOneAfterTheOther() {
        StringWriter err = new StringWriter();
        List<RunSummary> parallel;
        List<RunSummary> alone;
        try (SeveralNetworks two = new SeveralNetworks(2);
                SeveralNetworks one = new SeveralNetworks(1)) {
            parallel = train(two, 3, run("two", 4), i -> run("two", 4 + i), err);
            alone = train(one, 3, run("one", 4), i -> run("one", 4 + i), new StringWriter());
            assertThat(two.compiled()).containsExactly(2, 1);
            assertThat(one.compiled()).containsExactly(1, 1, 1);
        }
        assertThat(err.toString())
                .contains("2 networks side by side")
                .containsPattern("(?m)^seed 4: epoch 2/2")
                .containsPattern("(?m)^seed 5: epoch 2/2")
                .containsPattern("(?m)^epoch 2/2");
        assertThat(parallel).extracting(RunSummary::seed).containsExactly(4L, 5L, 6L);
        assertThat(parallel)
                .extracting(RunSummary::testLoss)
                .containsExactlyElementsOf(alone.stream().map(RunSummary::testLoss).toList());
    }

    @Test
    void aRunThatDivergesDoesNotHoldUpTheOthers() {
        Setting wild = Setting.parse("stop.max-parameter=1e-9");
        try (SeveralNetworks backend = new SeveralNetworks(3)) {
            assertThatThrownBy(
                            () ->
                                    train(
                                            backend,
                                            3,
                                            run("wild", 1),
                                            i -> i == 1 ? run("wild", 2, wild) : run("wild", 3),
                                            new StringWriter()))
                    .isInstanceOf(DivergedRunException.class);
        }
        assertThat(folder.resolve("wild1/summary.json")).exists();
        assertThat(folder.resolve("wild2/summary.json")).doesNotExist();
        assertThat(folder.resolve("wild3/summary.json")).exists();
    }
}
