package io.dfc.algorithms.store;

/**
 * Properties of a run in its summary, apart from its results.
 *
 * @param method method, such as {@code dfc-ss}
 * @param data data set
 * @param dataFingerprint digest of the data
 * @param solver solver of the control phase, or {@code none}
 * @param device backend and device
 * @param seed seed
 * @param parameters number of weights and biases
 * @param version version of this program
 */
public record RunInfo(
        String method,
        String data,
        String dataFingerprint,
        String solver,
        RunDevice device,
        long seed,
        long parameters,
        String version) {}
