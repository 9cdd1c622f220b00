package io.dfc.bench.measure;

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
 * @param peakFraction that rate as a fraction of the measured peak, if that was measured
 * @param nearbyPeakFraction the same of the peak as it was just before and just after
 * @param fallbackSamples samples that were simulated although the solver looks for a shorter way
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
        OptionalDouble peakFraction,
        OptionalDouble nearbyPeakFraction,
        int fallbackSamples,
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
