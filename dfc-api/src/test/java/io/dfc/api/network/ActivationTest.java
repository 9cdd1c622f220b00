package io.dfc.api.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dfc.api.error.BadConfigurationException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.stream.Stream;

class ActivationTest {
    private static final MathContext DIGITS = new MathContext(60);
    private static final double[] VOLTAGES = {-8, -1.25, -1e-3, 0, 1e-3, 0.75, 3, 8};
    private static final double[] CHANGES = {1e-14, -1e-9, 1e-6, -1e-3, 0.5, -2, 4, -16};

    static Stream<Activation> activations() {
        return Stream.of(
                new Activation.Linear(),
                new Activation.Tanh(),
                new Activation.Relu(),
                new Activation.LeakyRelu(0.2),
                new Activation.Sigmoid());
    }

    @ParameterizedTest
    @MethodSource("activations")
    void keepsTheDigitsOfARateDifference(Activation activation) {
        for (double v : VOLTAGES) {
            for (double d : CHANGES) {
                BigDecimal start = new BigDecimal(v);
                double exact =
                        rate(activation, start.add(new BigDecimal(d)))
                                .subtract(rate(activation, start))
                                .doubleValue();
                assertThat(activation.difference(v, d))
                        .as("%s from %s by %s", activation, v, d)
                        .isCloseTo(exact, within(1e-9 * Math.abs(exact)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("activations")
    void hasASlopeThatItsDifferencesTendTo(Activation activation) {
        for (double v : VOLTAGES) {
            double step = 1e-9;
            assertThat(activation.derivative(v))
                    .as("%s at %s", activation, v)
                    .isCloseTo(activation.difference(v, step) / step, within(1e-6));
        }
    }

    static Stream<Activation> invertible() {
        return activations().filter(Activation::isInvertible);
    }

    @ParameterizedTest
    @MethodSource("invertible")
    void findsTheVoltageOfARate(Activation activation) {
        for (double v : VOLTAGES) {
            // A rate near its bound has lost digits of its voltage.
            double lost = 1e-15 / activation.derivative(v);
            assertThat(activation.inverse(activation.value(v)))
                    .as("%s at %s", activation, v)
                    .isCloseTo(v, within(1e-15 * Math.abs(v) + lost));
        }
    }

    @Test
    void keepsTheDigitsOfSmallRates() {
        assertThat(new Activation.Tanh().inverse(1e-300)).isEqualTo(1e-300);
        assertThat(new Activation.Sigmoid().inverse(1e-300))
                .isCloseTo(-690.7755278982137, within(1e-12));
    }

    @Test
    void hasNoVoltageForARateThatNoneHas() {
        for (Activation activation : List.of(new Activation.Tanh(), new Activation.Sigmoid())) {
            assertThat(activation.inverse(1)).isEqualTo(Double.POSITIVE_INFINITY);
            assertThat(activation.inverse(1.5)).isNaN();
        }
        assertThat(new Activation.Tanh().inverse(-1)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(new Activation.Sigmoid().inverse(0)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(new Activation.Sigmoid().inverse(-0.5)).isNaN();
    }

    @Test
    void refusesToInvertWhatMapsManyVoltagesToOneRate() {
        for (Activation activation : List.of(new Activation.Relu(), new Activation.LeakyRelu(0))) {
            assertThat(activation.isInvertible()).isFalse();
            assertThatThrownBy(() -> activation.inverse(1))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("has no inverse");
        }
    }

    @Test
    void keepsRatesFiniteAtExtremeVoltages() {
        Activation sigmoid = new Activation.Sigmoid();
        assertThat(sigmoid.value(-1000)).isZero();
        assertThat(sigmoid.value(1000)).isEqualTo(1);
        assertThat(sigmoid.difference(-1000, 2000)).isEqualTo(1);
        assertThat(new Activation.Tanh().difference(-1000, 2000)).isEqualTo(2);
    }

    @Test
    void refusesASlopeOutsideItsRange() {
        assertThatThrownBy(() -> new Activation.LeakyRelu(1))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("must lie in [0, 1), got 1.0");
    }

    private static BigDecimal rate(Activation activation, BigDecimal v) {
        return switch (activation) {
            case Activation.Linear linear -> v;
            case Activation.Relu relu -> v.max(BigDecimal.ZERO);
            case Activation.LeakyRelu(double slope) ->
                    v.signum() < 0 ? v.multiply(new BigDecimal(slope)) : v;
            case Activation.Sigmoid sigmoid ->
                    BigDecimal.ONE.divide(BigDecimal.ONE.add(exp(v.negate())), DIGITS);
            case Activation.Tanh tanh -> {
                BigDecimal e = exp(v.add(v));
                yield e.subtract(BigDecimal.ONE).divide(e.add(BigDecimal.ONE), DIGITS);
            }
        };
    }

    /** The exponential series of a small part of the argument, squared back. */
    private static BigDecimal exp(BigDecimal x) {
        int halvings = 12;
        BigDecimal small = x.divide(BigDecimal.TWO.pow(halvings), DIGITS);
        BigDecimal term = BigDecimal.ONE;
        BigDecimal sum = BigDecimal.ONE;
        for (int n = 1; n < 40; n++) {
            term = term.multiply(small, DIGITS).divide(new BigDecimal(n), DIGITS);
            sum = sum.add(term);
        }
        for (int i = 0; i < halvings; i++) {
            sum = sum.multiply(sum).setScale(60, RoundingMode.HALF_EVEN);
        }
        return sum;
    }
}
