package io.dfc.algorithms.data.download;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

class DataCacheTest {
    @TempDir private Path folder;

    @Test
    void theVariableOfTheDesktopStandardNamesTheCache() {
        assertThat(cache(Map.of("XDG_CACHE_HOME", folder.toString()), "Linux"))
                .isEqualTo(folder.resolve("dfc"));
    }

    @Test
    void otherwiseItLiesInTheHomeFolder() {
        assertThat(cache(Map.of(), "Linux")).isEqualTo(folder.resolve("home/.cache/dfc"));
    }

    @Test
    void aRelativeVariableDoesNotCount() {
        assertThat(cache(Map.of("XDG_CACHE_HOME", "here"), "Linux"))
                .isEqualTo(folder.resolve("home/.cache/dfc"));
    }

    @Test
    void windowsHasAFolderOfItsOwn() {
        assertThat(
                        cache(
                                Map.of("LOCALAPPDATA", folder.toString(), "XDG_CACHE_HOME", "/x"),
                                "Windows 11"))
                .isEqualTo(folder.resolve("dfc"));
    }

    private Path cache(Map<String, String> environment, String system) {
        return DataCache.ofUser(environment, system, folder.resolve("home")).root();
    }
}
