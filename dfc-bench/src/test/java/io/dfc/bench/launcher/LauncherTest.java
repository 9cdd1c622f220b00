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
import java.util.List;

/** The launcher finds a JDK and an SDK, or says what is wrong, and options of users go first. */
class LauncherTest {
    @TempDir private Path folder;

    private LauncherTree tree;

    @BeforeEach
    void plant() throws IOException {
        tree = new LauncherTree(folder);
    }

    private static void assertRuns(CommandRun run) {
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("<io.dfc.bench.cli.Main>");
    }

    private static List<String> notes(CommandRun run) {
        return run.err().lines().filter(l -> !l.startsWith("dfc: building")).toList();
    }

    @Test
    void theProgramGetsTheArgumentsAsTheyAre() throws Exception {
        CommandRun run = tree.run("train", "--set", "a=b c", "*");
        assertRuns(run);
        assertThat(run.out()).endsWith("<train>\n<--set>\n<a=b c>\n<*>\n");
        assertThat(notes(run)).isEmpty();
    }

    @Test
    void aJdkOnThePathServesWhereJavaHomeIsTooOld() throws Exception {
        CommandRun run =
                tree.with("JAVA_HOME", tree.jdk(17).toString())
                        .with("PATH", tree.jdk(25) + "/bin:" + folder + "/tools:/usr/bin:/bin")
                        .run("backends");
        assertRuns(run);
        assertThat(run.out()).contains("jdk 25");
    }

    @Test
    void javaHomeServesWhereTheOneOnThePathIsTooOld() throws Exception {
        CommandRun run =
                tree.with("PATH", tree.jdk(17) + "/bin:" + folder + "/tools:/usr/bin:/bin")
                        .run("backends");
        assertRuns(run);
        assertThat(run.out()).contains("jdk 25");
        assertThat(tree.builds()).singleElement().asString().startsWith(tree.jdk(25).toString());
    }

    @Test
    void aLaterJdkRunsAndIsSaidToBeUntested() throws Exception {
        CommandRun run = tree.with("JAVA_HOME", tree.jdk(26).toString()).run("backends");
        assertRuns(run);
        assertThat(run.out()).contains("jdk 26");
        assertThat(notes(run))
                .singleElement()
                .asString()
                .contains("JDK 26", "not tested", "JDK 25");
    }

    @Test
    void aJdkWithoutAReleaseFileIsAskedForItsVersion() throws Exception {
        Path jdk = tree.jdk(25);
        Files.delete(jdk.resolve("release"));
        Files.writeString(
                jdk.resolve("bin/java"),
                """
                #!/bin/sh
                [ "$1" != -version ] || { echo 'openjdk version "25.0.1"' >&2; exit; }
                echo asked
                for a in "$@"; do echo "<$a>"; done
                """);
        CommandRun run = tree.run("backends");
        assertRuns(run);
        assertThat(run.out()).contains("asked");
    }

    @Test
    void itRunsWithoutHomeAndWithAnAlmostEmptyEnvironment() throws Exception {
        CommandRun run = tree.without("HOME").run("backends");
        assertRuns(run);
        assertThat(notes(run)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "POSIX"})
    void pathsBeyondAsciiAreReadInTheCLocaleToo(String locale) throws Exception {
        assertThat(tree.with("LC_ALL", locale).run("backends").out()).contains("locale C.UTF-8 ");
        assertThat(tree.without("LC_ALL").run("backends").out()).contains("locale  C.UTF-8");
        assertThat(tree.with("LC_ALL", "de_DE.UTF-8").run("backends").out())
                .contains("locale de_DE.UTF-8 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/gone", "EMPTY", "PART"})
    void aBrokenTornadoVmHomeIsSaidAndLeftOut(String home) throws Exception {
        Path sdk = Files.createDirectories(folder.resolve("sdk"));
        if (home.equals("PART")) {
            Files.writeString(sdk.resolve("tornado-argfile"), "-XX:+EnableJVMCI\n");
        }
        boolean there = home.equals("EMPTY") || home.equals("PART");
        CommandRun run = tree.with("TORNADOVM_HOME", there ? sdk.toString() : home).run("train");
        assertRuns(run);
        assertThat(run.out()).doesNotContain("tornado-argfile");
        assertThat(notes(run))
                .singleElement()
                .asString()
                .contains("TORNADOVM_HOME", "without TornadoVM");
        assertThat(tree.builds()).singleElement().asString().endsWith(" none");
    }

