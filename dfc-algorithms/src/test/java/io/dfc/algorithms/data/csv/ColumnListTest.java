package io.dfc.algorithms.data.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.BadConfigurationException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class ColumnListTest {
    private static List<String> parse(String text) {
        return ColumnList.parse("table.drop", text);
    }

    @Test
    void commasStandBetweenNames() {
        assertThat(parse("a")).containsExactly("a");
        assertThat(parse("a, b ,c d")).containsExactly("a", "b", "c d");
        assertThat(parse("a,,b")).containsExactly("a", "", "b");
    }

    @Test
    void namesInQuotesHoldCommasAndQuotes() {
        assertThat(parse("\"a, b\"")).containsExactly("a, b");
        assertThat(parse("x, \"a,b\" ,y")).containsExactly("x", "a,b", "y");
        assertThat(parse("\"say \"\"a\"\"\",5\"")).containsExactly("say \"a\"", "5\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"a,b", "\"a\"b,c", "x,\"a,b"})
    void quotesThatEncloseNoNameAreRefused(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageStartingWith("table.drop: the quotes in " + text)
                .hasMessageContaining("\"a,b\" for one that holds a comma");
    }

    @Test
    void whatMessagesSuggestIsReadAgain() {
        assertThat(ColumnList.shellWord(List.of("a", "b"))).isEqualTo("a,b");
        assertThat(ColumnList.shellWord("a,b")).isEqualTo("'\"a,b\"'");
        List<String> names = List.of("a,b", "c", "d \"e\", f");
        String word = ColumnList.shellWord(names);
        assertThat(word).startsWith("'").endsWith("'");
        assertThat(parse(word.substring(1, word.length() - 1))).isEqualTo(names);
    }
}
