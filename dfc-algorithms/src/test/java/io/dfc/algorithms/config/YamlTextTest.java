package io.dfc.algorithms.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.BadDataException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
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
