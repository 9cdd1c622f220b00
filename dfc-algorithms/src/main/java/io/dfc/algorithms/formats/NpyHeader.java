package io.dfc.algorithms.formats;

import io.dfc.algorithms.files.Excerpt;
import io.dfc.api.error.BadDataException;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of an array of NumPy: a dictionary as Python writes it, with the keys {@code descr},
 * {@code fortran_order} and {@code shape}. Nothing else that Python could read is understood.
 */
final class NpyHeader {
    private static final String TYPE = "descr";
    private static final String FORTRAN = "fortran_order";
    private static final String SHAPE = "shape";
    private static final Pattern CODE = Pattern.compile("([<>|])([a-zA-Z])([0-9]{0,9})");
    private static final int MOST_DIGITS = 18;

    private final String source;
    private final String text;
    private int at;

    private NpyHeader(String source, String text) {
        this.source = source;
        this.text = text;
    }

    /**
     * Reads a header.
     *
     * @param source the file, for messages
     * @param bytes its bytes, without magic and length
     * @throws BadDataException if it is none, or its array is none that can be read
     */
    static ArrayLayout parse(String source, byte[] bytes) {
        return new NpyHeader(source, new String(bytes, StandardCharsets.ISO_8859_1)).layout();
    }

    /** {@return the text of the header of an array, without padding} */
    static String text(NumberType type, int[] shape) {
        StringBuilder dimensions = new StringBuilder("(");
        for (int i = 0; i < shape.length; i++) {
            dimensions.append(i == 0 ? "" : " ").append(shape[i]);
            if (i < shape.length - 1 || shape.length == 1) {
                dimensions.append(',');
            }
        }
        return "{'"
                + TYPE
                + "': '"
                + (type.bytes() == 1 ? '|' : '<')
                + type.numpy().orElseThrow()
                + "', '"
                + FORTRAN
                + "': False, '"
                + SHAPE
                + "': "
                + dimensions.append(')')
                + ", }";
    }

    private ArrayLayout layout() {
        Map<String, Object> values = new HashMap<>();
        expect('{');
        while (!next('}')) {
            String key = string();
            if (!List.of(TYPE, FORTRAN, SHAPE).contains(key)) {
                throw bad("has the key '" + Excerpt.of(key) + "'");
            }
            expect(':');
            Object value =
                    switch (key) {
                        case TYPE -> type();
                        case FORTRAN -> truth();
                        default -> shape();
                    };
            if (values.put(key, value) != null) {
                throw bad("has the key '" + key + "' twice");
            }
            if (!next(',')) {
                expect('}');
                break;
            }
        }
        skipSpace();
        if (at < text.length()) {
            throw bad("goes on behind its end with \"" + Excerpt.of(text.substring(at)) + "\"");
        }
        for (String key : List.of(TYPE, FORTRAN, SHAPE)) {
            if (!values.containsKey(key)) {
                throw bad("has no key '" + key + "'");
            }
        }
        Type type = (Type) Objects.requireNonNull(values.get(TYPE));
        Dimensions shape = (Dimensions) Objects.requireNonNull(values.get(SHAPE));
        return ArrayLayout.of(
                        type.type,
                        type.order,
                        (Boolean) Objects.requireNonNull(values.get(FORTRAN)),
                        shape.numbers.stream().mapToLong(n -> n).toArray())
                .orElseThrow(
                        () ->
                                bad(
                                        "has shape "
                                                + Excerpt.of(shape.numbers.toString())
                                                + ", which is out of range"));
    }

    private record Type(NumberType type, ByteOrder order) {}

    private record Dimensions(List<Long> numbers) {}

    private Type type() {
        skipSpace();
        if (at < text.length() && text.charAt(at) == '[') {
            throw bad("has named fields; expected an array of numbers");
        }
        String code = string();
        Matcher matcher = CODE.matcher(code);
        if (matcher.matches()) {
            String letter = matcher.group(2);
            if (letter.equals("O")) {
                throw bad(
                        "has dtype '"
                                + code
                                + "': Python objects are pickled, and nothing is unpickled here; save numbers");
            }
            var type = NumberType.ofNumpy(letter + matcher.group(3));
            boolean ordered = !matcher.group(1).equals("|");
            if (type.isPresent() && (ordered || type.get().bytes() == 1)) {
                return new Type(
                        type.get(),
                        matcher.group(1).equals(">")
                                ? ByteOrder.BIG_ENDIAN
                                : ByteOrder.LITTLE_ENDIAN);
            }
        }
        throw bad(
                "has dtype '"
                        + Excerpt.of(code)
                        + "', expected "
                        + NumberType.anyOf(
                                NumberType.ALL.stream().flatMap(t -> t.numpy().stream()).toList())
                        + " behind < or >");
    }

    private Boolean truth() {
        skipSpace();
        for (boolean value : new boolean[] {true, false}) {
            String word = value ? "True" : "False";
            if (text.startsWith(word, at)) {
                at += word.length();
                return value;
            }
        }
        throw bad("has no True or False for '" + FORTRAN + "'");
    }

    private Dimensions shape() {
        List<Long> numbers = new ArrayList<>();
        expect('(');
        while (!next(')')) {
            if (numbers.size() == ArrayLayout.MOST_DIMENSIONS) {
                throw bad("has more than " + ArrayLayout.MOST_DIMENSIONS + " dimensions");
            }
            numbers.add(number());
            if (!next(',')) {
                if (numbers.size() == 1) {
                    throw bad("has a number for '" + SHAPE + "', expected a tuple");
                }
                expect(')');
                break;
            }
        }
        return new Dimensions(numbers);
    }

    private long number() {
        skipSpace();
        int from = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (from == at || at - from > MOST_DIGITS) {
            throw bad("has no dimension from 0 on at \"" + Excerpt.of(text.substring(from)) + "\"");
        }
        long number = Long.parseLong(text.substring(from, at));
        // Python 2 ended long integers so.
        if (at < text.length() && text.charAt(at) == 'L') {
            at++;
        }
        return number;
    }

    private String string() {
        skipSpace();
        char quote = at < text.length() ? text.charAt(at) : ' ';
        int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
        if (end < 0) {
            throw bad("has no text in quotes at \"" + Excerpt.of(text.substring(at)) + "\"");
        }
        String value = text.substring(at + 1, end);
        at = end + 1;
        return value;
    }

    private boolean next(char c) {
        skipSpace();
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) {
        if (!next(c)) {
            throw bad(
                    "has no "
                            + c
                            + " at \""
                            + Excerpt.of(text.substring(Math.min(at, text.length())))
                            + "\"");
        }
    }

    private void skipSpace() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private BadDataException bad(String problem) {
        return new BadDataException(source, "the header of the array " + problem);
    }
}
