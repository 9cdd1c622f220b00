package io.dfc.bench.measure;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * All measurements of one run.
 *
 * @param version version of the program
 * @param device description of the device
 * @param backend name of the backend
 * @param threads number of threads
 * @param peakGflops measured peak, in 10^9 operations per second; empty if the backend cannot
 *     measure it
 * @param rows what was measured, network by network
 * @param declined what the backend declined
 * @param skipped what did not fit the time
 */
public record BenchReport(
        String version,
        String device,
        String backend,
        int threads,
        OptionalDouble peakGflops,
        List<BenchRow> rows,
        List<Unmeasured> declined,
        List<Unmeasured> skipped) {
    /** Copies the lists. */
    public BenchReport {
        rows = List.copyOf(rows);
        declined = List.copyOf(declined);
        skipped = List.copyOf(skipped);
    }

    /**
     * A workload without a measurement.
     *
     * @param network label of the network
     * @param workload label of the workload
     * @param reason why
     */
    public record Unmeasured(String network, String workload, String reason) {}

    /**
     * The row that measures the same as one of another report.
     *
     * @param row the other report's row
     * @return this report's row, if there is one
     */
    public Optional<BenchRow> rowLike(BenchRow row) {
        return rows.stream().filter(r -> r.matches(row)).findFirst();
    }
}
