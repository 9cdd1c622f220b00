/**
 * Backend for GPUs, FPGAs and other accelerators through TornadoVM. Exports nothing: it is found
 * through {@link io.dfc.api.spi.BackendProvider}.
 */
module io.dfc.tornado {
    requires io.dfc.api;

    provides io.dfc.api.spi.BackendProvider with
            io.dfc.tornado.TornadoBackendProvider;
}
