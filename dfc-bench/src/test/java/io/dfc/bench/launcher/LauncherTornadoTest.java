package io.dfc.bench.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.bench.cli.CommandRun;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The launcher builds against the SDK of TornadoVM that is there, or says why it does not. */
class LauncherTornadoTest {
    private static final Pattern ABSENT = Pattern.compile("<-D(dfc\\.absent\\.[^=]+)=(.*)>");

    @TempDir private Path folder;

    private LauncherTree tree;

    @BeforeEach
    void plant() throws IOException {
        tree = new LauncherTree(folder);
    }

    @AfterEach
    void restore() {
        System.getProperties().keySet().removeIf(key -> key.toString().startsWith("dfc.absent."));
    }

    private Path sdk(String version) throws IOException {
        Path sdk = tree.sdk("sdk-" + version, version);
        Files.writeString(sdk.resolve("tornado-argfile"), "-XX:+EnableJVMCI\n");
        return sdk;
    }

    private static List<String> notes(CommandRun run) {
        return run.err().lines().filter(l -> !l.startsWith("dfc: building")).toList();
    }

    private static void assertWithTornado(CommandRun run) {
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("<-Dtornado.recover.bailout=False>");
    }

    private static void assertWithoutTornado(CommandRun run, String... words) {
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("<io.dfc.bench.cli.Main>").doesNotContain("<@", "bailout");
        assertThat(notes(run))
                .singleElement()
                .asString()
                .contains(words)
                .contains("note: ", "without TornadoVM");
    }

    @Test
    void theBuildIsForTheVersionOfTheSdk() throws Exception {
        sdk("5.2.3-jdk25");
        CommandRun run = tree.run("train");
        assertWithTornado(run);
        assertThat(notes(run)).isEmpty();
        assertThat(tree.buildArguments())
                .singleElement()
                .asString()
                .contains("-Dtornadovm.version=5.2.3-jdk25", "-Plauncher,tornado");
    }

    @Test
    void anotherVersionIsBuiltForAnew() throws Exception {
        sdk("5.2.0-jdk25");
        tree.run("train");
        sdk("5.2.1-jdk25");
        assertWithTornado(tree.run("train"));
        assertWithTornado(tree.run("train"));
        assertThat(tree.buildArguments()).hasSize(2);
        assertThat(tree.buildArguments().getLast()).contains("-Dtornadovm.version=5.2.1-jdk25");
    }

    @Test
    void aVersionThatWasNotTestedIsSaidInOneLine() throws Exception {
        for (String version : List.of("7.0.0", "5.3.0-jdk25", "4.0")) {
            sdk(version);
            CommandRun run = tree.run("train");
            assertWithTornado(run);
            assertThat(notes(run))
                    .singleElement()
                    .asString()
                    .contains("TornadoVM " + version + " (", "was not tested; 5.2.0-jdk25 was");
        }
    }

    @Test
    void anSdkWithoutItsApiIsNamed() throws Exception {
        Path jar = sdk("5.2.0-jdk25").resolve("share/java/tornado/tornado-api-5.2.0-jdk25.jar");
        Files.copy(jar, jar.resolveSibling("tornado-api-5.2.1-jdk25.jar"));
        assertWithoutTornado(tree.run("train"), "more than one", "tornado-api-5.2.1-jdk25.jar");
        Files.delete(jar);
        Files.move(
                jar.resolveSibling("tornado-api-5.2.1-jdk25.jar"),
                jar.resolveSibling("tornado-api-5.2.1-jdk25-sources.jar"));
        assertWithoutTornado(tree.run("train"), "TORNADOVM_HOME is ", "no share/java/tornado/");
    }

