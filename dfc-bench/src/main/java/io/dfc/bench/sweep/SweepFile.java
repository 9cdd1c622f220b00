package io.dfc.bench.sweep;

import io.dfc.algorithms.config.KeySuggestions;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.files.Excerpt;
import io.dfc.algorithms.yaml.Yaml;
import io.dfc.api.error.BadDataException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * A sweep as a YAML file: a configuration, settings of all runs, and those that vary, as a list, a
 * grid or by chance; their products are the cells.
 *
 * <pre>{@code
 * config: mnist/dfc-ssa-fast
 * seeds: 3                # 1 to 3; or a list of seeds
 * settings:               # of all runs
 *   epochs: 5
 * list:                   # settings that go together
 *   - method: dfc-ssa
 *   - {method: bp, batch: 64}
 * grid:                   # every combination
 *   forward.learning-rate: [1e-4, 3e-4]
 * random:                 # drawn, as many as the budget
 *   trials: 20
 *   seed: 1
 *   settings:
 *     feedback.learning-rate: {from: 1e-5, to: 1e-2, scale: log}
 *     batch: [64, 128]
 * }</pre>
 */
public final class SweepFile {
    private static final int MOST_CELLS = 10_000;
    private static final int MOST_SEEDS = 1000;
    private static final int ATTEMPTS = 100;
    private static final List<String> KEYS =
            List.of("config", "seeds", "settings", "list", "grid", "random");
    private static final List<String> RANDOM_KEYS = List.of("trials", "seed", "settings");

    private final String source;
    private final ObjectNode root;

    private SweepFile(String source, ObjectNode root) {
        this.source = source;
        this.root = root;
    }

    /**
     * Reads a file.
     *
     * @param file the file
     * @return the series that it describes
     * @throws io.dfc.api.error.DfcException if it cannot be read, or describes none
     */
    public static Series read(Path file) {
        return new SweepFile(file.toString(), Yaml.read(file)).series();
    }

    /**
     * Reads a text.
     *
     * @param text the text
     * @param source what messages call it
     * @return the series that it describes
     * @throws BadDataException if it describes none
     */
    static Series parse(String text, String source) {
        return new SweepFile(source, Yaml.parse(text, source)).series();
    }

    private Series series() {
        requireKeys("", root, KEYS);
        String configuration =
                Optional.ofNullable(root.get("config"))
                        .filter(JsonNode::isString)
                        .map(JsonNode::stringValue)
                        .orElseThrow(
                                () ->
                                        problem(
                                                "config",
                                                "expected the name of a configuration or a file, such as mnist/dfc-ssa"));
        List<List<Setting>> varied = product(list(), product(grid(), random()));
        List<Setting> common = settings("settings", root.path("settings"));
        List<Cell> cells = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (List<Setting> point : varied) {
            Cell cell = Cell.of(configuration, point, common);
            if (!names.add(cell.name())) {
                throw new BadDataException(
                        source, "describes the runs " + cell.name() + " twice; leave one out");
            }
            cells.add(cell);
        }
        return new Series(cells, seeds());
    }

    private List<Long> seeds() {
        JsonNode node = root.path("seeds");
        if (node.isMissingNode()) {
            return List.of(1L);
        }
        if (node.isIntegralNumber() && node.canConvertToInt()) {
            int count = node.intValue();
            if (count >= 1 && count <= MOST_SEEDS) {
                return LongStream.rangeClosed(1, count).boxed().toList();
            }
        }
        List<Long> seeds = new ArrayList<>();
        for (JsonNode seed : node) {
            if (!seed.isIntegralNumber() || !seed.canConvertToLong()) {
                seeds.clear();
                break;
            }
            seeds.add(seed.longValue());
        }
        if (seeds.isEmpty()
                || seeds.size() > MOST_SEEDS
                || new HashSet<>(seeds).size() < seeds.size()) {
            throw problem(
                    "seeds",
                    "expected a number from 1 to "
                            + MOST_SEEDS
                            + ", or a list of different whole numbers, got "
                            + shown(node));
        }
        return seeds;
    }

