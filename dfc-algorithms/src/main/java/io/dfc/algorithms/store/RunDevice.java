package io.dfc.algorithms.store;

/**
 * Where a run computes.
 *
 * @param backend name of the backend
 * @param device description of its device
 */
public record RunDevice(String backend, String device) {}
