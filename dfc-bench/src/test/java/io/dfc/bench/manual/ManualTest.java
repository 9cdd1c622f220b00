package io.dfc.bench.manual;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

class ManualTest {
    @TempDir private static Path folder;

    @BeforeAll
    static void write() throws Exception {
        Manual.main(new String[] {folder.toString()});
    }

    private static String page(String name) throws Exception {
        return Files.readString(folder.resolve("man/man1").resolve(name + ".1"));
    }

    private static String escaped(String text) {
        return text.replace("-", "\\-");
    }

    @Test
    void eachCommandHasAPageWithEachOfItsOptions() throws Exception {
        CommandLine whole = Manual.commandLine();
        String root = page("dfc");
        for (CommandLine command : whole.getSubcommands().values()) {
            String name = command.getCommandName();
            assertThat(root).contains("\\fB" + escaped(name) + "\\fR\n");
            String page = page("dfc-" + name);
            for (OptionSpec option : command.getCommandSpec().options()) {
                if (!option.hidden()) {
                    assertThat(page).contains("\\fB" + escaped(option.longestName()) + "\\fR");
                }
            }
        }
        assertThat(page("dfc-train"))
                .startsWith(".TH \"DFC\\-TRAIN\" \"1\"")
                .contains(".SH \"EXIT STATUS\"", "\\fB\\-\\-epochs\\fR=\\fI")
                .contains("[\\-\\-backend=NAME[:DEVICE]]")
                .doesNotContain("%n", "@|", "${");
    }

    @Test
    void noLineIsTakenForAMacroThatIsNone() throws Exception {
        try (Stream<Path> pages = Files.list(folder.resolve("man/man1"))) {
            for (Path page : pages.toList()) {
                assertThat(Files.readAllLines(page))
                        .filteredOn(line -> line.startsWith(".") || line.startsWith("'"))
                        .allMatch(line -> line.matches("\\.(TH|SH|TP|br)( \".*\")*"));
            }
        }
    }

    @Test
    void theFormatterOfPagesHasNothingToSay() throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/groff")), "skipped: there is no groff here");
        try (Stream<Path> pages = Files.list(folder.resolve("man/man1"))) {
            for (Path page : pages.toList()) {
                Process process =
                        new ProcessBuilder(
                                        List.of(
                                                "groff",
                                                "-ww",
                                                "-z",
                                                "-man",
                                                "-Tutf8",
                                                page.toString()))
                                .redirectErrorStream(true)
                                .start();
                String said =
                        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(process.waitFor()).as(said).isZero();
                assertThat(said).isEmpty();
            }
        }
    }

    /** The words that bash offers after what was typed. */
    @Test
    void bashCompletesCommandsAndOptions() throws Exception {
        Path script = folder.resolve("completion/dfc");
        assertThat(completed(script, "dfc", "tr")).contains("train");
        assertThat(completed(script, "dfc", "train", "--ep")).contains("--epochs");
    }

    private static List<String> completed(Path script, String... words) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "bash",
                                "-c",
                                """
                                source "$1"
                                COMP_WORDS=("${@:2}")
                                COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                                _complete_dfc
                                printf '%s\\n' "${COMPREPLY[@]}"
                                """,
                                "bash",
                                script.toString()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.lines().toList();
    }
}
