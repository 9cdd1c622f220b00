/**
 * SIMD backend for CPUs. Exports nothing: it is found through {@link
 * io.dfc.api.spi.BackendProvider}.
 */
module io.dfc.cpu.simd {
    requires io.dfc.api;
    requires jdk.incubator.vector;
    // To notice vectors that have become objects; done without where they are missing.
    requires static java.management;
    requires static jdk.management;

    provides io.dfc.api.spi.BackendProvider with
            io.dfc.cpu.simd.backend.SimdBackendProvider;
}
