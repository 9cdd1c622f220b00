package io.dfc.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.bench.measure.BenchReport;
import io.dfc.bench.measure.BenchReport.Unmeasured;
import io.dfc.bench.measure.BenchRow;
import io.dfc.bench.measure.BenchRow.Rate;
import io.dfc.bench.measure.Size;
import io.dfc.bench.measure.Timing;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

class BenchReportTest {
    private static final BenchReport REPORT =
            new BenchReport(
                    "1",
                    "a device",
                    "slow",
                    2,
                    OptionalDouble.of(100),
                    List.of(
                            new BenchRow(
                                    "slow",
                                    "mnist",
                                    "bp",
                                    2,
                                    new Timing(new Size(128, 0), 0.5, 1, 0, 0),
                                    new Rate(2, OptionalDouble.of(0.02), OptionalDouble.of(0.025))),
                            new BenchRow(
                                    "slow",
                                    "mnist",
                                    "dfc/auto",
                                    2,
                                    new Timing(new Size(128, 99), 1, 3, 0, 1e-4),
                                    new Rate(1, OptionalDouble.of(0.01), OptionalDouble.empty()))),
                    List.of(new Unmeasured("mnist", "dfc-ssa", "it does not do that")),
                    List.of(new Unmeasured("large", "dfc/euler", "it may take an hour")));

    @TempDir private Path folder;

    @Test
    void textNamesWhatIsMissingAndWhatWasRunTooSeldom() {
        StringWriter out = new StringWriter();
        BenchReportText.write(REPORT, new PrintWriter(out));

        assertThat(out.toString())
                .containsPattern("bp +128 +- +500 ms +2.00 +2.0 +2.5 +1 run\\s")
                .containsPattern("dfc/auto +128 +99 .* 1.0 +- +estimated error 1.0e-04\\s")
                .containsPattern("dfc-ssa +- .* declined: it does not do that\\s")
                .containsPattern(
                        "large +batch .*\\sdfc/euler +- .* skipped: it may take an hour\\s");
    }

    @Test
    void jsonNamesWhatIsMissing() {
        JsonNode root = JsonMapper.shared().readTree(BenchReportJson.of(REPORT));

        assertThat(root.at("/workloads/0/runs").asInt()).isEqualTo(1);
        assertThat(root.at("/declined/0/reason").asString()).isEqualTo("it does not do that");
        assertThat(root.at("/skipped/0/network").asString()).isEqualTo("large");
        assertThat(root.at("/skipped/0/workload").asString()).isEqualTo("dfc/euler");
        assertThat(root.at("/skipped/0/reason").asString()).isEqualTo("it may take an hour");
    }

    @Test
    void whatIsWrittenCanBeRead() throws IOException {
        Path file = Files.writeString(folder.resolve("report.json"), BenchReportJson.of(REPORT));

        assertThat(BenchReportReader.read(file).rows()).isEqualTo(REPORT.rows());
        assertThat(BenchReportReader.read(file).peakGflops()).hasValue(100);
    }

    @Test
    void aPeakThatWasNotMeasuredIsNoNumberAnywhere() throws IOException {
        BenchRow row = REPORT.rows().getFirst();
        BenchReport report =
                new BenchReport(
                        "1",
                        "a device",
                        "slow",
                        2,
                        OptionalDouble.empty(),
                        List.of(
                                new BenchRow(
                                        row.backend(),
                                        row.network(),
                                        row.workload(),
                                        row.threads(),
                                        new Timing(
                                                row.timing().size(),
                                                row.timing().seconds(),
                                                3,
                                                0,
                                                0),
                                        new Rate(
                                                row.rate().gflops(),
                                                OptionalDouble.empty(),
                                                OptionalDouble.empty()))),
                        List.of(),
                        List.of());
        StringWriter out = new StringWriter();
        BenchReportText.write(report, new PrintWriter(out));
        Path file = Files.writeString(folder.resolve("report.json"), BenchReportJson.of(report));

        assertThat(out.toString())
                .contains("2 threads, peak not measured")
                .containsPattern("bp +128 +- +500 ms +2.00 +- +-\\s");
        assertThat(BenchReportReader.read(file)).isEqualTo(report);
    }
}
