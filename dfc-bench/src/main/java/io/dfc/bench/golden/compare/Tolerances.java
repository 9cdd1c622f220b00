package io.dfc.bench.golden.compare;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.tensor.ElementType;

import java.util.OptionalDouble;

/**
 * How much error is allowed. A backend that computes in float64 is held to 1e-9, one that computes
 * in float32 to 1e-4, or, where the files' own tolerances are asked for, to five times the error of
 * the published program itself in float32 if that is more. Counts and masks must agree exactly in
 * every case.
 *
 * @param useFloat32Error whether the published program's own float32 error widens the float32
 *     tolerance
 * @param fixed replaces all of the above, above 0 and finite, if present
 */
public record Tolerances(boolean useFloat32Error, OptionalDouble fixed) {
    /** Tolerance of a float64 computation. */
    public static final double FLOAT64 = 1e-9;

    /**
     * Tolerance of a float32 computation where the published program's own error is less than a
     * fifth of it.
     */
    public static final double FLOAT32 = 1e-4;

    private static final double FLOAT32_ERROR_FACTOR = 5;

    /** Checks the range. */
    public Tolerances {
        if (fixed.isPresent()
                && !(fixed.getAsDouble() > 0 && Double.isFinite(fixed.getAsDouble()))) {
            throw new BadConfigurationException(
                    "tolerance", "must be a finite number above 0, got " + fixed.getAsDouble());
        }
    }

    /** {@return the tolerances that the golden files prescribe} */
    public static Tolerances prescribed() {
        return new Tolerances(true, OptionalDouble.empty());
    }

    /**
     * {@return the tolerances to which backends are held unless others are asked for: those
     * prescribed, without regard to the published program's own error in float32}
     */
    public static Tolerances flat() {
        return new Tolerances(false, OptionalDouble.empty());
    }

    /**
     * The same tolerance for every quantity that is not exact, whatever the compute type.
     *
     * @param tolerance tolerance, above 0
     * @return the tolerances
     */
    public static Tolerances fixedAt(double tolerance) {
        return new Tolerances(false, OptionalDouble.of(tolerance));
    }

    /**
     * The tolerance of a quantity.
     *
     * @param measure how the quantity is compared
     * @param computeType type in which the backend computes
     * @param float32Error how far the published program strays in float32, by the same measure
     * @return the largest error allowed
     */
    public double of(Measure measure, ElementType computeType, double float32Error) {
        if (measure == Measure.EXACT) {
            return 0;
        }
        if (fixed.isPresent()) {
            return fixed.getAsDouble();
        }
        return switch (computeType) {
            case F64 -> FLOAT64;
            case F32 ->
                    useFloat32Error
                            ? Math.max(FLOAT32, FLOAT32_ERROR_FACTOR * float32Error)
                            : FLOAT32;
        };
    }
}
