package io.dfc.cpu.simd.backend;

import io.dfc.api.error.BackendUnavailableException;
import io.dfc.api.spi.Availability;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.Device;
import io.dfc.cpu.simd.runtime.VectorCompilation;
import io.dfc.cpu.simd.tuning.BlockChoice;
import io.dfc.cpu.simd.tuning.Hardware;

import java.util.List;
import java.util.Set;

/**
 * Provider of the SIMD backend. It mentions no vector class, so that it loads where the Vector API
 * is absent and can say so.
 */
public final class SimdBackendProvider implements BackendProvider {
    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    /** For {@link java.util.ServiceLoader}. */
    public SimdBackendProvider() {}

    @Override
    public String name() {
        return "cpu-simd";
    }

    @Override
    public int priority() {
        return 100;
    }

    @Override
    public Set<String> keywords() {
        return Set.of("cpu", "simd", "vector", "avx", "avx2", "avx512");
    }

    @Override
    public Availability probe() {
        if (ModuleLayer.boot().findModule(VECTOR_MODULE).isEmpty()) {
            return new Availability.Unavailable(
                    VECTOR_MODULE + " is not loaded",
                    "start java with --add-modules " + VECTOR_MODULE);
        }
        try {
            return VectorCompilation.problem()
                    .<Availability>map(problem -> problem)
                    .orElseGet(SimdBackendProvider::device);
        } catch (LinkageError e) {
            return new Availability.Unavailable(
                    "the Vector API does not load: " + e, "use JDK 25 with " + VECTOR_MODULE);
        }
    }

    private static Availability device() {
        return new Availability.Available(
                List.of(new Device("cpu", Hardware.describe(BlockChoice.known()))));
    }

    @Override
    public Backend open(Device device, BackendOptions options) {
        if (probe() instanceof Availability.Unavailable(String reason, String remedy)) {
            throw new BackendUnavailableException(
                    "backend \"" + name() + "\" is unavailable: " + reason + "; " + remedy);
        }
        return new SimdBackend(name(), device, options.effectiveThreads());
    }
}
