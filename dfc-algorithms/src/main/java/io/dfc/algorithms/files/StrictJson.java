package io.dfc.algorithms.files;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MutableCoercionConfig;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

import java.util.List;

/**
 * JSON that is bound to records as it is: nothing is taken for a value of another type, no key is
 * unknown or there twice, and nothing follows the end.
 */
public final class StrictJson {
    private static final int MAX_NESTING = 8;

    private StrictJson() {}

    /** {@return a mapper to be} */
    public static JsonMapper.Builder mapper() {
        return JsonMapper.builder(
                        JsonFactory.builder()
                                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                .streamReadConstraints(
                                        StreamReadConstraints.builder()
                                                .maxNestingDepth(MAX_NESTING)
                                                .build())
                                .build())
                .enable(
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfig(LogicalType.Textual, StrictJson::refuseOthers);
    }

    private static void refuseOthers(MutableCoercionConfig texts) {
        for (CoercionInputShape shape :
                List.of(
                        CoercionInputShape.Boolean,
                        CoercionInputShape.Integer,
                        CoercionInputShape.Float)) {
            texts.setCoercion(shape, CoercionAction.Fail);
        }
    }

    /**
     * The place of what could not be bound.
     *
     * @param e why not
     * @return keys and positions, such as {@code table.columns[0].mean}; empty at the root
     */
    public static String path(JacksonException e) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference reference : e.getPath()) {
            if (reference.getPropertyName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".")
                        .append(Excerpt.of(reference.getPropertyName()));
            }
        }
        return path.toString();
    }

    /**
     * What a parser stands at, where the binding gave up.
     *
     * @param e why it did
     * @param parser its parser, still open
     * @return the value as a message shows it
     */
    public static String found(JacksonException e, JsonParser parser) {
        if (e instanceof UnrecognizedPropertyException) {
            return "a key that is none";
        }
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT, END_OBJECT, PROPERTY_NAME -> "an object";
            case START_ARRAY, END_ARRAY -> "a list";
            case VALUE_STRING -> "\"" + Excerpt.of(parser.getString()) + "\"";
            case null -> "nothing";
            default -> Excerpt.of(parser.getString());
        };
    }
}
