package io.dfc.tornado.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dfc.api.network.Parameters;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Availability;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Device;
import io.dfc.api.tensor.Tensor;
import io.dfc.tornado.runtime.KernelPool;
import io.dfc.tornado.runtime.TilesPerGroup;

import org.junit.jupiter.api.Assumptions;

import uk.ac.manchester.tornado.api.common.TornadoDevice;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Backends that tests compare, and what they compare. */
public final class TestBackends {
    private TestBackends() {}

    /** Skips a test where TornadoVM has no device. */
    public static void requireDevice() {
        Assumptions.assumeTrue(
                new TornadoBackendProvider().probe() instanceof Availability.Available,
                "TornadoVM has no device");
    }

    /** The first device with small work-groups. */
    public static Backend tornado(boolean transposes) {
        Device device = Devices.list().getFirst();
        TornadoDevice found = Devices.find(device);
        KernelPool pool = new KernelPool(found, 32, TilesPerGroup.on(found, 1), transposes);
        return new TornadoBackend("tornado", device, pool, 1, () -> "");
    }

    /** The float64 reference. */
    public static Backend reference() {
        return Backends.discover()
                .select("reference", BackendOptions.defaults(), List.of())
                .backend();
    }

    /** Random parameters of all groups of a plan, the same at every call. */
    public static Parameters parameters(Plan plan) {
        SplittableRandom random = new SplittableRandom(5);
        Map<String, List<Tensor>> groups = new TreeMap<>();
        for (ParameterGroup group : plan.groups()) {
            groups.put(
                    group.name(),
                    IntStream.range(0, group.tensors())
                            .mapToObj(i -> drawn(random, group.shape(i)))
                            .toList());
        }
        return new Parameters(groups);
    }

    /** A tensor of uniform numbers. */
    public static Tensor drawn(SplittableRandom random, int... shape) {
        int size = 1;
        for (int d : shape) {
            size *= d;
        }
        return Tensor.wrap(random.doubles(size, -0.6, 0.6).toArray(), shape);
    }

    /** Holds a tensor to another, to 1e-4 of the largest number. */
    public static void requireClose(String name, Tensor found, Tensor expected) {
        double largest = 1e-9;
        for (int n = 0; n < expected.size(); n++) {
            largest = Math.max(largest, Math.abs(expected.get(n)));
        }
        assertThat(found.toDoubles())
                .as(name)
                .containsExactly(expected.toDoubles(), within(1e-4 * largest));
    }
}
