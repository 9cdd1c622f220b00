package io.dfc.tornado;

import io.dfc.api.spi.Availability;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.Device;
import io.dfc.api.testkit.BackendContract;

import uk.ac.manchester.tornado.api.common.TornadoDevice;

/**
 * The kit as on a GPU: with transposed copies of the weights, and groups of another size that have
 * as many tiles as there can be.
 */
class TransposedContractTest extends BackendContract {
    private static final int GROUP = 32;

    @Override
    protected BackendProvider provider() {
        TornadoBackendProvider real = new TornadoBackendProvider();
        return new BackendProvider() {
            @Override
            public String name() {
                return real.name();
            }

            @Override
            public int priority() {
                return real.priority();
            }

            @Override
            public Availability probe() {
                return real.probe();
            }

            @Override
            public Backend open(Device device, BackendOptions options) {
                TornadoDevice found = Devices.find(device);
                // As if there were one compute unit: many tiles to a group, however few there are.
                TilesPerGroup tiles = new TilesPerGroup(4, 1, found.getDeviceLocalMemorySize());
                ProgramPool pool = new ProgramPool(found, GROUP, tiles, true);
                return new TornadoBackend(name(), device, pool, 1, () -> "");
            }
        };
    }
}