    private LauncherTree withSdk(String options) throws IOException {
        Path sdk = tree.sdk("sdk", LauncherTree.TESTED_TORNADO);
        Files.writeString(sdk.resolve("tornado-argfile"), options);
        return tree;
    }

    @Test
    void whatIsAddedToTheClassPathIsNoModuleBesideAnSdkEither() throws Exception {
        LauncherTree there = withSdk("-XX:+EnableJVMCI\n").with("DFC_CLASS_PATH", "/one:/two.jar");
        String out = there.run("train").out();
        assertThat(out).contains("<-cp>", "</one:/two.jar>").doesNotContain(":/one");
    }

    @Test
    void aSoundSdkBringsItsOptionsAndModules() throws Exception {
        CommandRun run = withSdk("-XX:+EnableJVMCI\n").run("train");
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("tornado-argfile>", "<-Dtornado.recover.bailout=False>")
                .contains("<--enable-native-access=io.dfc.tornado>")
                .contains("/tornado:" + folder.resolve("sdk/share/java/tornado"))
                .contains("<-XX:+UseParallelGC>", "<io.dfc.bench/io.dfc.bench.cli.Main>");
        assertThat(notes(run)).isEmpty();
    }

    @Test
    void aBuildWithoutTornadoVmIsMadeAnewForAnSdkAndServesBothAfterwards() throws Exception {
        tree.run("train");
        withSdk("-XX:+EnableJVMCI\n").run("train");
        assertThat(tree.builds()).hasSize(2);
        assertRuns(tree.without("TORNADOVM_HOME").run("train"));
        assertThat(tree.builds()).hasSize(2);
    }

    @Test
    void theCollectorOfTheSdkYieldsToThatOfTheUser() throws Exception {
        CommandRun run =
                withSdk("-XX:+UseParallelGC\n").with("DFC_JAVA_OPTS", "-XX:+UseG1GC").run("train");
        assertThat(run.out()).contains("tornado-argfile>").contains("<-XX:-UseParallelGC>");
        assertThat(run.out()).doesNotContain("<-XX:+UseParallelGC>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DFC_JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"})
    void aCollectorOfTheUserIsTheOnlyOne(String variable) throws Exception {
        assertThat(tree.run("train").out()).contains("<-XX:+UseParallelGC>");
        CommandRun run = tree.with(variable, "-Xmx1g -XX:+UseG1GC").run("train");
        assertRuns(run);
        assertThat(run.out()).doesNotContain("<-XX:+UseParallelGC>");
    }

    @Test
    void optionsOfTheUserStandBehindThoseOfTheLauncherAndAreNoPatterns() throws Exception {
        String out = tree.with("DFC_JAVA_OPTS", "-Dx=* -Xmx1g").run("--help").out();
        assertThat(out.indexOf("<-Dx=*>")).isGreaterThan(out.indexOf("<-XX:TieredStopAtLevel=1>"));
        assertThat(out).contains("<-Xmx1g>");
    }

    @Test
    void jarsOfTheUserStandBehindThoseOfTheProgram() throws Exception {
        String out = tree.with("DFC_CLASS_PATH", "/one.jar:/two words.jar").run("backends").out();
        assertThat(out).containsPattern("<[^>]*/library\\.jar:/one\\.jar:/two words\\.jar>");
    }

    @Test
    void theArchiveOfClassesIsUsedUnlessItDoesNotFit() throws Exception {
        String archive = "-XX:SharedArchiveFile=";
        assertThat(tree.run("train").out()).contains(archive);
        assertThat(tree.with("DFC_JAVA_OPTS", "-Xshare:off").run("train").out())
                .doesNotContain(archive);
        tree.without("DFC_JAVA_OPTS");
        Files.writeString(
                tree.jdk(25).resolve("release"), "JAVA_VERSION=\"25.0.2\"\nIMPLEMENTOR=\"X\"\n");
        assertThat(tree.run("train").out()).doesNotContain(archive);
        tree.jdk(25);
        assertThat(tree.run("train").out()).contains(archive);
        Files.delete(tree.build().resolve("classes.jsa"));
        assertRuns(tree.run("train"));
    }

    @Test
    void textAloneNeedsNoVectorModule() throws Exception {
        assertThat(tree.run("--help").out()).doesNotContain("jdk.incubator.vector");
        assertThat(tree.run("backends").out()).contains("<jdk.incubator.vector>");
    }

    @Test
    void aColonInThePathIsSaid() throws Exception {
        CommandRun run =
                new LauncherTree(Files.createDirectory(folder.resolve("a:b"))).run("train");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("colon").hasLineCount(1);
    }
}
