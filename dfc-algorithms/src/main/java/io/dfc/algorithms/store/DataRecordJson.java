package io.dfc.algorithms.store;

import io.dfc.algorithms.data.AnswerEncoding;
import io.dfc.algorithms.data.ColumnEncoding;
import io.dfc.algorithms.data.DataEncoding;
import io.dfc.algorithms.data.ImageEncoding;
import io.dfc.algorithms.data.MissingPolicy;
import io.dfc.algorithms.data.Normalization;
import io.dfc.algorithms.data.TableEncoding;
import io.dfc.algorithms.files.JsonProblem;
import io.dfc.api.error.BadDataException;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The JSON form of a {@link DataRecord}. */
final class DataRecordJson {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String FORMAT = "dfc-data";
    private static final int VERSION = 1;

    private final String file;

    private DataRecordJson(String file) {
        this.file = file;
    }

    static String write(DataRecord record) {
        ObjectNode node = JSON.createObjectNode();
        node.put("format", FORMAT);
        node.put("version", VERSION);
        node.put("source", record.source());
        node.put("fingerprint", record.fingerprint());
        node.put("train", record.train());
        node.put("validation", record.validation());
        node.put("test", record.test());
        record.encoding().ifPresent(e -> write(node, e));
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n";
    }

    private static void write(ObjectNode node, DataEncoding encoding) {
        switch (encoding) {
            case TableEncoding t -> {
                ObjectNode table = node.putObject("table");
                table.put("target", t.target());
                table.put("missing", t.missing().label());
                var columns = table.putArray("columns");
                for (ColumnEncoding column : t.columns()) {
                    ObjectNode c = columns.addObject();
                    c.put("name", column.name());
                    switch (column) {
                        case ColumnEncoding.Numeric n -> {
                            c.put("mean", n.mean());
                            c.put("deviation", n.deviation());
                        }
                        case ColumnEncoding.Category k -> {
                            k.values().forEach(c.putArray("values")::add);
                            c.put("usual", k.usual());
                        }
                    }
                }
            }
            case ImageEncoding i -> {
                ObjectNode images = node.putObject("images");
                images.put("pixels", i.inputs());
                images.put("white", i.white());
                images.put("mean", i.normalization().mean());
                images.put("deviation", i.normalization().deviation());
            }
        }
        switch (encoding.answer()) {
            case AnswerEncoding.Classes c -> c.names().forEach(node.putArray("classes")::add);
            case AnswerEncoding.Scale s -> {
                ObjectNode target = node.putObject("target");
                target.put("mean", s.mean());
                target.put("deviation", s.deviation());
            }
            case AnswerEncoding.Inputs _ -> {}
        }
    }

    /**
     * Reads a record.
     *
     * @throws BadDataException if the text is none
     */
    static DataRecord read(String file, String text) {
        return new DataRecordJson(file).read(text);
    }

    private DataRecord read(String text) {
        JsonNode node;
        try {
            node = JSON.readTree(text);
        } catch (JacksonException e) {
            throw bad("is no JSON: " + JsonProblem.of(e.getOriginalMessage()));
        }
        if (!FORMAT.equals(node.path("format").asString(""))
                || node.path("version").asInt(0) != VERSION) {
            throw bad("is no record of data of this version, expected " + FORMAT + " " + VERSION);
        }
        Optional<DataEncoding> encoding =
                node.has("table")
                        ? Optional.of(table(node))
                        : node.has("images") ? Optional.of(images(node)) : Optional.empty();
        return new DataRecord(
                text(node, "source"),
                text(node, "fingerprint"),
                whole(node, "train"),
                whole(node, "validation"),
                whole(node, "test"),
                encoding);
    }

    private DataEncoding table(JsonNode node) {
        JsonNode table = node.path("table");
        List<ColumnEncoding> columns = new ArrayList<>();
        for (JsonNode c : table.path("columns")) {
            columns.add(
                    c.has("values")
                            ? category(c)
                            : new ColumnEncoding.Numeric(
                                    text(c, "name"), number(c, "mean"), deviation(c)));
        }
        if (columns.isEmpty()) {
            throw bad("lists no columns");
        }
        return new TableEncoding(
                text(table, "target"), columns, missing(text(table, "missing")), answer(node));
    }

    private ColumnEncoding category(JsonNode c) {
        List<String> values = texts(c, "values");
        int usual = whole(c, "usual");
        if (usual >= values.size()) {
            throw bad("usual is " + usual + ", expected less than " + values.size());
        }
        return new ColumnEncoding.Category(text(c, "name"), values, usual);
    }

    private MissingPolicy missing(String label) {
        for (MissingPolicy policy : MissingPolicy.values()) {
            if (policy.label().equals(label.toLowerCase(Locale.ROOT))) {
                return policy;
            }
        }
        throw bad("missing is \"" + label + "\", expected error, drop or mean");
    }

    private DataEncoding images(JsonNode node) {
        JsonNode images = node.path("images");
        double white = number(images, "white");
        int pixels = whole(images, "pixels");
        if (!(white > 0) || pixels < 1) {
            throw bad("expected a white and a number of pixels above 0");
        }
        return new ImageEncoding(
                pixels,
                white,
                new Normalization(number(images, "mean"), deviation(images)),
                answer(node));
    }

    private AnswerEncoding answer(JsonNode node) {
        if (node.has("classes")) {
            return new AnswerEncoding.Classes(texts(node, "classes"));
        }
        JsonNode target = node.path("target");
        return target.isObject()
                ? new AnswerEncoding.Scale(number(target, "mean"), deviation(target))
                : new AnswerEncoding.Inputs();
    }

    private List<String> texts(JsonNode node, String key) {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : node.path(key)) {
            if (!item.isString()) {
                throw bad(key + " holds " + item + ", expected texts");
            }
            texts.add(item.asString());
        }
        if (texts.isEmpty()) {
            throw bad(key + " is empty or no list, expected texts");
        }
        return texts;
    }

    private String text(JsonNode node, String key) {
        if (!node.path(key).isString()) {
            throw bad("has no text \"" + key + "\"");
        }
        return node.path(key).asString();
    }

    private double number(JsonNode node, String key) {
        if (!node.path(key).isNumber() || !Double.isFinite(node.path(key).asDouble())) {
            throw bad("has no number \"" + key + "\"");
        }
        return node.path(key).asDouble();
    }

    private double deviation(JsonNode node) {
        double value = number(node, "deviation");
        if (!(value > 0)) {
            throw bad("has a deviation of " + value + ", expected one above 0");
        }
        return value;
    }

    private int whole(JsonNode node, String key) {
        JsonNode value = node.path(key);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < 0) {
            throw bad("has no whole number \"" + key + "\" of at least 0");
        }
        return value.asInt();
    }

    private BadDataException bad(String problem) {
        return new BadDataException(file, problem);
    }
}
