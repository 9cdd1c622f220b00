package io.dfc.algorithms.yaml;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads YAML as settings need it: a single document without aliases, which the mapper would take
 * for the text of their own names.
 */
final class YamlText {
    private static final Pattern PLACE = Pattern.compile("line (\\d+), column (\\d+)");

    private static final Pattern TWICE = Pattern.compile("Duplicate Object property \"(.*)\"");
    private static final Pattern OF_PARSER = Pattern.compile(", from `[^`]*`\\)");

    private YamlText() {}

    /** A text that cannot be read. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        private final int line;

        Unreadable(int line, String problem) {
            super(problem);
            this.line = line;
        }

        /** {@return the line at fault, counted from 1; -1 if unknown} */
        int line() {
            return line;
        }
    }

    /**
     * Reads a text.
     *
     * @return its only document; null or a missing node if it is empty
     * @throws Unreadable if it is no YAML, holds an alias, or holds several documents
     */
    static JsonNode read(YAMLMapper yaml, String text) throws Unreadable {
        try {
            refuseSurprises(yaml, text);
            return yaml.readTree(text);
        } catch (JacksonException e) {
            throw unreadable(text, String.valueOf(e.getOriginalMessage()), line(e));
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw unreadable(text, String.valueOf(e.getMessage()), -1);
        }
    }

    private static void refuseSurprises(YAMLMapper yaml, String text) throws Unreadable {
        try (JsonParser parser = yaml.createParser(text)) {
            int depth = 0;
            boolean done = false;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                int line = parser.currentTokenLocation().getLineNr();
                if (done) {
                    throw new Unreadable(
                            line, "a second document begins here; a configuration is a single one");
                }
                if (parser instanceof YAMLParser p && p.isCurrentAlias()) {
                    throw new Unreadable(
                            line,
                            "*"
                                    + parser.getString()
                                    + " is an alias, and aliases are not resolved here; write the value itself");
                }
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                done = depth == 0;
            }
        }
    }

    /** Rewrites the parser's messages in terms of YAML. */
    private static String plain(String message) {
        Matcher twice = TWICE.matcher(message);
        if (twice.find()) {
            return "\"" + twice.group(1) + "\" appears twice";
        }
        if (message.contains("<document start>")) {
            return "something follows where the settings have ended; is a line indented otherwise than the others?";
        }
        if (message.startsWith("Expected a property name")) {
            return "expected a plain name of a setting before the colon";
        }
        return OF_PARSER.matcher(message).replaceAll(")");
    }

    private static int line(JacksonException e) {
        return e.getLocation() == null ? -1 : e.getLocation().getLineNr();
    }

    /**
     * The parser's message has lines for context, problem and place; its location is less exact.
     */
    private static Unreadable unreadable(String text, String message, int near) {
        int line = near;
        Matcher place = PLACE.matcher(message);
        while (place.find()) {
            line = Integer.parseInt(place.group(1));
        }
        List<String> lines = text.lines().toList();
        if (message.contains("TAB")
                || line >= 1 && line <= lines.size() && lines.get(line - 1).contains("\t")) {
            return new Unreadable(
                    line, "holds a tab where YAML takes spaces alone; put spaces in its place");
        }
        List<String> words =
                message.lines()
                        .filter(l -> !l.startsWith(" "))
                        .map(String::strip)
                        .filter(l -> !l.isEmpty())
                        .toList();
        return new Unreadable(line, "is no YAML: " + plain(String.join(", ", words)));
    }
}
