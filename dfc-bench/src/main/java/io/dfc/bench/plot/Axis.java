package io.dfc.bench.plot;

import java.util.Optional;

/**
 * An axis.
 *
 * @param label what it shows, with its symbol and unit
 * @param logarithmic whether its scale is logarithmic; points at 0 or below are then left out
 * @param range both ends; absent: as the points are
 */
public record Axis(String label, boolean logarithmic, Optional<Range> range) {
    /**
     * Ends of an axis.
     *
     * @param low lower end
     * @param high upper end
     */
    public record Range(double low, double high) {}

    /**
     * A linear axis that goes as far as its points.
     *
     * @param label what it shows
     * @return the axis
     */
    public static Axis linear(String label) {
        return new Axis(label, false, Optional.empty());
    }

    /**
     * A linear axis with given ends.
     *
     * @param label what it shows
     * @param low lower end
     * @param high upper end
     * @return the axis
     */
    public static Axis between(String label, double low, double high) {
        return new Axis(label, false, Optional.of(new Range(low, high)));
    }

    /**
     * A logarithmic axis.
     *
     * @param label what it shows
     * @return the axis
     */
    public static Axis logarithmic(String label) {
        return new Axis(label, true, Optional.empty());
    }
}
