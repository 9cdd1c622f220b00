package io.dfc.api.spi;

import java.util.List;

/** Whether a backend can run on this machine. */
public sealed interface Availability {
    /**
     * It can.
     *
     * @param devices at least one device; the first is the default
     */
    record Available(List<Device> devices) implements Availability {
        /** Copies the list and checks that it is not empty. */
        public Available {
            devices = List.copyOf(devices);
            if (devices.isEmpty()) {
                throw new IllegalArgumentException("an available backend has at least one device");
            }
        }
    }

    /**
     * It cannot.
     *
     * @param reason what is missing
     * @param remedy what to do about it, in the imperative
     */
    record Unavailable(String reason, String remedy) implements Availability {}
}
