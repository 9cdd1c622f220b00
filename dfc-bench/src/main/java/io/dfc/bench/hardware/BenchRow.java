package io.dfc.bench.hardware;

import java.util.OptionalDouble;

/**
 * One measurement.
 *
 * @param backend name of the backend
 * @param network label of the network
 * @param workload label of the workload
 * @param batch number of samples
 * @param steps number of Euler steps; 0 for a workload without time
 * @param threads number of threads
 * @param seconds median time of a minibatch
 * @param gflops operations counted, in 10^9 per second
 * @param peakFraction that rate as a fraction of the measured peak
 * @param nearbyPeakFraction the same of the peak as it was just before and just after
 * @param simulated samples that were simulated although the solver looks for a shorter way
 * @param errorEstimate the solver's estimate of the error of its updates; 0 if it gives none
 * @param runs number of runs that the median is of
 */
public record BenchRow(
        String backend,
        String network,
        String workload,
        int batch,
        int steps,
        int threads,
        double seconds,
        double gflops,
        double peakFraction,
        OptionalDouble nearbyPeakFraction,
        int simulated,
        double errorEstimate,
        int runs) {
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
