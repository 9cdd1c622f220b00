/**
 * Deep Feedback Control: tensors, networks, controllers, learning rules, and the boundary behind
 * which backends run them. Depends on the JDK alone and holds the float64 reference backend, so
 * that it runs without any other module.
 */
@SuppressWarnings("module") // the modules that one package is open to depend on this one
module io.dfc.api {
    exports io.dfc.api.control;
    exports io.dfc.api.error;
    exports io.dfc.api.learn;
    exports io.dfc.api.network;
    exports io.dfc.api.noise;
    exports io.dfc.api.plan;
    exports io.dfc.api.spi;
    exports io.dfc.api.spi.reduced to
            io.dfc.cpu.simd,
            io.dfc.tornado;
    exports io.dfc.api.spi.support;
    exports io.dfc.api.tensor;
    exports io.dfc.api.trajectory;

    provides io.dfc.api.spi.BackendProvider with
            io.dfc.api.reference.ReferenceBackendProvider;

    uses io.dfc.api.spi.BackendProvider;
}
