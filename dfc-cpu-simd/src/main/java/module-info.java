/**
 * SIMD backend for CPUs. Exports nothing: it is found through {@link
 * io.dfc.api.spi.BackendProvider}.
 */
module io.dfc.cpu.simd {
    requires io.dfc.api;
    requires jdk.incubator.vector;

    provides io.dfc.api.spi.BackendProvider with
            io.dfc.cpu.simd.SimdBackendProvider;
}
