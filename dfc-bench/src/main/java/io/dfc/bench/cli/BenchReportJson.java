package io.dfc.bench.cli;

import io.dfc.bench.hardware.BenchReport;
import io.dfc.bench.hardware.BenchRow;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Measurements as JSON, for other programs and for {@code dfc bench --compare}. */
final class BenchReportJson {
    private static final JsonMapper MAPPER = new JsonMapper();

    private BenchReportJson() {}

    /**
     * Renders measurements.
     *
     * @param report the measurements
     * @return a JSON object
     */
    static String of(BenchReport report) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("version", report.version());
        root.put("cpu", report.device());
        root.put("backend", report.backend());
        root.put("threads", report.threads());
        root.put("peak_gflops", report.peakGflops());
        ArrayNode workloads = root.putArray("workloads");
        for (BenchRow row : report.rows()) {
            workloads
                    .addObject()
                    .put("backend", row.backend())
                    .put("network", row.network())
                    .put("workload", row.workload())
                    .put("batch", row.batch())
                    .put("steps", row.steps())
                    .put("threads", row.threads())
                    .put("seconds_per_minibatch", row.seconds())
                    .put("gflops", row.gflops())
                    .put("peak_fraction", row.peakFraction())
                    .put("simulated", row.simulated())
                    .put("error_estimate", row.errorEstimate());
        }
        ArrayNode declined = root.putArray("declined");
        for (BenchReport.Declined d : report.declined()) {
            declined.addObject()
                    .put("network", d.network())
                    .put("workload", d.workload())
                    .put("reason", d.reason());
        }
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    }
}
