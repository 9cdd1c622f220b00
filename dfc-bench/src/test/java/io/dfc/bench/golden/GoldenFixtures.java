package io.dfc.bench.golden;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The golden files among the test resources, as they are or edited. */
public final class GoldenFixtures {
    public static final String SMALLEST = "dynamics-smallest.json";
    public static final String ANALYTIC = "analytic-sigmoid-output-mse.json";
    public static final String FEEDBACK = "feedback-integral-apical.json";
    public static final String TRAINING = "training-steady-state-adam-with-feedback-epoch.json";
    public static final String STRONG = "strong-single-phase-pretraining.json";
    public static final String DIAGNOSTICS = "diagnostics-tanh-steady-state.json";

    private static final JsonMapper MAPPER = new JsonMapper();

    private GoldenFixtures() {}

    /** The folder of the unedited files. */
    public static Path folder() {
        return file(SMALLEST).getParent();
    }

    /** The folder of the covered files that no test edits. */
    public static Path otherFolder() {
        return resource("/golden-more/dynamics-small-target-step.json").getParent();
    }

    /** An unedited file. */
    public static Path file(String name) {
        return resource("/golden/" + name);
    }

    private static Path resource(String name) {
        try {
            return Path.of(GoldenFixtures.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes an edited copy of a file, under its own name. */
    public static Path edited(Path folder, String name, Consumer<ObjectNode> edit) {
        ObjectNode root = (ObjectNode) MAPPER.readTree(file(name));
        edit.accept(root);
        return written(folder, name, MAPPER.writeValueAsString(root));
    }

    /** Writes a file of any content. */
    public static Path written(Path folder, String name, String content) {
        try {
            return Files.writeString(folder.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text of an unedited file. */
    public static String text(String name) {
        try {
            return Files.readString(file(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The object at a path, whose keys have dots between them. */
    static ObjectNode at(ObjectNode root, String path) {
        ObjectNode node = root;
        for (String key : path.split("\\.", -1)) {
            node = (ObjectNode) node.get(key);
        }
        return node;
    }
}
