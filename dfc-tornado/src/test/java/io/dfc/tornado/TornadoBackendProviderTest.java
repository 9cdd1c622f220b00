package io.dfc.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.BackendUnavailableException;
import io.dfc.api.spi.Availability;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;

import org.junit.jupiter.api.Test;

import java.util.List;

class TornadoBackendProviderTest {
    private final TornadoBackendProvider provider = new TornadoBackendProvider();

    @Test
    void saysWhatIsMissingAndWhatToDo() {
        assertThat(provider.probe())
                .isInstanceOfSatisfying(
                        Availability.Unavailable.class,
                        u -> {
                            assertThat(u.reason()).isNotBlank();
                            assertThat(u.remedy()).isNotBlank();
                        });
    }

    @Test
    void isFoundByTheRegistryAndRefusedByNameWithTheReason() {
        assertThatThrownBy(
                        () ->
                                Backends.discover()
                                        .select("tornado", BackendOptions.defaults(), List.of()))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageStartingWith("backend \"tornado\" is unavailable: ");
    }
}
