package io.dfc.bench.cli;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.bench.hardware.BenchReport;
import io.dfc.bench.hardware.BenchRow;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what {@link BenchReportJson} wrote. A file may come from anywhere: its size is bounded and
 * every value is checked. Keys that are not known are ignored, for a later version may add some.
 */
final class BenchReportReader {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_NESTING = 16;
    private static final int MAX_NUMBER_LENGTH = 400;
    private static final int MAX_TEXT = 500;
    private static final int MAX_SHOWN = 40;
    private static final String OPTION = "--compare";

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MAX_NESTING)
                                                    .maxNumberLength(MAX_NUMBER_LENGTH)
                                                    .build())
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final Path file;

    private BenchReportReader(Path file) {
        this.file = file;
    }

    /**
     * Reads measurements.
     *
     * @param file a file that {@code dfc bench --json} wrote
     * @return the measurements, without what was declined
     * @throws BadConfigurationException if it is no such file, for another may be named
     */
    static BenchReport read(Path file) {
        BenchReportReader reader = new BenchReportReader(file);
        return reader.report(reader.parse());
    }

    private JsonNode parse() {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw bad("is larger than " + MAX_BYTES + " bytes, so no output of dfc bench");
            }
            return MAPPER.readTree(bytes);
        } catch (JacksonException e) {
            var at = e.getLocation();
            throw bad(
                    "not sound JSON"
                            + (at == null || at.getLineNr() < 1
                                    ? ""
                                    : " at line "
                                            + at.getLineNr()
                                            + ", column "
                                            + at.getColumnNr()));
        } catch (IOException e) {
            throw bad(
                    Files.exists(file)
                            ? "cannot be read" + (Files.isDirectory(file) ? ": is a folder" : "")
                            : "there is no such file");
        }
    }

    private BenchReport report(JsonNode root) {
        if (!root.isObject()) {
            throw bad("expected an object as dfc bench --json writes it, got " + shown(root));
        }
        JsonNode workloads = value(root, "", "workloads");
        if (!workloads.isArray()) {
            throw bad("workloads: expected a list, got " + shown(workloads));
        }
        List<BenchRow> rows = new ArrayList<>();
        for (int i = 0; i < workloads.size(); i++) {
            BenchRow row = row(workloads.get(i), "workloads[" + i + "]");
            if (rows.stream().anyMatch(r -> r.matches(row))) {
                throw bad("workloads[" + i + "]: measured twice, so it is not clear which counts");
            }
            rows.add(row);
        }
        return new BenchReport(
                text(root, "", "version"),
                text(root, "", "cpu"),
                text(root, "", "backend"),
                integer(root, "", "threads", 1),
                positive(root, "", "peak_gflops"),
                rows,
                List.of());
    }

    private BenchRow row(JsonNode node, String path) {
        if (!node.isObject()) {
            throw bad(path + ": expected an object, got " + shown(node));
        }
        String prefix = path + ".";
        return new BenchRow(
                text(node, prefix, "backend"),
                text(node, prefix, "network"),
                text(node, prefix, "workload"),
                integer(node, prefix, "batch", 1),
                integer(node, prefix, "steps", 0),
                integer(node, prefix, "threads", 1),
                positive(node, prefix, "seconds_per_minibatch"),
                positive(node, prefix, "gflops"),
                positive(node, prefix, "peak_fraction"),
                integer(node, prefix, "simulated", 0),
                number(node, prefix, "error_estimate"));
    }

    private JsonNode value(JsonNode parent, String prefix, String key) {
        JsonNode node = parent.get(key);
        if (node == null) {
            throw bad(
                    prefix
                            + key
                            + ": the key is missing; expected a file that dfc bench --json wrote");
        }
        return node;
    }

    private String text(JsonNode parent, String prefix, String key) {
        JsonNode node = value(parent, prefix, key);
        if (!node.isString() || node.stringValue().length() > MAX_TEXT) {
            throw bad(prefix + key + ": expected a string, got " + shown(node));
        }
        return Text.oneLine(node.stringValue());
    }

    private double number(JsonNode parent, String prefix, String key) {
        JsonNode node = value(parent, prefix, key);
        if (!node.isNumber() || !Double.isFinite(node.asDouble())) {
            throw bad(prefix + key + ": expected a finite number, got " + shown(node));
        }
        return node.asDouble();
    }

    private double positive(JsonNode parent, String prefix, String key) {
        double number = number(parent, prefix, key);
        if (!(number > 0)) {
            throw bad(prefix + key + ": expected a number above 0, got " + number);
        }
        return number;
    }

    private int integer(JsonNode parent, String prefix, String key, int min) {
        double number = number(parent, prefix, key);
        if (number < min || number > Integer.MAX_VALUE || number != Math.rint(number)) {
            throw bad(
                    prefix
                            + key
                            + ": expected a whole number of at least "
                            + min
                            + ", got "
                            + shown(parent.get(key)));
        }
        return (int) number;
    }

    private static String shown(JsonNode node) {
        if (node.isContainer()) {
            return node.isArray() ? "a list" : "an object";
        }
        String text = node.isMissingNode() ? "nothing" : node.toString();
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
    }

    private BadConfigurationException bad(String problem) {
        return new BadConfigurationException(OPTION, file + ": " + problem);
    }
}
