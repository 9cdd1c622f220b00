package io.dfc.bench.measure;

import java.util.OptionalDouble;

/**
 * One measurement.
 *
 * @param backend name of the backend
 * @param network label of the network
 * @param workload label of the workload
 * @param threads number of threads
 * @param timing time of a minibatch
 * @param rate operations in that time
 */
public record BenchRow(
        String backend, String network, String workload, int threads, Timing timing, Rate rate) {
    /**
     * Operations counted, over the time that they took.
     *
     * @param gflops in 10^9 per second
     * @param peakFraction as a fraction of the measured peak, if that was measured
     * @param nearbyPeakFraction as a fraction of the peak just before and just after, if that was
     *     measured
     */
    public record Rate(
            double gflops, OptionalDouble peakFraction, OptionalDouble nearbyPeakFraction) {}

    /**
     * Tells whether another row measures the same.
     *
     * @param other the other row
     * @return whether network and workload agree, on whatever backend
     */
    public boolean matches(BenchRow other) {
        return network.equals(other.network) && workload.equals(other.workload);
    }
}
