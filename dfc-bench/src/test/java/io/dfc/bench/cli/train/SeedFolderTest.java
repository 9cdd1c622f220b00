package io.dfc.bench.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.BadDataException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class SeedFolderTest {
    @TempDir private Path folder;

    @Test
    void seedsThatAreWantedAreReadAgain() {
        new SeedFolder(folder).want(List.of(7L, -3L));
        new SeedFolder(folder).want(List.of(5_000_000_000L));

        assertThat(new SeedFolder(folder).seeds()).containsExactly(-3L, 7L, 5_000_000_000L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[1, 2]",
                "{}",
                "{\"seeds\": \"1\"}",
                "{\"seeds\": [1.5]}",
                "{\"seeds\": [\"1\"]}",
                "{\"seeds\": [null]}",
                "{\"seeds\": [1], \"sedes\": [2]}",
                "{\"seeds\": [1]} {}",
                "{\"seeds\": [99999999999999999999]}"
            })
    void whatIsNoListOfSeedsIsRefused(String text) throws IOException {
        Path list = folder.resolve("seeds.json");
        Files.writeString(list, text);

        assertThatThrownBy(() -> new SeedFolder(folder).seeds())
                .isInstanceOf(BadDataException.class)
                .hasMessage(list + ": is no list of seeds; delete it");
    }
}
