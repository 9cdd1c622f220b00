package io.dfc.tornado.backend;

import io.dfc.api.error.DfcException;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Availability;
import io.dfc.api.spi.BackendOptions;

/** Compiles a plan that the device has no memory for, and prints what comes of it. */
final class TooLargeMain {
    private TooLargeMain() {}

    public static void main(String[] arguments) {
        TornadoBackendProvider provider = new TornadoBackendProvider();
        Network network = Network.of(new Activation.Tanh(), 20, 30, 10);
        Plan plan = Plan.evaluation(network, Loss.CROSS_ENTROPY, 8);
        if (provider.probe() instanceof Availability.Available(var devices)) {
            try (var backend = provider.open(devices.getFirst(), BackendOptions.defaults());
                    var engine = backend.compile(plan)) {
                System.out.println("compiled for " + engine.plan().maxBatch());
            } catch (DfcException e) {
                System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
            }
        }
    }
}
