package io.dfc.algorithms.config;

import io.dfc.algorithms.method.LearningMethod;
import io.dfc.algorithms.method.LearningMethods;
import io.dfc.algorithms.yaml.Yaml;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.DfcException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The settings of a method as a tree beside the general ones.
 *
 * @param <S> type of the settings
 */
final class MethodSettings<S extends Record> {
    private static final Map<LearningMethod<?>, MethodSettings<?>> KNOWN =
            new ConcurrentHashMap<>();

    private final LearningMethod<S> method;
    private final ObjectNode defaults;

    private MethodSettings(LearningMethod<S> method) {
        this.method = method;
        defaults = readableDefaults(method);
        defaults.propertyNames().stream()
                .filter(ConfigurationTree.generalDefaults()::has)
                .findFirst()
                .ifPresent(
                        key -> {
                            throw unusable(
                                    method,
                                    "hold \"" + key + "\", which is a setting of every run");
                        });
    }

    /**
     * The settings of a method.
     *
     * @param name its name
     * @throws BadConfigurationException if there is no such method, or its settings are unusable
     */
    static MethodSettings<?> of(String name) {
        return of(
                LearningMethods.installed()
                        .find(name)
                        .orElseThrow(() -> unknown(name, LearningMethods.installed())));
    }

    private static MethodSettings<?> of(LearningMethod<?> method) {
        return KNOWN.computeIfAbsent(method, MethodSettings::new);
    }

    /** The methods that have a setting, by its dotted key. */
    static List<String> methodsWith(String key) {
        return LearningMethods.installed().all().stream()
                .filter(m -> defaults(m).filter(d -> !at(d, key).isMissingNode()).isPresent())
                .map(LearningMethod::name)
                .toList();
    }

    /** What a method's settings are like, if they can be read. */
    private static Optional<ObjectNode> defaults(LearningMethod<?> method) {
        try {
            return Optional.of(of(method).defaults);
        } catch (BadConfigurationException e) {
            return Optional.empty();
        }
    }

    static JsonNode at(JsonNode tree, String key) {
        return tree.at("/" + key.replace('.', '/'));
    }

    private static BadConfigurationException unknown(String name, LearningMethods methods) {
        String problems =
                methods.problems().isEmpty()
                        ? ""
                        : "; left out: " + String.join("; ", methods.problems());
        return new BadConfigurationException(
                "method",
                "unknown value \""
                        + name
                        + "\""
                        + KeySuggestions.nearest(name, methods.names())
                                .map(n -> "; did you mean \"" + n + "\"?")
                                .orElse("")
                        + "; allowed: "
                        + String.join(", ", methods.names())
                        + problems);
    }

    private static BadConfigurationException unusable(LearningMethod<?> method, String problem) {
        return new BadConfigurationException(
                "method",
                "the settings of method "
                        + method.name()
                        + " ("
                        + method.settings().getName()
                        + ") "
                        + problem);
    }

    /** Settings that do not come back from a file as they were are refused at once. */
    private static <S extends Record> ObjectNode readableDefaults(LearningMethod<S> method) {
        try {
            S settings = method.defaults();
            JsonNode tree = Yaml.mapper().valueToTree(settings);
            S back = Yaml.mapper().treeToValue(tree, method.settings());
            if (tree instanceof ObjectNode object && settings.equals(back)) {
                return object;
            }
            throw unusable(method, "do not come back from a file as they were: " + back);
        } catch (BadConfigurationException e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            throw unusable(
                    method,
                    "cannot be written to a file and read again; make the record public in a package that its module"
                            + " exports, of numbers, words, lists and records: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    /** {@return a copy of the defaults} */
    ObjectNode defaults() {
        return defaults.deepCopy();
    }

    /** {@return the method} */
    LearningMethod<S> method() {
        return method;
    }

    /**
     * Binds settings.
     *
     * @throws BadConfigurationException if one is of the wrong type
     */
    S bind(ObjectNode tree) {
        return Binding.bind(tree, method.settings(), defaults);
    }

    /**
     * Has the method check settings.
     *
     * @param settings settings of the method's type
     * @param depth number of layers
     * @throws BadConfigurationException if one is out of range
     */
    S check(Record settings, int depth) {
        try {
            S checked = method.check(method.settings().cast(settings), depth);
            if (checked == null) {
                throw unusable(method, "are checked, and the check returns null");
            }
            return checked;
        } catch (DfcException e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            throw unusable(method, "cannot be checked: " + e);
        }
    }
}
