package io.dfc.tornado.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.BackendUnavailableException;
import io.dfc.api.spi.Availability;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Device;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What users see of TornadoVM, here and in JVMs that lack something. */
class TornadoBackendProviderTest {
    private static final String NO_RECOVERY = "-Dtornado.recover.bailout=False";

    private final TornadoBackendProvider provider = new TornadoBackendProvider();

    @BeforeEach
    void needDevice() {
        if (provider.probe() instanceof Availability.Unavailable(String reason, String remedy)) {
            Assumptions.abort("no device to compare with: " + reason + "; " + remedy);
        }
    }

    @Test
    void devicesSayWhatTheyAre() {
        assertThat(provider.probe())
                .isInstanceOfSatisfying(
                        Availability.Available.class,
                        a ->
                                assertThat(a.devices())
                                        .allSatisfy(
                                                d -> {
                                                    assertThat(d.id()).matches("\\d+:\\d+");
                                                    assertThat(d.description())
                                                            .contains(" GiB, ")
                                                            .endsWith(" compute units");
                                                }));
    }

    @Test
    void aDeviceThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> provider.open(new Device("0:99", ""), BackendOptions.defaults()))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageStartingWith("backend \"tornado\" has no device 0:99, only 0:0");
    }

    @Test
    void aJvmStartedAsDocumentedHasDevices() throws Exception {
        String output =
                OtherJvm.run(
                        ProbeMain.class, with(OtherJvm.tornadoOptions(), NO_RECOVERY), Map.of());
        assertThat(output).contains("available: ").doesNotContain("unavailable: ");
    }

    @Test
    void withoutTornadoOptionsTheReasonIsTheJvm() throws Exception {
        assertThat(OtherJvm.run(ProbeMain.class, List.of(), Map.of()))
                .contains("unavailable: this JVM was not started with TornadoVM's options; set ")
                .contains("priority: 50");
    }

    @Test
    void kernelsThatFailMayNotRunAsPlainJava() throws Exception {
        assertThat(OtherJvm.run(ProbeMain.class, OtherJvm.tornadoOptions(), Map.of()))
                .contains("unavailable: TornadoVM would run a kernel that fails as plain Java")
                .contains(NO_RECOVERY);
    }

    @Test
    void withoutADriverTheRemedyIsToInstallOne() throws Exception {
        // The loader of OpenCL finds no driver there.
        String output =
                OtherJvm.run(
                        ProbeMain.class,
                        with(OtherJvm.tornadoOptions(), NO_RECOVERY),
                        Map.of("OCL_ICD_VENDORS", "/nonexistent"));
        assertThat(output)
                .contains(
                        "unavailable: TornadoVM does not start: no driver of OpenCL is found;"
                                + " install a driver");
    }

    @Test
    void whatADriverPrintsDoesNotGetIntoStandardOutput() throws Exception {
        List<String> output =
                OtherJvm.standardOutput(
                                ProbeMain.class,
                                with(
                                        OtherJvm.tornadoOptions(),
                                        NO_RECOVERY,
                                        "--enable-native-access=io.dfc.tornado"),
                                Map.of("OCL_ICD_VENDORS", "/nonexistent"))
                        .lines()
                        .toList();
        assertThat(output).hasSize(2);
        assertThat(output.getFirst()).startsWith("unavailable: ");
        assertThat(output.getLast()).startsWith("priority: ");
    }

    @Test
    void withoutItsNativeLibraryTornadoDoesNotStart() throws Exception {
        String output =
                OtherJvm.run(
                        ProbeMain.class,
                        with(
                                OtherJvm.tornadoOptions(),
                                NO_RECOVERY,
                                "-Djava.library.path=/nonexistent"),
                        Map.of());
        assertThat(output)
                .contains(
                        "unavailable: TornadoVM does not start: its native libraries are not found;"
                                + " start java with the argument file");
    }

    private static List<String> with(List<String> options, String... more) {
        return Stream.concat(options.stream(), Stream.of(more)).toList();
    }
}
