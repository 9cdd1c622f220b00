package io.dfc.bench.plot;

import java.util.Optional;

/**
 * A curve of a panel: points in their order, and perhaps a band around them.
 *
 * @param label what it is; curves of one label share one line of the picture's legend
 * @param look how it looks
 * @param x abscissae
 * @param y ordinates, as many; NaN leaves a gap
 * @param band lower and upper ends at each point, if there is a band
 */
public record Curve(String label, Look look, double[] x, double[] y, Optional<Band> band) {
    /**
     * Ends of a band.
     *
     * @param low lower ends
     * @param high upper ends
     */
    public record Band(double[] low, double[] high) {}

    /** Checks the lengths. */
    public Curve {
        if (x.length != y.length
                || band.isPresent()
                        && (band.get().low().length != x.length
                                || band.get().high().length != x.length)) {
            throw new IllegalArgumentException(
                    "curve " + label + ": as many numbers for every point are needed");
        }
    }

    /**
     * A curve without a band.
     *
     * @param label what it is
     * @param look how it looks
     * @param x abscissae
     * @param y ordinates
     */
    public Curve(String label, Look look, double[] x, double[] y) {
        this(label, look, x, y, Optional.empty());
    }
}
