package io.dfc.algorithms.yaml;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;

import io.dfc.algorithms.files.PathProblem;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Settings in YAML: records whose components are keys in kebab case, absent values null, no value
 * taken for one of another type.
 */
public final class Yaml {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_NESTING = 32;

    private static final YAMLMapper MAPPER =
            YAMLMapper.builder(
                            YAMLFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MAX_NESTING)
                                                    .build())
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
                                    .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
                                    .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                                    .build())
                    .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
                    .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                    .changeDefaultNullHandling(h -> h.withValueNulls(Nulls.FAIL, Nulls.FAIL))
                    .withConfigOverride(
                            Optional.class,
                            o -> o.setNullHandling(JsonSetter.Value.forValueNulls(Nulls.SET)))
                    .withConfigOverride(
                            // Settings of a method are bound apart, by their own type.
                            Record.class,
                            o -> o.setNullHandling(JsonSetter.Value.forValueNulls(Nulls.SET)))
                    .withConfigOverride(
                            Map.class,
                            o -> o.setNullHandling(JsonSetter.Value.forContentNulls(Nulls.SET)))
                    .build();

    private Yaml() {}

    /** {@return what turns records into trees and text, and back} */
    public static YAMLMapper mapper() {
        return MAPPER;
    }

    /**
     * Reads a file, YAML or JSON.
     *
     * @param file the file
     * @return its settings
     * @throws StorageException if it cannot be read
     * @throws BadDataException if it holds no settings
     */
    public static ObjectNode read(Path file) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw new StorageException(
                    "cannot read configuration " + file + ": " + PathProblem.describe(e), e);
        }
        if (bytes.length > MAX_BYTES) {
            throw new BadDataException(
                    file.toString(),
                    "is larger than " + MAX_BYTES + " bytes; not a configuration?");
        }
        return parse(YamlBytes.text(bytes, file.toString()), file.toString());
    }

    /**
     * Reads a text.
     *
     * @param text the text
     * @param source what messages call it
     * @return its settings
     * @throws BadDataException if it holds none
     */
    public static ObjectNode parse(String text, String source) {
        JsonNode node;
        try {
            node = YamlText.read(MAPPER, text);
        } catch (YamlText.Unreadable e) {
            String where = e.line() < 1 ? "" : "line " + e.line() + ": ";
            throw new BadDataException(source, e.line(), where + e.getMessage());
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new BadDataException(
                source, "holds no settings, expected lines such as \"epochs: 10\"");
    }

    /**
     * Reads the value of one setting.
     *
     * @param key its key, for messages
     * @param text the value
     * @return the value
     * @throws BadConfigurationException if it cannot be read
     */
    public static JsonNode value(String key, String text) {
        try {
            JsonNode node = YamlText.read(MAPPER, text);
            return node == null || node.isMissingNode() ? MAPPER.nullNode() : node;
        } catch (YamlText.Unreadable e) {
            throw new BadConfigurationException(
                    key, "the value \"" + text + "\" cannot be read: " + e.getMessage());
        }
    }

    /**
     * Reads the text of a resource that belongs to a class.
     *
     * @param owner the class
     * @param name name of the resource beside it
     * @return the text
     */
    public static String resource(Class<?> owner, String name) {
        try (InputStream in = owner.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
