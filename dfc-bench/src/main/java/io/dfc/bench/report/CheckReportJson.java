package io.dfc.bench.report;

import io.dfc.bench.golden.compare.CheckReport;
import io.dfc.bench.golden.compare.Comparison;
import io.dfc.bench.golden.compare.FileOutcome;
import io.dfc.bench.golden.compare.QuantitySummary;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A check's report as JSON: the same content as the table, with every miss. An error that is not
 * finite is null.
 */
public final class CheckReportJson {
    private static final JsonMapper MAPPER = new JsonMapper();

    private CheckReportJson() {}

    /**
     * Renders the report.
     *
     * @param report the report
     * @param strict whether files declined count against the backend
     * @return a JSON object
     */
    public static String of(CheckReport report, boolean strict) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("backend", report.backend());
        root.put("device", report.device().description());
        root.put(
                "compute_type",
                switch (report.computeType()) {
                    case F32 -> "float32";
                    case F64 -> "float64";
                });
        root.put("passed", report.passed(strict));
        root.put("strict", strict);
        root.put("files", report.outcomes().size());
        root.put("checked", report.of(FileOutcome.Checked.class).size());
        quantities(root.putArray("quantities"), report);
        misses(root.putArray("misses"), report);
        // Every kind is covered; the key stays for those who read it.
        root.putArray("not_covered");
        ArrayNode declined = root.putArray("declined");
        report.of(FileOutcome.Declined.class)
                .forEach(f -> declined.addObject().put("file", f.file()).put("reason", f.reason()));
        ArrayNode unreadable = root.putArray("unreadable");
        report.of(FileOutcome.Unreadable.class)
                .forEach(
                        f ->
                                unreadable
                                        .addObject()
                                        .put("file", f.file())
                                        .put("reason", f.message()));
        ArrayNode failed = root.putArray("failed");
        report.of(FileOutcome.Failed.class)
                .forEach(f -> failed.addObject().put("file", f.file()).put("reason", f.reason()));
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    }

    private static void quantities(ArrayNode array, CheckReport report) {
        for (QuantitySummary q : report.quantities()) {
            ObjectNode row = array.addObject();
            row.put("kind", q.kind().label());
            row.put("quantity", q.quantity());
            row.put("cases", q.cases());
            row.put("misses", q.misses());
            row.put("worst_file", q.worstFile());
            comparison(row, q.worst());
        }
    }

    private static void misses(ArrayNode array, CheckReport report) {
        for (CheckReport.Miss miss : report.misses()) {
            comparison(array.addObject().put("file", miss.file()), miss.comparison());
        }
    }

    private static void comparison(ObjectNode node, Comparison comparison) {
        node.put("path", comparison.path());
        node.put("measure", comparison.measure().label());
        if (Double.isFinite(comparison.error())) {
            node.put("error", comparison.error());
        } else {
            node.putNull("error");
        }
        node.put("tolerance", comparison.tolerance());
    }
}
