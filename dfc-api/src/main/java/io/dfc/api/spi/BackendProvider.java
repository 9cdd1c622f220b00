package io.dfc.api.spi;

import java.util.Set;

/**
 * Entry point of a backend, found with {@link java.util.ServiceLoader}. It has a public constructor
 * without arguments, keeps no state and must load where the technology that it needs is missing:
 * mention of that technology belongs into other classes.
 */
public interface BackendProvider {
    /**
     * {@return the name by which users pick this backend: lower case, stable, such as {@code
     * cpu-simd}}
     */
    String name();

    /**
     * {@return the rank in automatic choice, higher wins: 0 for the reference, 100 for CPUs, 200
     * for accelerators}
     */
    int priority();

    /**
     * {@return other words, in lower case, by which users may look for this backend, such as {@code
     * gpu}; they choose nothing, and lead to its name}
     */
    default Set<String> keywords() {
        return Set.of();
    }

    /**
     * Tells whether this backend can run here. Cheap; never throws.
     *
     * @return the devices, or why there are none
     */
    Availability probe();

    /**
     * Opens the backend on a device.
     *
     * @param device one of the devices that {@link #probe()} names
     * @param options options of the caller
     * @return the backend, to be closed by the caller
     * @throws io.dfc.api.error.BackendUnavailableException if that fails
     */
    Backend open(Device device, BackendOptions options);
}
