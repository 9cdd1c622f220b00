package io.dfc.bench.plot;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers at the ticks of an axis. */
final class TickText {
    private static final MathContext DIGITS = new MathContext(6);
    private static final double LARGE = 1e5;
    private static final double SMALL = 1e-3;

    private TickText() {}

    /**
     * Writes a number as short as it can be.
     *
     * @param value the number
     * @return such as {@code 0.25}, {@code 1500} or {@code 1e-5}
     */
    static String of(double value) {
        if (!Double.isFinite(value) || Math.abs(value) < Double.MIN_NORMAL) {
            return Double.isFinite(value) ? "0" : "";
        }
        BigDecimal short6 = new BigDecimal(value, DIGITS).stripTrailingZeros();
        double size = Math.abs(value);
        if (size >= SMALL && size < LARGE) {
            return short6.toPlainString();
        }
        int exponent = short6.precision() - short6.scale() - 1;
        return short6.movePointLeft(exponent).stripTrailingZeros().toPlainString() + "e" + exponent;
    }
}
