package io.dfc.bench.json;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;

import io.dfc.algorithms.files.StrictJson;
import io.dfc.api.error.BadDataException;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.EnumNamingStrategies;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Binds values to records, and says in the words of {@link JsonCursor} what does not fit. */
final class Binding {
    static final JsonMapper MAPPER =
            StrictJson.mapper()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .enumNamingStrategy(EnumNamingStrategies.SNAKE_CASE)
                    .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                    .changeDefaultNullHandling(
                            n -> JsonSetter.Value.construct(Nulls.FAIL, Nulls.FAIL))
                    .withConfigOverride(
                            Optional.class,
                            o -> o.setNullHandling(JsonSetter.Value.forValueNulls(Nulls.SET)))
                    .addModule(
                            new SimpleModule()
                                    .addDeserializer(Double.class, new FiniteNumber())
                                    .addDeserializer(double.class, new FiniteNumber()))
                    .build();

    private Binding() {}

    /** The error of the value at the place where binding a value gave up. */
    static BadDataException problem(JsonCursor bound, JacksonException e) {
        if (e instanceof UnrecognizedPropertyException unknown) {
            return at(bound, e.getPath().subList(0, e.getPath().size() - 1))
                    .unknown(unknown.getPropertyName(), names(unknown.getKnownPropertyIds()));
        }
        JsonCursor at = at(bound, e.getPath());
        if (e.getCause() instanceof ValueRange.Violation violation) {
            return violation.in(at).expected(violation.expected());
        }
        return at.expected(form(wanted(e)));
    }

    private static Class<?> wanted(JacksonException e) {
        return switch (e) {
            case MismatchedInputException misfit when misfit.getTargetType() != null ->
                    misfit.getTargetType();
            case InputCoercionException range -> range.getTargetType();
            default -> Object.class;
        };
    }

    /** Throws itself where a key on the way is missing or null. */
    private static JsonCursor at(JsonCursor from, List<JacksonException.Reference> path) {
        JsonCursor at = from;
        for (JacksonException.Reference step : path) {
            at =
                    step.getPropertyName() == null
                            ? at.items().get(step.getIndex())
                            : at.get(step.getPropertyName());
        }
        return at;
    }

    private static List<String> names(Collection<Object> keys) {
        return keys.stream().map(Object::toString).toList();
    }

    /** What a value of a type is called. */
    static String form(Class<?> type) {
        if (type == double.class || type == Double.class) {
            return "a finite number";
        }
        if (type == int.class || type == Integer.class) {
            return "a whole number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == String.class) {
            return "a string";
        }
        if (type.isEnum()) {
            List<String> names =
                    Stream.of(type.getEnumConstants())
                            .map(c -> MAPPER.convertValue(c, String.class))
                            .toList();
            int last = names.size() - 1;
            return last == 0
                    ? names.getFirst()
                    : String.join(", ", names.subList(0, last)) + " or " + names.get(last);
        }
        return Collection.class.isAssignableFrom(type) ? "a list" : "an object";
    }

    /** A number as JSON writes it; 1e999 is none. */
    private static final class FiniteNumber extends StdScalarDeserializer<Double> {
        FiniteNumber() {
            super(double.class);
        }

        @Override
        public Double deserialize(JsonParser parser, DeserializationContext context) {
            double number =
                    parser.currentToken().isNumeric() ? parser.getDoubleValue() : Double.NaN;
            if (!Double.isFinite(number)) {
                throw MismatchedInputException.from(parser, double.class, "no finite number");
            }
            return number;
        }
    }
}
