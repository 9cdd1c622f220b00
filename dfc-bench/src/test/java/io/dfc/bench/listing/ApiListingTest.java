package io.dfc.bench.listing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The public API changes only where its listing in the repository changes too. */
class ApiListingTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final String COMMAND =
            "mvn -q test -pl dfc-bench -am -Dtest=ApiListingTest -Ddfc.api.write=true"
                    + " -Dsurefire.failIfNoSpecifiedTests=false";

    @ParameterizedTest
    @ValueSource(strings = {"dfc-api", "dfc-algorithms"})
    void theListingIsWhatIsCompiled(String module) throws IOException {
        List<String> compiled = ApiListing.of(ROOT.resolve(module).resolve("target/classes"));
        Path file = ROOT.resolve(module).resolve("api.txt");
        if (Boolean.getBoolean("dfc.api.write")) {
            Files.write(file, compiled);
        }
        List<String> listed = Files.readAllLines(file);
        List<String> gone = new ArrayList<>(listed);
        gone.removeAll(compiled);
        List<String> added = new ArrayList<>(compiled);
        added.removeAll(listed);
        assertThat(listed)
                .withFailMessage(
                        "the public API is not what %s/api.txt lists.%ngone:%n%s%nnew:%n%s%nIf that is meant, write it anew: %s",
                        module, indented(gone), indented(added), COMMAND)
                .isEqualTo(compiled);
    }

    private static String indented(List<String> lines) {
        return lines.isEmpty() ? "  nothing" : "  " + String.join("\n  ", lines);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dfc-api", "dfc-algorithms"})
    void everyExportedPackageSaysHowStableItIs(String module) throws IOException {
        assertThat(ApiListing.of(ROOT.resolve(module).resolve("target/classes")))
                .anyMatch(line -> line.endsWith(": package, EVOLVING"))
                .as(
                        "packages whose package-info lacks @Stability(Stability.Level.EVOLVING) or another level")
                .filteredOn(line -> line.endsWith(ApiListing.WITHOUT_MARK))
                .isEmpty();
    }

    /** Lines of classes of this module whose form is known. */
    @Test
    void aLineSaysWhatCallersDependOn() throws IOException {
        List<String> lines = ApiListing.of(ROOT.resolve("dfc-api/target/classes"));
        assertThat(lines)
                .contains(
                        "io.dfc.api.tensor: package, STABLE",
                        "io.dfc.api.tensor.Tensor: public final class",
                        "io.dfc.api.tensor.Tensor.wrap(double[], int...): static io.dfc.api.tensor.Tensor",
                        "io.dfc.api.spi.Backends.Selection: public static record",
                        "io.dfc.api.error.DfcException: public class of RuntimeException",
                        "io.dfc.api.error.DfcException.DfcException(String, Throwable): constructor",
                        "io.dfc.api.spi.Backends.Listing: public sealed interface permits io.dfc.api.spi.Backends.Found")
                .noneMatch(line -> line.startsWith("io.dfc.api.reference."))
                .noneMatch(line -> line.startsWith("io.dfc.api.spi.reduced."))
                .noneMatch(line -> line.startsWith("io.dfc.api.spi.Backends.Found"));
    }
}
