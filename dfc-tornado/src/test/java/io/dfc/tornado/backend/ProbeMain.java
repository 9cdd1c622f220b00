package io.dfc.tornado.backend;

import io.dfc.api.spi.Availability;
import io.dfc.api.spi.Device;

/** Prints what the provider says of this JVM. */
final class ProbeMain {
    private ProbeMain() {}

    public static void main(String[] arguments) {
        TornadoBackendProvider provider = new TornadoBackendProvider();
        switch (provider.probe()) {
            case Availability.Available(var devices) ->
                    devices.stream()
                            .map(Device::description)
                            .forEach(d -> System.out.println("available: " + d));
            case Availability.Unavailable(String reason, String remedy) ->
                    System.out.println("unavailable: " + reason + "; " + remedy);
        }
        System.out.println("priority: " + provider.priority());
    }
}
