/**
 * Backend for GPUs, FPGAs and other accelerators through TornadoVM. Exports nothing: it is found
 * through {@link io.dfc.api.spi.BackendProvider}.
 */
module io.dfc.tornado {
    requires io.dfc.api;
    requires static tornado.api;

    opens io.dfc.tornado.kernel to
            tornado.runtime;
    opens io.dfc.tornado.runtime to
            tornado.runtime;

    provides io.dfc.api.spi.BackendProvider with
            io.dfc.tornado.backend.TornadoBackendProvider;
}
