package io.dfc.api.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.SplittableRandom;

class PrecisionTest {
    @ParameterizedTest
    @CsvSource({
        "1, 1",
        // Halves go to the even neighbour.
        "1.00390625, 1",
        "1.01171875, 1.015625",
        "-1.01171875, -1.015625",
        "1.0039064, 1.0078125",
        // The carry goes into the exponent.
        "1.999, 2",
        "-0.0, -0.0",
        "1e-45, 0",
        "3.4e38, Infinity",
        "1e300, Infinity",
        "-Infinity, -Infinity",
        "NaN, NaN"
    })
    void bfloat16TakesTheNearestOfItsNumbers(double weight, double expected) {
        assertThat(Precision.BFLOAT16.round(weight)).isEqualTo(Double.valueOf(expected));
    }

    @Test
    void theErrorIsAtMost2ToTheMinus8OfTheWeight() {
        SplittableRandom random = new SplittableRandom(1);
        for (int n = 0; n < 10_000; n++) {
            double weight = random.nextDouble(-1, 1) * Math.pow(2, random.nextInt(-30, 30));
            double rounded = Precision.BFLOAT16.round(weight);
            assertThat(rounded).isCloseTo(weight, within(0x1p-8 * Math.abs(weight)));
            assertThat(Precision.BFLOAT16.round(rounded)).isEqualTo(rounded);
            assertThat(Float.floatToRawIntBits((float) rounded) & 0xFFFF).isZero();
        }
    }

    @Test
    void fullPrecisionChangesNothing() {
        assertThat(Precision.FULL.round(Math.PI)).isEqualTo(Math.PI);
    }
}
