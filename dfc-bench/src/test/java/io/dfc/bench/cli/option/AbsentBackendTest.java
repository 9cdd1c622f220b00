package io.dfc.bench.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.bench.cli.CommandRun;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.util.Properties;

/** A backend that the launcher has left out is named, with its reason and what brings it. */
class AbsentBackendTest {
    private static final String KEY = "dfc.absent.photonic.";

    @TempDir private Path folder;

    @BeforeEach
    void leaveOut() {
        System.setProperty(KEY + "reason", "no laser was found");
        System.setProperty(KEY + "remedy", "plug one in");
        System.setProperty(KEY + "keywords", "laser,optics");
    }

    @AfterEach
    void restore() {
        System.getProperties().keySet().removeIf(key -> key.toString().startsWith("dfc.absent."));
    }

    @Test
    void theListSaysWhatItLacksBehindAllThatRun() {
        CommandRun run = CommandRun.of("backends");
        assertThat(run.code()).isZero();
        assertThat(run.out().lines().toList().getLast())
                .matches("photonic +priority -1 +unavailable: no laser was found; plug one in");
        JsonNode listed = JsonMapper.shared().readTree(CommandRun.of("backends", "--json").out());
        assertThat(listed.valueStream().filter(b -> b.get("name").stringValue().equals("photonic")))
                .singleElement()
                .satisfies(
                        b -> {
                            assertThat(b.get("available").booleanValue()).isFalse();
                            assertThat(b.get("reason").stringValue())
                                    .isEqualTo("no laser was found");
                            assertThat(b.get("remedy").stringValue()).isEqualTo("plug one in");
                        });
    }

    @ParameterizedTest
    @CsvSource({
        "photonic, backend \"photonic\" is unavailable",
        "laser, for laser there is \"photonic\"",
        "OPTICS, for OPTICS there is \"photonic\"",
        "laser:0, for laser there is \"photonic\""
    })
    void itsNameAndItsKeywordsLeadToTheReason(String name, String lead) {
        CommandRun run = CommandRun.train(folder.resolve("out"), "--backend", name);
        CommandRun.assertRefused(run, 2, lead, "no laser was found; plug one in");
    }

    @Test
    void aSlipLeadsToItsName() {
        CommandRun run = CommandRun.train(folder.resolve("out"), "--backend", "fotonic");
        CommandRun.assertRefused(run, 2, "did you mean \"photonic\"?");
    }

    @Test
    void evaluationKnowsItToo() {
        Path trained = folder.resolve("out");
        assertThat(CommandRun.train(trained, "--epochs", "1", "--limit", "50").code()).isZero();
        CommandRun run = CommandRun.of("eval", trained.toString(), "--backend", "photonic");
        CommandRun.assertRefused(run, 2, "no laser was found; plug one in");
    }

    @Test
    void anInstalledBackendTakesItsPlace() {
        System.setProperty("dfc.absent.reference.reason", "it was left out");
        assertThat(CommandRun.of("backends").out())
                .containsPattern("(?m)^reference +priority 0 +cpu")
                .doesNotContain("it was left out");
    }

    @Test
    void nothingIsLeftOutWhereNoReasonIsGiven() {
        Properties properties = new Properties();
        assertThat(KnownBackends.leftOut(properties)).isEmpty();
        properties.setProperty(KEY + "remedy", "plug one in");
        properties.setProperty("dfc.absent.reason", "nameless");
        assertThat(KnownBackends.leftOut(properties)).isEmpty();
        properties.setProperty(KEY + "reason", "gone");
        assertThat(KnownBackends.leftOut(properties))
                .singleElement()
                .satisfies(
                        absent -> {
                            assertThat(absent.name()).isEqualTo("photonic");
                            assertThat(absent.keywords()).isEmpty();
                        });
    }
}
