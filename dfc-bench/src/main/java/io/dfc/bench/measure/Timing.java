package io.dfc.bench.measure;

/**
 * How long a minibatch takes, and what the backend told about it.
 *
 * @param size size of the minibatch
 * @param seconds median time
 * @param runs number of times that the median is of
 * @param fallbackSamples samples that were simulated although the solver avoids simulation
 * @param errorEstimate the solver's estimate of the error of its updates; 0 if it gives none
 */
public record Timing(
        Size size, double seconds, int runs, int fallbackSamples, double errorEstimate) {}
