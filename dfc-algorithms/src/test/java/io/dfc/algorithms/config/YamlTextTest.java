package io.dfc.algorithms.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.BadDataException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class YamlTextTest {
    @TempDir Path folder;

    private RunConfiguration load(String text) throws IOException {
        return RunConfigurations.load(
                Files.writeString(folder.resolve("mine.yaml"), text).toString(), List.of());
    }

    @Test
    void anAliasIsRefusedWithItsLineAndNotReadAsItsName() {
        assertThatThrownBy(() -> load("epochs: &n 5\nbatch: *n\n"))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("mine.yaml")
                .hasMessageContaining("line 2: *n is an alias");
    }

    @Test
    void aMergedAliasIsRefused() {
        assertThatThrownBy(
                        () ->
                                load(
                                        "control: &c {leakage: 0.1}\nfeedback:\n  epsilon: 1\n  <<: *c\n"))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("line 4: *c is an alias");
    }

    @Test
    void anAliasInTextStaysText() throws IOException {
        assertThat(load("data: 'csv:*n'\n").data()).isEqualTo("csv:*n");
    }

    @Test
    void anAnchorThatNobodyRefersToDoesNoHarm() throws IOException {
        assertThat(load("batch: &n 5\n").batch()).isEqualTo(5);
    }

    @Test
    void anAliasOnTheCommandLineIsRefused() {
        Setting setting = Setting.parse("target-column=*n");
        assertThatThrownBy(
                        () ->
                                RunConfigurations.with(
                                        RunConfigurations.defaults(), List.of(setting)))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("target-column")
                .hasMessageContaining("*n is an alias");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "seed: 1\ncontrol:\n\ttime-step: 0.1\n",
                "seed: 1\ncontrol:\n  time-step:\t0.1\n",
                "seed: 1\n\n\tepochs: 1\n",
            })
    void aTabIsCalledATab(String text) {
        assertThatThrownBy(() -> load(text))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("line 3: holds a tab")
                .hasMessageContaining("spaces");
    }

    @Test
    void aJsonFileMayBeIndentedWithTabs() throws IOException {
        assertThat(load("{\n\t\"epochs\": 3\n}\n").epochs()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "epochs: 1\\nepochs: 2 | line 2: is no YAML: \"epochs\" appears twice",
                "'epochs: 1\\nbatch: 2\u0007' | line 2: holds the control character 0x07; remove it",
                "epochs: 1\\n ? [a]\\n : 1 | line 3: is no YAML: while parsing a block mapping, expected",
                "' epochs: 1\\nbatch: 2' | something follows where the settings have ended",
            })
    void whatIsOddSaysSoInPlainWords(String text, String problem) {
        assertThatThrownBy(() -> load(text.replace("\\n", "\n")))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void limitsOfTheParserAreSaidWithoutItsMethods() {
        assertThatThrownBy(() -> load("epochs: " + "[".repeat(50) + "1" + "]".repeat(50)))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("nesting depth")
                .hasMessageNotContaining("StreamReadConstraints");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "epochs: 1e3 | epochs: must be a whole number from 0 to 2147483647, got 1000.0; write 1000",
                "epochs: 2.5 | got 2.5",
                "epochs: 010 | epochs: 010 begins with a zero, which some read as octal",
                "teacher: {inputs: -007} | teacher.inputs: -007 begins with a zero",
                "<<: {epochs: 1} | <<: no such setting (in MINE); merge keys are not resolved",
                "control.leakage: 1 | in a file it is \"leakage\" in the group \"control\"",
                "leakage: 1 | did you mean control.leakage or feedback.leakage?",
                "hidden: [8] | did you mean network.hidden?",
                "control: {epochs: 1} | did you mean epochs?",
                "forward: {learningRate: [1]} | did you mean \"learning-rate\"?",
            })
    void aKeyOrNumberInTheWrongFormIsLedToTheRightOne(String text, String problem) {
        assertThatThrownBy(() -> load(text))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining(
                        problem.replace("MINE", folder.resolve("mine.yaml").toString()));
    }

    @ParameterizedTest
    @CsvSource({
        "UTF-16,is UTF-16; save it as UTF-8",
        "UTF-16LE,holds zero bytes, as UTF-16 does",
        "ISO-8859-1,line 2: expected UTF-8 text, found the byte 0xf6"
    })
    void anotherEncodingIsRefusedAndNotGuessed(String charset, String problem) throws IOException {
        byte[] bytes =
                "epochs: 1\ndata: 'csv:gr\u00f6\u00dfe'\n".getBytes(Charset.forName(charset));
        Path file = Files.write(folder.resolve("other.yaml"), bytes);
        assertThatThrownBy(() -> RunConfigurations.load(file.toString(), List.of()))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("other.yaml: " + problem);
    }

    @Test
    void aByteOrderMarkDoesNoHarm() throws IOException {
        assertThat(load("\uFEFFepochs: 7\n").epochs()).isEqualTo(7);
    }

    @Test
    void aSecondDocumentIsRefused() {
        assertThatThrownBy(() -> load("epochs: 1\n---\nbatch: 2\n"))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("line 3: a second document");
    }

    @Test
    void brokenYamlSaysWhatIsWrongAndWhere() {
        assertThatThrownBy(() -> load("epochs: 1\n  batch: 2\n"))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("line 2: is no YAML: mapping values are not allowed here");
    }
}
