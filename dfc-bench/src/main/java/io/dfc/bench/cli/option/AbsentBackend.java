package io.dfc.bench.cli.option;

import io.dfc.api.error.BackendUnavailableException;
import io.dfc.api.spi.Availability;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.Device;

import java.util.Set;

/**
 * A backend that whoever started this program has left out. It stands in the list of backends to
 * say why, and behind all that can run.
 *
 * @param name its name
 * @param keywords other words by which users look for it
 * @param availability why it was left out, and what brings it
 */
record AbsentBackend(String name, Set<String> keywords, Availability.Unavailable availability)
        implements BackendProvider {
    @Override
    public int priority() {
        return -1;
    }

    @Override
    public Availability probe() {
        return availability;
    }

    @Override
    public Backend open(Device device, BackendOptions options) {
        throw new BackendUnavailableException(
                "backend \"%s\" is unavailable: %s; %s"
                        .formatted(name, availability.reason(), availability.remedy()));
    }
}
