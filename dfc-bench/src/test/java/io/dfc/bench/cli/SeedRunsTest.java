package io.dfc.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.algorithms.store.RunSummary;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Device;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.Plan;
import io.dfc.api.spi.Support;
import io.dfc.api.tensor.ElementType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

class SeedRunsTest {
    @TempDir private Path folder;

    /** The reference backend, for a number of networks at once. */
    private static final class Several implements Backend {
        private final Backend one =
                Backends.discover()
                        .select("reference", BackendOptions.defaults(), List.of())
                        .backend();
        private final int most;
        private final List<Integer> compiled = new ArrayList<>();

        Several(int most) {
            this.most = most;
        }

        @Override
        public String name() {
            return one.name();
        }

        @Override
        public Device device() {
            return one.device();
        }

        @Override
        public ElementType computeType() {
            return one.computeType();
        }

        @Override
        public int threads() {
            return one.threads();
        }

        @Override
        public Support supports(Plan plan) {
            return plan.replicas() > most
                    ? new Support.Declined("too many")
                    : one.supports(plan.withReplicas(1));
        }

        @Override
        public Engine compile(Plan plan) {
            compiled.add(1);
            return one.compile(plan);
        }

        @Override
        public List<Engine> compileReplicas(Plan plan) {
            compiled.add(plan.replicas());
            return Stream.generate(() -> one.compile(plan.withReplicas(1)))
                    .limit(plan.replicas())
                    .toList();
        }

        @Override
        public double measurePeak() {
            return one.measurePeak();
        }

        @Override
        public void close() {
            one.close();
        }
    }

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
        return new TrainingRun(
                RunConfigurations.forRun("glyphs", "dfc", settings),
                new RunFolder(folder.resolve(where + seed)),
                Optional.empty());
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
        List<RunSummary> together;
        List<RunSummary> alone;
        try (Several two = new Several(2);
                Several one = new Several(1)) {
            together = train(two, 3, run("two", 4), i -> run("two", 4 + i), err);
            alone = train(one, 3, run("one", 4), i -> run("one", 4 + i), new StringWriter());
            assertThat(two.compiled).containsExactly(2, 1);
            assertThat(one.compiled).containsExactly(1, 1, 1);
        }
        assertThat(err.toString())
                .contains("2 networks side by side")
                .containsPattern("(?m)^seed 4: epoch 2/2")
                .containsPattern("(?m)^seed 5: epoch 2/2")
                .containsPattern("(?m)^epoch 2/2");
        assertThat(together).extracting(RunSummary::seed).containsExactly(4L, 5L, 6L);
        assertThat(together)
                .extracting(RunSummary::testLoss)
                .containsExactlyElementsOf(alone.stream().map(RunSummary::testLoss).toList());
    }

    @Test
    void aRunThatDivergesDoesNotHoldUpTheOthers() {
        Setting wild = Setting.parse("stop.max-parameter=1e-9");
        try (Several backend = new Several(3)) {
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
