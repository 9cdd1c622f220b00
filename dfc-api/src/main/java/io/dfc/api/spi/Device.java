package io.dfc.api.spi;

/**
 * A device of a backend.
 *
 * @param id identifier within the backend, as in {@code --backend NAME:ID}
 * @param description what it is, in one line
 */
public record Device(String id, String description) {}
