package io.dfc.cpu.simd.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.network.Activation;

import org.junit.jupiter.api.Test;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/** Errors of the vectorised activation functions in units of the last place, over the floats. */
class RatesTest {
    private static final int CHUNK = 1 << 16;
    private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

    /** Below it the functions are their first-order forms to the last digit of float64. */
    private static final double TINY = 1e-6;

    /** Distance of the floats compared; {@code -Ddfc.simd.test.every=1} takes minutes. */
    private static final int EVERY = Integer.getInteger("dfc.simd.test.every", 7);

    private record Worst(double rate, double slope) {
        Worst max(Worst other) {
            return new Worst(Math.max(rate, other.rate), Math.max(slope, other.slope));
        }
    }

    @Test
    void tanhIsWithinFiveUlp() {
        Worst worst =
                worst(
                        new Activation.Tanh(),
                        x -> Math.abs(x) < TINY ? x : Math.tanh(x),
                        x -> {
                            double e = Math.exp(-2 * Math.abs(x));
                            return 4 * e / ((1 + e) * (1 + e));
                        });
        assertThat(worst.rate()).isLessThanOrEqualTo(5);
        assertThat(worst.slope()).isLessThanOrEqualTo(6);
    }

    @Test
    void sigmoidIsWithinFourUlp() {
        Worst worst =
                worst(
                        new Activation.Sigmoid(),
                        x -> {
                            double e = Math.exp(-Math.abs(x));
                            return (x < 0 ? e : 1) / (1 + e);
                        },
                        x -> {
                            double e = Math.exp(-Math.abs(x));
                            return e / ((1 + e) * (1 + e));
                        });
        assertThat(worst.rate()).isLessThanOrEqualTo(4);
        assertThat(worst.slope()).isLessThanOrEqualTo(6);
    }

    /**
     * The worst errors. Results below the smallest normal number, where float32 has fewer digits
     * and exp is cut off, count absolutely.
     */
    private static Worst worst(
            Activation activation, DoubleUnaryOperator rate, DoubleUnaryOperator slope) {
        int chunks = INFINITY / CHUNK;
        return IntStream.range(0, 2 * chunks)
                .parallel()
                .mapToObj(c -> worst(c % chunks, c >= chunks, activation, rate, slope))
                .reduce(new Worst(0, 0), Worst::max);
    }

    private static Worst worst(
            int chunk,
            boolean negative,
            Activation activation,
            DoubleUnaryOperator rate,
            DoubleUnaryOperator slope) {
        float[] v = new float[CHUNK];
        for (int i = 0; i < CHUNK; i++) {
            float x = Float.intBitsToFloat(chunk * CHUNK + i);
            v[i] = negative ? -x : x;
        }
        float[] r = new float[CHUNK];
        float[] s = new float[CHUNK];
        Rates.evaluate(activation, v, r, s, 0, CHUNK);
        double worstRate = 0;
        double worstSlope = 0;
        // Far out and close to zero the functions hardly change, and a negative voltage takes the
        // way of the positive one: a sample of those is enough for the expensive comparison. Of the
        // positive floats in between every seventh is compared, which meets all lanes in turn.
        double first = Math.abs((double) v[0]);
        int stride = negative || first > 200 || first < TINY ? 61 : EVERY;
        for (int i = 0; i < CHUNK; i += stride) {
            worstRate = Math.max(worstRate, ulps(r[i], rate.applyAsDouble(v[i])));
            worstSlope = Math.max(worstSlope, ulps(s[i], slope.applyAsDouble(v[i])));
        }
        return new Worst(worstRate, worstSlope);
    }

    private static double ulps(float found, double exact) {
        if (Math.abs(exact) < Float.MIN_NORMAL * 1024) {
            return Math.abs(found - exact) < Float.MIN_NORMAL * 2048 ? 0 : Double.POSITIVE_INFINITY;
        }
        double error = Math.abs(found - exact) / Math.ulp((float) exact);
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    }
}