    /** Settings that go together, one list for each element. */
    private List<List<Setting>> list() {
        JsonNode node = root.path("list");
        if (node.isMissingNode()) {
            return List.of(List.of());
        }
        if (!node.isArray() || node.isEmpty()) {
            throw problem("list", "expected a list of settings, got " + shown(node));
        }
        List<List<Setting>> points = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            points.add(settings("list[" + i + "]", node.get(i)));
        }
        return points;
    }

    private List<List<Setting>> grid() {
        List<List<Setting>> points = List.of(List.of());
        for (Map.Entry<String, JsonNode> axis : object("grid", root.path("grid")).properties()) {
            JsonNode values = axis.getValue();
            if (!values.isArray() || values.isEmpty()) {
                throw problem(
                        "grid." + axis.getKey(), "expected a list of values, got " + shown(values));
            }
            List<List<Setting>> along = new ArrayList<>();
            values.forEach(v -> along.add(List.of(setting(axis.getKey(), v))));
            points = product(points, along);
        }
        return points;
    }

    private List<List<Setting>> random() {
        ObjectNode random = object("random", root.path("random"));
        if (random.isEmpty()) {
            return List.of(List.of());
        }
        requireKeys("random.", random, RANDOM_KEYS);
        JsonNode trials = random.path("trials");
        if (!trials.isIntegralNumber()
                || !trials.canConvertToInt()
                || trials.intValue() < 1
                || trials.intValue() > MOST_CELLS) {
            throw problem(
                    "random.trials",
                    "expected a number from 1 to " + MOST_CELLS + ", got " + shown(trials));
        }
        JsonNode seed = random.path("seed");
        if (!seed.isMissingNode() && !(seed.isIntegralNumber() && seed.canConvertToLong())) {
            throw problem("random.seed", "expected a whole number, got " + shown(seed));
        }
        ObjectNode settings = object("random.settings", random.path("settings"));
        if (settings.isEmpty()) {
            throw problem("random.settings", "expected settings to draw, got none");
        }
        List<Draw> draws = new ArrayList<>();
        settings.properties()
                .forEach(
                        e ->
                                draws.add(
                                        Draw.of(
                                                e.getKey(),
                                                e.getValue(),
                                                why ->
                                                        problem(
                                                                "random.settings." + e.getKey(),
                                                                why))));
        SplittableRandom generator = new SplittableRandom(seed.asLong(1));
        // Of settings with few values there may be fewer combinations than trials.
        Set<List<Setting>> points = new LinkedHashSet<>();
        int attempts = ATTEMPTS * trials.intValue();
        for (int i = 0; i < attempts && points.size() < trials.intValue(); i++) {
            points.add(draws.stream().map(d -> d.next(generator)).toList());
        }
        return List.copyOf(points);
    }

    private List<List<Setting>> product(List<List<Setting>> left, List<List<Setting>> right) {
        if ((long) left.size() * right.size() > MOST_CELLS) {
            throw new BadDataException(
                    source,
                    "describes more than "
                            + MOST_CELLS
                            + " combinations of settings; draw some of them with random");
        }
        List<List<Setting>> points = new ArrayList<>();
        for (List<Setting> a : left) {
            for (List<Setting> b : right) {
                List<Setting> both = new ArrayList<>(a);
                both.addAll(b);
                points.add(both);
            }
        }
        return points;
    }

    private List<Setting> settings(String key, JsonNode node) {
        List<Setting> settings = new ArrayList<>();
        object(key, node)
                .properties()
                .forEach(e -> settings.add(setting(e.getKey(), e.getValue())));
        return settings;
    }

    private Setting setting(String key, JsonNode value) {
        if (key.equals("seed")) {
            throw problem("seed", "is no setting of a sweep; list the seeds under seeds");
        }
        // JSON is YAML.
        return new Setting(key, value.toString());
    }

    private ObjectNode object(String key, JsonNode node) {
        return switch (node) {
            case ObjectNode object -> object;
            case JsonNode n when n.isMissingNode() -> JsonNodeFactory.instance.objectNode();
            default ->
                    throw problem(key, "expected settings, such as epochs: 5, got " + shown(node));
        };
    }

    private void requireKeys(String prefix, ObjectNode node, List<String> known) {
        for (String key : node.propertyNames()) {
            if (!known.contains(key)) {
                throw problem(prefix + key, "is not known" + KeySuggestions.hint(key, known));
            }
        }
    }

    private BadDataException problem(String key, String what) {
        return new BadDataException(source, key + ": " + what);
    }

    private static String shown(JsonNode node) {
        String text = node.isMissingNode() ? "nothing" : node.toString();
        return Excerpt.of(text);
    }
}
