package io.dfc.tornado.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dfc.api.error.BackendUnavailableException;
import io.dfc.api.network.Activation;
import io.dfc.api.noise.Philox;
import io.dfc.api.plan.Precision;
import io.dfc.api.spi.Device;
import io.dfc.tornado.backend.Devices;
import io.dfc.tornado.runtime.Fpga;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

import java.util.SplittableRandom;

/** The functions that kernels are made of, as plain Java. */
class DeviceFunctionsTest {
    private static final int CASES = 20_000;

    @Test
    void wordsAreThoseOfPhiloxBitForBit() {
        SplittableRandom random = new SplittableRandom(1);
        int[] expected = new int[4];
        for (int n = 0; n < CASES; n++) {
            int[] c = random.ints(6).toArray();
            Philox.block(c[0], c[1], c[2], c[3], c[4], c[5], expected, 0);
            for (int pick = 0; pick < 4; pick++) {
                assertThat(Normals.word(c[0], c[1], c[2], c[3], c[4], c[5], pick))
                        .isEqualTo(expected[pick]);
            }
        }
    }

    @Test
    void normalNumbersLieWithinTheStatedBound() {
        double[] expected = new double[CASES];
        int place = Philox.place(Philox.PHASE_FEEDBACK, 3, 77);
        long seed = 0x123456789ABCDEFL;
        Philox.normals(seed, place, 12, 345, expected, 0, CASES, new int[4]);
        for (int n = 0; n < CASES; n++) {
            assertThat((double) Normals.normal(n, place, 12, 345, (int) seed, (int) (seed >>> 32)))
                    .isCloseTo(expected[n], within(0x1p-20));
        }
    }

    @Test
    void theEndsOfTheIntervalAreNormalNumbersToo() {
        for (int word : new int[] {0, 1, -1, -2, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            double a = ((word & 0xFFFFFFFFL) + 0.5) * 0x1p-32;
            assertThat((double) Normals.radius(word))
                    .isCloseTo(Math.sqrt(-2 * Math.log(a)), within(0x1p-20));
            double angle = 2 * Math.PI * a;
            assertThat((double) Normals.trigonometric(word, 0))
                    .isCloseTo(Math.cos(angle), within(1e-6));
            assertThat((double) Normals.trigonometric(word, 1))
                    .isCloseTo(Math.sin(angle), within(1e-6));
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "2", "3"})
    void ratesAndTheirDifferencesKeepTheirDigits(int kind) {
        Activation activation =
                switch (kind) {
                    case TableCodes.LINEAR -> new Activation.Linear();
                    case TableCodes.TANH -> new Activation.Tanh();
                    case TableCodes.RECTIFIED -> new Activation.LeakyRelu(0.2);
                    default -> new Activation.Sigmoid();
                };
        SplittableRandom random = new SplittableRandom(2);
        for (int n = 0; n < CASES; n++) {
            float v = (float) random.nextDouble(-6, 6);
            float d = (float) (random.nextDouble(-1, 1) * Math.pow(10, -random.nextInt(9)));
            float r = Rates.rate(kind, 0.2f, v);
            float s = Rates.slope(kind, 0.2f, v);
            assertThat((double) r).isCloseTo(activation.value(v), within(1e-6));
            assertThat((double) s).isCloseTo(activation.derivative(v), within(1e-6));
            double expected = activation.difference(v, d);
            // A large change may be the difference of two rates, each with an error of its own.
            double slack = Math.abs(d) > 0.5 ? 1e-6 : 1e-30;
            assertThat((double) Rates.difference(kind, 0.2f, v, r, s, d))
                    .isCloseTo(expected, within(3e-6 * Math.abs(expected) + slack));
        }
    }

    @Test
    void weightsArePackedAndReadAsTheyAreRounded() {
        FloatArray powers = new FloatArray(1 + Bfloat16.POWERS);
        for (int code = 0; code < Bfloat16.POWERS; code++) {
            powers.set(1 + code, Bfloat16.power(code));
        }
        SplittableRandom random = new SplittableRandom(4);
        for (int n = 0; n < CASES; n++) {
            float w = Float.intBitsToFloat(random.nextInt());
            if (n % 2 == 0) {
                // A number halfway between two, as far as it is one.
                w = Float.intBitsToFloat(Float.floatToRawIntBits(w) & 0xFFFF0000 | 0x8000);
            }
            float rounded = (float) Precision.BFLOAT16.round(w);
            float expected = Math.abs(w) < 0x1p-113f ? 0 : rounded;
            int code = Bfloat16.code(powers, 1, w);
            assertThat(code).isBetween(0, 0xFFFF);
            if (Float.isFinite(expected)) {
                assertThat(Bfloat16.value(powers, 1, code)).isEqualTo(expected);
                assertThat(Bfloat16.value(powers, 1, (code << 16 | 0x3F80) >> 16))
                        .isEqualTo(expected);
            } else {
                assertThat(Bfloat16.value(powers, 1, code)).isInfinite();
            }
        }
    }

    @Test
    void bitstreamsAreListedAsTornadoVmReadsThem() {
        assertThat(Fpga.kernels("/tmp/lookupBufferAddress", "0:1"))
                .contains("/tmp/lookupBufferAddress,dfc1simulate4.k.device=0:1")
                .noneMatch(line -> line.contains("simulate8") || line.contains("simulate16"))
                .allSatisfy(line -> assertThat(line.split(",")).hasSize(2))
                .doesNotHaveDuplicates();
    }

    @Test
    void aDeviceWithTooLittleLocalMemoryIsRefusedInOneLine() {
        Device device = new Device("0:1", "small");
        assertThatThrownBy(() -> Devices.requireLocalMemory(device, 8 << 10))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessage(
                        "backend \"tornado\": device 0:1 has 8.0 KiB of local memory, the kernels"
                                + " need 14.0; choose another device");
        Devices.requireLocalMemory(device, 16 << 10);
    }
}
