package io.dfc.algorithms.formats;

import io.dfc.algorithms.files.Excerpt;
import io.dfc.algorithms.files.JsonProblem;
import io.dfc.algorithms.files.StrictJson;
import io.dfc.api.error.BadDataException;
import io.dfc.api.tensor.Tensor;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The header of a file in the format safetensors: an object with the properties and, under the name
 * of every array, its type, shape and place. It is read token by token, for a header may list
 * hundreds of thousands of arrays.
 *
 * @param layouts arrays by name, in the order of their numbers
 * @param properties text properties
 * @param numbers number of bytes behind the header
 */
record SafetensorsHeader(
        Map<String, ArrayLayout> layouts, Map<String, String> properties, long numbers) {
    private static final String METADATA = "__metadata__";
    private static final String TYPE = "dtype";
    private static final String SHAPE = "shape";
    private static final String OFFSETS = "data_offsets";
    private static final JsonMapper JSON = StrictJson.mapper().build();

    /** {@return the text of the header of arrays, in their order; properties are sorted} */
    static byte[] text(NamedArrays arrays) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            if (!arrays.properties().isEmpty()) {
                json.writeName(METADATA);
                json.writeStartObject();
                new TreeMap<>(arrays.properties()).forEach(json::writeStringProperty);
                json.writeEndObject();
            }
            long offset = 0;
            for (Map.Entry<String, Tensor> array : arrays.tensors().entrySet()) {
                if (array.getKey().equals(METADATA)) {
                    throw new IllegalArgumentException("no array may be named " + METADATA);
                }
                Tensor tensor = array.getValue();
                long end = offset + ArrayBytes.count(tensor);
                json.writeName(array.getKey());
                json.writeStartObject();
                json.writeStringProperty(TYPE, tensor.type().name());
                json.writeName(SHAPE);
                json.writeArray(tensor.shape(), 0, tensor.rank());
                json.writeName(OFFSETS);
                json.writeArray(new long[] {offset, end}, 0, 2);
                json.writeEndObject();
                offset = end;
            }
            json.writeEndObject();
        }
        return text.toByteArray();
    }

    /**
     * Reads a header.
     *
     * @param source the file, for messages
     * @param text its bytes
     * @param numbers number of bytes behind it
     * @param types types that are read
     * @throws BadDataException if it is none, or promises other than there is
     */
    static SafetensorsHeader parse(
            String source, byte[] text, long numbers, Set<NumberType> types) {
        try (JsonParser json = JSON.createParser(text)) {
            return new Parser(source, json, text.length, numbers, types).parse();
        } catch (JacksonException e) {
            throw new BadDataException(
                    source,
                    Safetensors.LENGTH_BYTES,
                    "the header is no JSON: " + JsonProblem.of(e.getOriginalMessage()));
        }
    }

    /** What the header says of an array. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Entry(String name, NumberType type, long[] shape, long[] offsets) {
        long offset(int place) {
            return offsets.length > place ? offsets[place] : 0;
        }
    }

    private record Parser(
            String source, JsonParser json, int length, long numbers, Set<NumberType> types) {
        SafetensorsHeader parse() {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw bad("the header is no JSON object; not a safetensors file?");
            }
            Map<String, String> properties = Map.of();
            List<Entry> entries = new ArrayList<>();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                if (name.equals(METADATA)) {
                    properties = properties();
                } else {
                    entries.add(entry(name));
                }
            }
            if (json.nextToken() != null) {
                throw bad("the header is no JSON: it goes on behind its end");
            }
            return new SafetensorsHeader(layouts(entries), properties, numbers);
        }

        private Map<String, String> properties() {
            Map<String, String> properties = new LinkedHashMap<>();
            if (json.nextToken() == JsonToken.VALUE_NULL) {
                return properties;
            }
            require(JsonToken.START_OBJECT, METADATA, "a text in quotes");
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = json.currentName();
                json.nextToken();
                require(JsonToken.VALUE_STRING, METADATA + "." + key, "a text in quotes");
                properties.put(key, json.getString());
            }
            return properties;
        }

        private Entry entry(String name) {
            if (json.nextToken() == JsonToken.VALUE_NULL) {
                throw incomplete(name);
            }
            require(JsonToken.START_OBJECT, name, "an object of dtype, shape and data_offsets");
            NumberType type = null;
            long[] shape = null;
            long[] offsets = null;
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = json.currentName();
                json.nextToken();
                switch (key) {
                    case TYPE -> type = type(name);
                    case SHAPE -> shape = wholeNumbers(name, SHAPE);
                    case OFFSETS -> offsets = wholeNumbers(name, OFFSETS);
                    default ->
                            throw misfit(
                                    name + "." + key,
                                    "dtype, shape and data_offsets alone",
                                    "a key that is none");
                }
            }
            if (type == null || shape == null || offsets == null) {
                throw incomplete(name);
            }
            return new Entry(name, type, shape, offsets);
        }

        private BadDataException incomplete(String name) {
            return bad(
                    "header, "
                            + Excerpt.of(name)
                            + ": expected dtype, shape and data_offsets, none null");
        }

        private NumberType type(String name) {
            String label = json.currentToken() == JsonToken.VALUE_STRING ? json.getString() : "";
            for (NumberType type : types) {
                if (type.name().equals(label)) {
                    return type;
                }
            }
            throw misfit(
                    name + "." + TYPE,
                    NumberType.anyOf(types.stream().map(Enum::name).toList()),
                    found());
        }

        private long[] wholeNumbers(String name, String key) {
            if (json.currentToken() != JsonToken.START_ARRAY) {
                throw misfit(name + "." + key, "a list of whole numbers", found());
            }
            long[] list = new long[2];
            int count = 0;
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (count == ArrayLayout.MOST_DIMENSIONS) {
                    throw misfit(
                            name + "." + key,
                            "at most " + ArrayLayout.MOST_DIMENSIONS + " numbers",
                            "more");
                }
                list = count == list.length ? Arrays.copyOf(list, 2 * count) : list;
                list[count] = wholeNumber(name, key, count);
                count++;
            }
            return count == list.length ? list : Arrays.copyOf(list, count);
        }

        private long wholeNumber(String name, String key, int place) {
            boolean whole = json.currentToken() == JsonToken.VALUE_NUMBER_INT;
            if (!whole || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                throw misfit(
                        name + "." + key + "[" + place + "]",
                        whole ? "a smaller number" : "a whole number",
                        found());
            }
            return json.getLongValue();
        }

        private void require(JsonToken token, String place, String expected) {
            if (json.currentToken() != token) {
                throw misfit(place, expected, found());
            }
        }

        /** What the parser stands at, as a message shows it. */
        private String found() {
            return switch (json.currentToken()) {
                case START_OBJECT -> "an object";
                case START_ARRAY -> "a list";
                case VALUE_STRING -> "\"" + Excerpt.of(json.getString()) + "\"";
                case null -> "nothing";
                default -> Excerpt.of(json.getString());
            };
        }

        private BadDataException misfit(String place, String expected, String found) {
            return bad(
                    "header, " + Excerpt.of(place) + ": expected " + expected + ", got " + found);
        }

        /** The header may list arrays in any order; their numbers follow each other. */
        private Map<String, ArrayLayout> layouts(List<Entry> entries) {
            entries.sort(
                    Comparator.comparingLong((Entry e) -> e.offset(0))
                            .thenComparingLong(e -> e.offset(1)));
            Map<String, ArrayLayout> layouts = new LinkedHashMap<>();
            long end = 0;
            for (Entry entry : entries) {
                ArrayLayout layout = layout(entry, end);
                layouts.put(entry.name, layout);
                end += layout.bytes();
            }
            if (end != numbers) {
                throw new BadDataException(
                        source,
                        Safetensors.LENGTH_BYTES + length + end,
                        "holds " + numbers + " bytes of numbers, its header lists " + end);
            }
            return layouts;
        }

        private ArrayLayout layout(Entry entry, long begin) {
            ArrayLayout layout =
                    ArrayLayout.of(entry.type, ByteOrder.LITTLE_ENDIAN, false, entry.shape)
                            .orElseThrow(
                                    () ->
                                            misfit(
                                                    entry,
                                                    " has shape ",
                                                    entry.shape,
                                                    ", which is out of range"));
            long end = begin + layout.bytes();
            if (entry.offsets.length != 2 || entry.offset(0) != begin || entry.offset(1) != end) {
                throw misfit(
                        entry,
                        " lies at ",
                        entry.offsets,
                        ", expected [" + begin + ", " + end + "]");
            }
            if (end > numbers) {
                throw bad(
                        "is cut short: tensor "
                                + Excerpt.of(entry.name)
                                + " ends "
                                + (end - numbers)
                                + " bytes behind the end of the file");
            }
            return layout;
        }

        private BadDataException misfit(Entry entry, String what, long[] list, String expected) {
            return bad(
                    "tensor "
                            + Excerpt.of(entry.name)
                            + what
                            + Excerpt.of(Arrays.toString(list))
                            + expected);
        }

        private BadDataException bad(String problem) {
            return new BadDataException(source, Safetensors.LENGTH_BYTES, problem);
        }
    }
}
