package io.dfc.bench.report;

import static io.dfc.bench.json.ValueRange.require;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.BadDataException;
import io.dfc.bench.json.JsonCursor;
import io.dfc.bench.json.JsonFile;
import io.dfc.bench.measure.BenchReport;
import io.dfc.bench.measure.BenchRow;
import io.dfc.bench.measure.Size;
import io.dfc.bench.measure.Timing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Reads what {@link BenchReportJson} wrote. A file may come from anywhere: its size is bounded and
 * every value is checked. Keys that are not known are ignored, for a later version may add some.
 */
public final class BenchReportReader {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_TEXT = 500;
    private static final String OPTION = "--compare";

    private BenchReportReader() {}

    /**
     * Reads measurements.
     *
     * @param file a file that {@code dfc bench --json} wrote
     * @return the measurements, without what was not measured
     * @throws BadConfigurationException if it is no such file, for another may be named
     */
    public static BenchReport read(Path file) {
        try {
            return report(JsonFile.read(file.toString(), file, MAX_BYTES));
        } catch (BadDataException e) {
            throw new BadConfigurationException(OPTION, e.getMessage());
        }
    }

    private static BenchReport report(JsonCursor root) {
        Measurements file = root.as(Measurements.class);
        List<BenchRow> rows = new ArrayList<>();
        for (Workload workload : file.workloads()) {
            BenchRow row = workload.row();
            if (rows.stream().anyMatch(r -> r.matches(row))) {
                throw root.get("workloads")
                        .items()
                        .get(rows.size())
                        .expected("each workload of a network once");
            }
            rows.add(row);
        }
        return new BenchReport(
                Text.oneLine(file.version()),
                Text.oneLine(file.cpu()),
                Text.oneLine(file.backend()),
                file.threads(),
                measured(file.peakGflops()),
                rows,
                List.of(),
                List.of());
    }

    /** A file; a number is null where the backend could not measure it. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Measurements(
            String version,
            String cpu,
            String backend,
            int threads,
            @JsonProperty(required = true) Optional<Double> peakGflops,
            List<Workload> workloads) {
        /** Checks the ranges. */
        Measurements {
            requireShort(version, "version");
            requireShort(cpu, "cpu");
            requireShort(backend, "backend");
            requireAtLeast(1, threads, "threads");
            requirePositive(peakGflops, "peak_gflops");
        }
    }

    /** One workload of a network. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Workload(
            String backend,
            String network,
            String workload,
            int threads,
            int batch,
            int steps,
            double secondsPerMinibatch,
            Optional<Integer> runs,
            int simulated,
            double errorEstimate,
            double gflops,
            @JsonProperty(required = true) Optional<Double> peakFraction,
            Optional<Double> nearbyPeakFraction) {
        /** Checks the ranges. */
        Workload {
            requireShort(backend, "backend");
            requireShort(network, "network");
            requireShort(workload, "workload");
            requireAtLeast(1, threads, "threads");
            requireAtLeast(1, batch, "batch");
            requireAtLeast(0, steps, "steps");
            requirePositive(Optional.of(secondsPerMinibatch), "seconds_per_minibatch");
            requireAtLeast(1, runs.orElse(1), "runs");
            requireAtLeast(0, simulated, "simulated");
            requirePositive(Optional.of(gflops), "gflops");
            requirePositive(peakFraction, "peak_fraction");
            requirePositive(nearbyPeakFraction, "nearby_peak_fraction");
        }

        BenchRow row() {
            return new BenchRow(
                    Text.oneLine(backend),
                    Text.oneLine(network),
                    Text.oneLine(workload),
                    threads,
                    new Timing(
                            new Size(batch, steps),
                            secondsPerMinibatch,
                            runs.orElse(1),
                            simulated,
                            errorEstimate),
                    new BenchRow.Rate(
                            gflops, measured(peakFraction), measured(nearbyPeakFraction)));
        }
    }

    private static void requireShort(String text, String key) {
        require(text.length() <= MAX_TEXT, key, "at most " + MAX_TEXT + " characters");
    }

    private static void requireAtLeast(int least, int number, String key) {
        require(number >= least, key, "a whole number in " + least + ".." + Integer.MAX_VALUE);
    }

    private static void requirePositive(Optional<Double> number, String key) {
        require(number.isEmpty() || number.get() > 0, key, "a number above 0");
    }

    private static OptionalDouble measured(Optional<Double> number) {
        return number.map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
    }
}
