package io.dfc.api.spi;

/** What a {@link Backend} also is if it can measure the peak of its device. */
public interface PeakMeasuring {
    /**
     * Measures how fast the arithmetic units go when nothing else holds them up: multiply-adds on
     * registers alone, in the backend's compute type, on all threads. Takes a second or less.
     *
     * @return floating-point operations per second, a multiply-add counted as two
     */
    double measurePeak();
}
