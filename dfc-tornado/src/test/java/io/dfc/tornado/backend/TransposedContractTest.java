package io.dfc.tornado.backend;

import io.dfc.api.spi.Availability;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.Device;
import io.dfc.api.testkit.BackendContract;
import io.dfc.tornado.runtime.KernelPool;
import io.dfc.tornado.runtime.TilesPerGroup;

import uk.ac.manchester.tornado.api.common.TornadoDevice;

import java.util.Map;

/**
 * The kit as on a GPU: with transposed copies of the weights, and groups of another size. What it
 * takes for the number of threads is here the number of samples that a group has side by side, on
 * which results do not depend either.
 */
class TransposedContractTest extends BackendContract {
    private static final int GROUP = 32;

    /** Tiles to a group by the number of threads; the kit mostly asks for two. */
    private static final Map<Integer, Integer> TILES = Map.of(1, 1, 2, 4, 3, 2);

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
                // As if there were one compute unit, so that few tiles are put together as well.
                TilesPerGroup tiles =
                        TilesPerGroup.on(found, TILES.get(options.threads())).withUnits(1);
                KernelPool pool = new KernelPool(found, GROUP, tiles, true);
                return new TornadoBackend(name(), device, pool, 1, () -> "");
            }
        };
    }
}
