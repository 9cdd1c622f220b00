package io.dfc.bench.measure;

/** A case made ready at one size, to be run as often as wanted. */
interface Trial extends AutoCloseable {
    /** Runs a minibatch; returns the seconds that it took. */
    double run();

    /** Samples of the last run that were simulated although the solver avoids simulation. */
    int fallbackSamples();

    /** Estimated error of the last run's updates. */
    double errorEstimate();

    @Override
    void close();
}
