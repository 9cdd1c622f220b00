package io.dfc.bench.measure;

import io.dfc.api.spi.Support;

import java.util.OptionalDouble;

/** Clock, backend and compilers that the bench uses; tests simulate them. */
interface Machine extends AutoCloseable {
    String backend();

    String device();

    int threads();

    /** Seconds since the command began. */
    double seconds();

    /**
     * Floating-point operations per second that the device is capable of; empty if the backend
     * cannot measure that.
     */
    OptionalDouble measurePeak();

    Support supports(BenchCase benchCase);

    Trial open(BenchCase benchCase, Size size);

    /**
     * Lets a compiler that is at work finish.
     *
     * @param seconds the longest time to wait
     * @return whether one was at work
     */
    boolean awaitCompiler(double seconds);

    @Override
    void close();
}
