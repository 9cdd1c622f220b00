package io.dfc.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.function.DoubleUnaryOperator;

/** When a trial counts as warm, on a machine whose compilers never have anything to do. */
class BenchWarmUpTest {
    private static final double FAST = 0.006;
    private static final double SLOW = 0.06;
    private static final double LONGEST = 2;

    private final VirtualMachine machine = new VirtualMachine(1e10, 1, BenchCase::operations);
    private final double start = machine.seconds();
    private double last;

    /** {@return seconds until the trial was warm} */
    private double warmUp(DoubleUnaryOperator secondsOfARun) {
        Trial trial =
                new Trial() {
                    @Override
                    public double run() {
                        last = secondsOfARun.applyAsDouble(machine.seconds() - start);
                        machine.advance(last);
                        return last;
                    }

                    @Override
                    public int fallbackSamples() {
                        return 0;
                    }

                    @Override
                    public double errorEstimate() {
                        return 0;
                    }

                    @Override
                    public void close() {}
                };
        WarmUp.run(machine, trial, trial.run(), LONGEST);
        return machine.seconds() - start;
    }

    @Test
    void runsThatTakeAsLongAsEachOtherAreWarmSoon() {
        assertThat(warmUp(time -> FAST)).isLessThan(0.3);
    }

    @Test
    void codeThatWasThrownAwayIsWaitedFor() {
        assertThat(warmUp(time -> time > 0.05 && time < 1 ? SLOW : FAST)).isBetween(1.0, 1.4);
        assertThat(last).isEqualTo(FAST);
    }

    @Test
    void aMachineThatStaysSlowIsMeasuredAllTheSame() {
        assertThat(warmUp(time -> time > 0.05 ? SLOW : FAST)).isCloseTo(LONGEST, within(2 * SLOW));
    }
}
