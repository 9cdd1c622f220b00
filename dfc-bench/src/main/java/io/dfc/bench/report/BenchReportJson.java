package io.dfc.bench.report;

import io.dfc.bench.measure.BenchReport;
import io.dfc.bench.measure.BenchRow;
import io.dfc.bench.measure.Timing;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.OptionalDouble;

/** Measurements as JSON, for other programs and for {@code dfc bench --compare}. */
public final class BenchReportJson {
    private static final JsonMapper MAPPER = new JsonMapper();

    private BenchReportJson() {}

    /**
     * Renders measurements.
     *
     * @param report the measurements
     * @return a JSON object
     */
    public static String of(BenchReport report) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("version", report.version());
        root.put("cpu", report.device());
        root.put("backend", report.backend());
        root.put("threads", report.threads());
        put(root, "peak_gflops", report.peakGflops());
        ArrayNode workloads = root.putArray("workloads");
        for (BenchRow row : report.rows()) {
            Timing timing = row.timing();
            BenchRow.Rate rate = row.rate();
            ObjectNode object = workloads.addObject();
            object.put("backend", row.backend())
                    .put("network", row.network())
                    .put("workload", row.workload())
                    .put("batch", timing.size().batch())
                    .put("steps", timing.size().steps())
                    .put("threads", row.threads())
                    .put("seconds_per_minibatch", timing.seconds())
                    .put("gflops", rate.gflops());
            put(object, "peak_fraction", rate.peakFraction());
            object.put("simulated", timing.fallbackSamples())
                    .put("error_estimate", timing.errorEstimate())
                    .put("runs", timing.runs());
            rate.nearbyPeakFraction().ifPresent(f -> object.put("nearby_peak_fraction", f));
        }
        putUnmeasured(root.putArray("declined"), report.declined());
        putUnmeasured(root.putArray("skipped"), report.skipped());
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    }

    /** Null where it was not measured. */
    private static void put(ObjectNode node, String key, OptionalDouble value) {
        if (value.isPresent()) {
            node.put(key, value.getAsDouble());
        } else {
            node.putNull(key);
        }
    }

    private static void putUnmeasured(ArrayNode array, List<BenchReport.Unmeasured> workloads) {
        for (BenchReport.Unmeasured w : workloads) {
            array.addObject()
                    .put("network", w.network())
                    .put("workload", w.workload())
                    .put("reason", w.reason());
        }
    }
}
