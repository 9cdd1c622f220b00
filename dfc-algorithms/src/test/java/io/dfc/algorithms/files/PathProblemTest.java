package io.dfc.algorithms.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;

class PathProblemTest {
    @Test
    void noExceptionIsNamed() {
        for (IOException e :
                new IOException[] {
                    new IOException(),
                    new IOException(""),
                    new EOFException(),
                    new FileSystemException("x"),
                    new FileSystemException("x", null, "Not a directory")
                }) {
            assertThat(PathProblem.describe(e)).doesNotContain("Exception").isNotBlank();
        }
    }

    @Test
    void aReasonStandsWithoutThePath() {
        assertThat(
                        PathProblem.describe(
                                new FileSystemException("/a/b", null, "No space left on device")))
                .isEqualTo("No space left on device");
        assertThat(
                        PathProblem.describe(
                                new FileNotFoundException("/a (b)/c (No such file or directory)")))
                .isEqualTo("no such file or folder");
        assertThat(PathProblem.describe(new FileNotFoundException("/a (Is a directory)")))
                .isEqualTo("Is a directory");
    }

    @Test
    void wordsAreQuotedForAShell() {
        assertThat(ShellWord.of("runs/a-1")).isEqualTo("runs/a-1");
        assertThat(ShellWord.of("my runs/it's")).isEqualTo("'my runs/it'\\''s'");
    }
}
