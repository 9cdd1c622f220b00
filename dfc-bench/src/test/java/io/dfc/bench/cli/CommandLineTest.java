package io.dfc.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.bench.golden.GoldenFixtures;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;

class CommandLineTest {
    private static final JsonMapper MAPPER = new JsonMapper();

    @TempDir private Path folder;

    private record Run(int exitCode, String out, String err) {}

    private static Run run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Main.commandLine(args);
        commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exitCode = commandLine.execute(args);
        return new Run(exitCode, out.toString(), err.toString());
    }

    private static Run check(Path golden, String... more) {
        String[] args = new String[5 + more.length];
        System.arraycopy(
                new String[] {"check", "--golden", golden.toString(), "--backend", "reference"},
                0,
                args,
                0,
                5);
        System.arraycopy(more, 0, args, 5, more.length);
        return run(args);
    }

    @Test
    void checkOfSoundFilesPassesAndPrintsATable() {
        Run run = check(GoldenFixtures.folder());

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("worst error", "tolerance")
                .containsPattern(
                        "training +forward_epoch.grad_W +1 +\\S+ +1.0e-09  "
                                + GoldenFixtures.TRAINING)
                .contains("8 files checked, 0 misses; 0 declined, 0 unreadable, 0 failed: passed");
    }

    @Test
    void strictCheckPassesWhereTheBackendRunsEveryFile() {
        assertThat(check(GoldenFixtures.file(GoldenFixtures.SMALLEST), "--strict").exitCode())
                .isZero();
    }

    @Test
    void tamperedValueMissesAndExitsWith1() {
        tampered();

        Run run = check(folder);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .containsPattern("dynamics +trajectory.u .* MISS")
                .contains(
                        "miss: "
                                + GoldenFixtures.SMALLEST
                                + ": expected.trajectory.u: relative error ")
                .contains("1 file checked, 1 miss;");
    }

    @Test
    void toleranceCanBeForced() {
        tampered();

        assertThat(check(folder, "--tolerance", "0.5").exitCode()).isZero();
    }

    @Test
    void tolerancesExcludeEachOther() {
        Run run = check(GoldenFixtures.folder(), "--tolerance", "0.5", "--flat");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("--flat", "--tolerance", "mutually exclusive")
                .hasLineCount(1);

        assertThat(check(GoldenFixtures.folder(), "--prescribed", "--flat").exitCode())
                .isEqualTo(2);
    }

    /** A file whose deviation in float32 would allow for a value that is 1 % off. */
    @Test
    void float32BackendsAreHeldTo1e4UnlessTheFilesTolerancesAreAskedFor() {
        GoldenFixtures.edited(
                folder,
                GoldenFixtures.SMALLEST,
                root -> {
                    ArrayNode data = (ArrayNode) root.at("/expected/trajectory/u/data");
                    for (int i = 0; i < data.size(); i++) {
                        data.set(i, data.get(i).doubleValue() * 1.01);
                    }
                    ((ObjectNode) root.get("float32_deviation")).put("trajectory.u", 0.01);
                });
        String at = folder.toString();

        Run held = run("check", "--golden", at, "--backend", "cpu-simd");
        Run flat = run("check", "--golden", at, "--backend", "cpu-simd", "--flat");
        Run wide = run("check", "--golden", at, "--backend", "cpu-simd", "--prescribed");

        assertThat(held.exitCode()).isEqualTo(1);
        assertThat(held.out()).containsPattern("trajectory.u .* 1.0e-04 .*MISS");
        assertThat(flat.out()).isEqualTo(held.out());
        assertThat(wide.exitCode()).isZero();
    }

    @Test
    void truncatedFileIsNamedWhileTheOthersAreChecked() {
        String sound = GoldenFixtures.text(GoldenFixtures.SMALLEST);
        GoldenFixtures.written(folder, "cut.json", sound.substring(0, sound.length() - 100));
        GoldenFixtures.written(folder, "sound.json", sound);

        Run run = check(folder);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .containsPattern(
                        "unreadable: cut.json: line \\d+, column \\d+: not sound JSON: [^\\[\\n]+\\n")
                .contains("1 file checked, 0 misses; 0 declined, 1 unreadable");
    }

    @Test
    void fileThatPromisesMoreThanItHoldsIsNamed() {
        GoldenFixtures.edited(
                folder,
                GoldenFixtures.SMALLEST,
                root -> {
                    ArrayNode shape = (ArrayNode) root.at("/minibatch/x/shape");
                    shape.removeAll().add(2_000_000_000).add(2_000_000_000);
                });

        Run run = check(folder);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .contains(
                        "unreadable: "
                                + GoldenFixtures.SMALLEST
                                + ": minibatch.x.data: expected as many elements");
    }

    @Test
    void jsonReportHoldsEveryQuantityAndFile() {
        Run run = check(GoldenFixtures.folder(), "--json");

        JsonNode report = MAPPER.readTree(run.out());
        assertThat(run.exitCode()).isZero();
        assertThat(report.propertyNames())
                .containsExactly(
                        "backend",
                        "device",
                        "compute_type",
                        "passed",
                        "strict",
                        "files",
                        "checked",
                        "quantities",
                        "misses",
                        "not_covered",
                        "declined",
                        "unreadable",
                        "failed");
        assertThat(report.get("backend").stringValue()).isEqualTo("reference");
        assertThat(report.get("compute_type").stringValue()).isEqualTo("float64");
        assertThat(report.get("passed").booleanValue()).isTrue();
        assertThat(report.get("files").intValue()).isEqualTo(8);
        assertThat(report.get("not_covered").size()).isZero();
        JsonNode first = report.get("quantities").get(0);
        assertThat(first.propertyNames())
                .containsExactly(
                        "kind",
                        "quantity",
                        "cases",
                        "misses",
                        "worst_file",
                        "path",
                        "measure",
                        "error",
                        "tolerance");
        assertThat(first.get("kind").stringValue()).isEqualTo("dynamics");
        assertThat(first.get("cases").intValue()).isEqualTo(2);
        assertThat(first.get("tolerance").doubleValue()).isEqualTo(1e-9);
    }

    @Test
    void jsonReportListsMisses() {
        tampered();

        Run run = check(folder, "--json");

        JsonNode report = MAPPER.readTree(run.out());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(report.get("passed").booleanValue()).isFalse();
        assertThat(report.at("/misses/0/path").stringValue()).isEqualTo("trajectory.u");
        assertThat(report.at("/misses/0/error").doubleValue()).isGreaterThan(1e-4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"check", "check --golden does/not/exist", "check --golden . --threads many"})
    void unusableArgumentsExitWith2AndOneLine(String line) {
        Run run = run(line.split(" ", -1));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("error: ").hasLineCount(1);
    }

    @Test
    void unknownBackendExitsWith2AndListsTheOnesThereAre() {
        Run run =
                run("check", "--golden", GoldenFixtures.folder().toString(), "--backend", "abacus");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("error: backend \"abacus\" is not there; there are: ")
                .contains("reference")
                .hasLineCount(1);
    }

    @Test
    void misspeltOptionSuggestsTheRightOne() {
        Run run = run("check", "--goldn", "x");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).hasLineCount(1);
        assertThat(run.err()).contains("--golden");
    }

    @Test
    void stackTraceIsShownOnRequest() {
        Run run = run("check", "--golden", folder.toString(), "--stacktrace");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).startsWith("error: ").contains("GoldenReader.readAll(");
    }

    @Test
    void noCommandExitsWith2AndNamesTheCommands() {
        Run run = run();

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("check", "backends").hasLineCount(1);
    }

    @Test
    void versionNamesProgramAndRuntime() {
        assertThat(run("--version").out()).startsWith("dfc ").contains("Java " + Runtime.version());
    }

    @Test
    void backendsListsTheReferenceWithItsPriority() {
        Run run = run("backends");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).containsPattern("reference +priority 0 ");
    }

    @Test
    void backendsAsJsonTellsWhatIsAvailable() {
        JsonNode backends = MAPPER.readTree(run("backends", "--json").out());

        assertThat(
                        backends.valueStream()
                                .filter(b -> b.get("name").stringValue().equals("reference")))
                .singleElement()
                .satisfies(
                        b -> {
                            assertThat(b.get("available").booleanValue()).isTrue();
                            assertThat(b.get("priority").intValue()).isZero();
                            assertThat(b.at("/devices/0/id").stringValue()).isNotEmpty();
                        });
    }

    private void tampered() {
        GoldenFixtures.edited(
                folder,
                GoldenFixtures.SMALLEST,
                root -> {
                    ArrayNode data = (ArrayNode) root.at("/expected/trajectory/u/data");
                    data.set(data.size() - 1, data.get(data.size() - 1).doubleValue() * 1.01);
                });
    }
}
