package io.dfc.algorithms.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What is chosen for tables, by their size and by what they ask. */
class DataDefaultsTest {
    @TempDir private Path folder;

    private PreparedRun prepare(int rows, String task, String method) throws IOException {
        Path table =
                Files.writeString(
                        folder.resolve("table.csv"),
                        "a,y\n"
                                + IntStream.range(0, rows)
                                        .mapToObj(i -> i * i % 97 + "," + i % 3 + "\n")
                                        .collect(Collectors.joining()));
        return PreparedRun.forRun(
                "csv:" + table,
                method,
                List.of(Setting.text("target-column", "y"), Setting.text("table.task", task)));
    }

    private RunConfiguration configuration(int rows, String task, String method)
            throws IOException {
        return prepare(rows, task, method).configuration();
    }

    private static List<Double> forward(RunConfiguration configuration, String key) {
        return RunConfigurations.numbers(configuration, "forward." + key);
    }

    @Test
    void fewNumbersAreLearntWithCaution() throws IOException {
        PreparedRun run = prepare(200, "regression", "dfc");
        assertThat(run.configuration().network().hidden()).containsExactly(128);
        assertThat(run.configuration().epochs()).isEqualTo(120);
        assertThat(forward(run.configuration(), "epsilon")).containsExactly(1e-4);
        assertThat(forward(run.configuration(), "learning-rate")).containsExactly(0.009);
        assertThat(run.notes())
                .filteredOn(note -> note.startsWith("chosen for 160 training samples: "))
                .singleElement()
                .asString()
                .contains("--epochs 120 --hidden 128 ", " --set forward.epsilon=1.0E-4 ");
    }

    @Test
    void otherTablesAreLearntAsUsual() throws IOException {
        for (RunConfiguration usual :
                List.of(
                        configuration(200, "classification", "dfc"),
                        configuration(200, "regression", "bp"),
                        configuration(800, "regression", "dfc"))) {
            assertThat(usual.network().hidden()).containsExactly(32);
            assertThat(forward(usual, "epsilon")).containsExactly(1e-8);
            assertThat(forward(usual, "learning-rate")).containsExactly(0.006);
            assertThat(usual.epochs()).isEqualTo(80);
        }
        RunConfiguration large = configuration(7000, "regression", "dfc");
        assertThat(large.network().hidden()).containsExactly(64, 64);
        assertThat(forward(large, "epsilon")).containsExactly(1e-8);
    }
}