    @Test
    void aTemplateOfTheArgumentFileIsExpanded() throws Exception {
        Path sdk = tree.sdk("s d k", "5.2.0-jdk25");
        Files.writeString(
                sdk.resolve("tornado-argfile.template"),
                "# comment\n-Da=${TORNADOVM_HOME}/lib\n-XX:+UseParallelGC\n--x ${TORNADOVM_HOME}/y");
        CommandRun run = tree.run("train");
        assertWithTornado(run);
        assertThat(notes(run)).isEmpty();
        Matcher argfile = Pattern.compile("<@(.*/\\.dfc/tornado-argfile-.*)>").matcher(run.out());
        assertThat(argfile.find()).as(run.out()).isTrue();
        assertThat(Path.of(argfile.group(1)))
                .hasContent(
                        "# comment\n-Da=\"%1$s\"/lib\n-XX:+UseParallelGC\n--x \"%1$s\"/y\n"
                                .formatted(sdk));
        assertThat(run.out()).doesNotContain("<-XX:+UseParallelGC>");
        assertThat(tree.run("train").out()).contains(argfile.group());
    }

    @Test
    void sdkmansTemplateIsExpandedToo() throws Exception {
        Path sdk = tree.sdk(".sdkman/candidates/tornadovm/current", "5.2.0-jdk25");
        tree.without("TORNADOVM_HOME");
        CommandRun incomplete = tree.run("train");
        assertWithoutTornado(
                incomplete, "SDKMAN's TornadoVM is " + sdk, "neither", "tornado-argfile.template");
        Files.writeString(sdk.resolve("tornado-argfile.template"), "-Da=${TORNADOVM_HOME}\n");
        assertWithTornado(tree.run("train"));
    }

    @Test
    void whereItsPartCannotBeBuiltTheRestIs() throws Exception {
        sdk("7.0.0");
        Path broken = tree.root().resolve("broken-tornado");
        Files.writeString(broken, "[ERROR] /x/dfc-tornado/src/A.java:[1,2] cannot find symbol\n");
        for (int call = 0; call < 2; call++) {
            CommandRun run = tree.run("train");
            assertThat(run.code()).as(run.err()).isZero();
            assertThat(run.out()).contains("<io.dfc.bench.cli.Main>").doesNotContain("bailout");
            assertThat(notes(run))
                    .satisfiesExactly(
                            line -> assertThat(line).contains("7.0.0", "was not tested"),
                            line ->
                                    assertThat(line)
                                            .contains(
                                                    "cannot be built against TornadoVM 7.0.0",
                                                    "A.java:[1,2] cannot find symbol",
                                                    "build-tornado.log",
                                                    "without TornadoVM"));
            assertThat(run.out()).contains("use TornadoVM 5.2.0-jdk25");
        }
        assertThat(tree.builds()).hasSize(2);
        Files.delete(broken);
        assertWithTornado(tree.with("DFC_BUILD", "always").run("train"));
    }

    @Test
    void neverBuildingGoesOnWithoutIt() throws Exception {
        tree.run("train");
        sdk("5.2.0-jdk25");
        assertWithoutTornado(tree.with("DFC_BUILD", "never").run("train"), "DFC_BUILD is never");
        assertThat(tree.builds()).hasSize(1);
    }

    /** What the stand-in for Java was told is given to this process. */
    private static void takeOver(CommandRun run) {
        Matcher property = ABSENT.matcher(run.out());
        while (property.find()) {
            System.setProperty(property.group(1), property.group(2));
        }
    }

    @Test
    void theListOfBackendsSaysWhatToInstall() throws Exception {
        takeOver(tree.run("backends"));
        assertThat(CommandRun.of("backends").out())
                .containsPattern(
                        "(?m)^tornado +priority -1 +unavailable: no TornadoVM SDK.*; install TornadoVM");
        CommandRun train = CommandRun.train(folder.resolve("out"), "--backend", "cuda:0");
        CommandRun.assertRefused(train, 2, "for cuda there is \"tornado\"", "install TornadoVM");
    }

    @Test
    void theListOfBackendsSaysWhatIsWrongWithAnSdk() throws Exception {
        takeOver(tree.with("TORNADOVM_HOME", "/gone").run("backends"));
        assertThat(CommandRun.of("backends").out())
                .containsPattern("(?m)^tornado .*unavailable: TORNADOVM_HOME is /gone, which");
    }
}
