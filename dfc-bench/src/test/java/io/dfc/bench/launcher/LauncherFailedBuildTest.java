package io.dfc.bench.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.bench.cli.CommandRun;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A build that fails is explained and not tried again in vain; DFC_BUILD says when to build. */
class LauncherFailedBuildTest {
    private static final String COMPILER =
            """
            \033[1mINFO\033[m nothing
            [\033[1;31mERROR\033[m] COMPILATION ERROR :\s
            [\033[1;31mERROR\033[m] /tree/Main.java:[3,5] cannot find symbol
              symbol:   class Absent
            [\033[1;31mERROR\033[m]\s
            [\033[1;31mERROR\033[m] Failed to execute goal compile -> \033[1m[Help 1]\033[m
            [\033[1;31mERROR\033[m] /tree/Main.java:[3,5] cannot find symbol
            [\033[1;31mERROR\033[m] Re-run Maven using the -X switch
            [\033[1;31mERROR\033[m] [Help 1] http://maven.example
            """;

    @TempDir private Path folder;

    private LauncherTree tree;
    private Path broken;

    @BeforeEach
    void plant() throws IOException {
        tree = new LauncherTree(folder);
        broken = tree.root().resolve("broken");
    }

    private CommandRun failing() throws Exception {
        CommandRun run = tree.run("train");
        assertThat(run.code()).as(run.err()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        return run;
    }

    @Test
    void theFirstErrorsAreShownWithoutColoursAndHeadings() throws Exception {
        Files.writeString(broken, COMPILER);
        assertThat(failing().err().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("dfc: building"),
                        line ->
                                assertThat(line)
                                        .isEqualTo(
                                                "[ERROR] /tree/Main.java:[3,5] cannot find symbol"),
                        line ->
                                assertThat(line)
                                        .isEqualTo("[ERROR] Failed to execute goal compile"),
                        line ->
                                assertThat(line)
                                        .startsWith("dfc: the build failed; see ")
                                        .endsWith("/.dfc/build.log"));
        assertThat(tree.buildArguments())
                .singleElement()
                .asString()
                .contains("-Dstyle.color=never");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mvnw: cannot find a shell\n\n", ""})
    void aBuildThatFailsInOtherWordsIsReportedToo(String output) throws Exception {
        Files.writeString(broken, "first line\n" + output);
        assertThat(failing().err())
                .contains(output.isEmpty() ? "first line" : output.strip(), "the build failed");
    }

    @Test
    void aFailedBuildIsNotTriedAgainUntilTheSourcesChange() throws Exception {
        Files.writeString(broken, COMPILER);
        failing();
        CommandRun again = failing();
        assertThat(tree.builds()).hasSize(1);
        assertThat(again.err())
                .contains("cannot find symbol", "has failed before", "DFC_BUILD=always", "see ")
                .doesNotContain("dfc: building");
        assertThat(tree.root().resolve(".dfc/build.log")).content().contains("COMPILATION ERROR");
        tree.source("second");
        failing();
        assertThat(tree.builds()).hasSize(2);
        Files.delete(broken);
        tree.source("third");
        assertThat(tree.run("train").code()).isZero();
        assertThat(tree.builds()).hasSize(3);
    }

    @Test
    void aFailedBuildIsTriedAgainOnDemandAndWithAnotherJdk() throws Exception {
        Files.writeString(broken, COMPILER);
        failing();
        tree.with("DFC_BUILD", "always");
        failing();
        tree.without("DFC_BUILD");
        failing();
        assertThat(tree.builds()).hasSize(2);
        tree.with("JAVA_HOME", tree.jdk(26).toString());
        failing();
        assertThat(tree.builds()).hasSize(3);
        Files.delete(broken);
        assertThat(tree.with("DFC_BUILD", "always").run("train").code()).isZero();
        assertThat(tree.without("DFC_BUILD").run("train").err()).doesNotContain("building");
    }

    @Test
    void aFailureOfTheNetworkIsTriedAgain() throws Exception {
        Files.writeString(broken, "[ERROR] Could not transfer artifact a:b:1: timed out\n");
        failing();
        assertThat(failing().err()).contains("dfc: building", "Could not transfer artifact");
        Files.delete(broken);
        assertThat(tree.run("train").code()).isZero();
    }

    @Test
    void nothingOldRunsUnlessToldTo() throws Exception {
        tree.run("train");
        tree.source("second");
        Files.writeString(broken, COMPILER);
        assertThat(failing().err()).contains("DFC_BUILD=never runs the last build that worked");
        assertThat(failing().err()).contains("DFC_BUILD=never runs the last build that worked");
        CommandRun old = tree.with("DFC_BUILD", "never").run("train");
        assertThat(old.code()).as(old.err()).isZero();
        assertThat(old.out()).contains("<io.dfc.bench.cli.Main>");
        assertThat(old.err()).contains("note: ", "older than its sources").hasLineCount(1);
        assertThat(tree.builds()).hasSize(2);
    }

    @Test
    void neverBuildingRunsACurrentBuildWithoutAWord() throws Exception {
        tree.run("train");
        CommandRun run = tree.with("DFC_BUILD", "never").run("train");
        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
    }

    @Test
    void neverBuildingSaysThatThereIsNothingToRun() throws Exception {
        CommandRun run = tree.with("DFC_BUILD", "never").run("train");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("nothing is built in ", "DFC_BUILD").hasLineCount(1);
        assertThat(tree.builds()).isEmpty();
    }

    @Test
    void alwaysBuildsWhatIsCurrentToo() throws Exception {
        tree.run("train");
        CommandRun run = tree.with("DFC_BUILD", "always").run("train");
        assertThat(run.code()).isZero();
        assertThat(tree.builds()).hasSize(2);
    }

    @Test
    void anotherWordIsRefused() throws Exception {
        CommandRun run = tree.with("DFC_BUILD", "no").run("train");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .contains("DFC_BUILD is \"no\"; expected auto, always or never")
                .hasLineCount(1);
    }
}
