package io.dfc.cpu.simd.reduced;

import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.cpu.simd.kernel.Simd;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.SplittableRandom;

/** A loop of some vectors of samples against loops of one vector each. */
class OutputLoopTest {
    private static final int DEPTH = 3;
    private static final int STEPS = 40;

    private final ProportionalIntegralController controller =
            new ProportionalIntegralController(1.5, 0.01);
    private final Dynamics dynamics = new Dynamics(0.01, STEPS + 1, 0.2);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7})
    void samplesDoNotDependOnHowManyLieSideBySide(int outputs) {
        int vectors = Simd.TILE / LANES;
        OutputLoop wide = new OutputLoop(controller, dynamics, DEPTH, outputs, vectors * LANES);
        OutputLoop[] narrow = new OutputLoop[vectors];
        for (int v = 0; v < vectors; v++) {
            narrow[v] = new OutputLoop(controller, dynamics, DEPTH, outputs);
        }
        SplittableRandom random = new SplittableRandom(outputs);
        float[] gain = new float[outputs * outputs];
        for (int s = 0; s < wide.lanes; s++) {
            OutputLoop own = narrow[s / LANES];
            int lane = s % LANES;
            for (int i = 0; i < DEPTH; i++) {
                for (int k = 0; k < gain.length; k++) {
                    gain[k] = (float) random.nextDouble(k % (outputs + 1) == 0 ? 0.5 : -0.1, 0.6);
                }
                wide.setGain(i, s, gain, 0, outputs);
                own.setGain(i, lane, gain, 0, outputs);
            }
            for (int j = 0; j < outputs; j++) {
                float distance = (float) random.nextDouble(-1, 1);
                wide.distance[j * wide.lanes + s] = distance;
                own.distance[j * LANES + lane] = distance;
            }
        }
        wide.run(STEPS, false, true);
        for (OutputLoop loop : narrow) {
            loop.run(STEPS, false, true);
        }
        for (int s = 0; s < wide.lanes; s++) {
            OutputLoop own = narrow[s / LANES];
            int lane = s % LANES;
            for (int j = 0; j < outputs; j++) {
                assertThat(wide.output(j, s)).isNotZero().isEqualTo(own.output(j, lane));
                assertThat(wide.error[j * wide.lanes + s]).isEqualTo(own.error[j * LANES + lane]);
            }
            assertThat(wide.lag(s)).isEqualTo(own.lag(lane));
            assertThat(wide.largestOutput[s]).isEqualTo(own.largestOutput[lane]);
            assertThat(wide.moments.variance(LoopMoments.CONTROL, s, STEPS))
                    .isEqualTo(own.moments.variance(LoopMoments.CONTROL, lane, STEPS));
        }
        boolean[] decays = wide.decays();
        for (int s = 0; s < wide.lanes; s++) {
            assertThat(decays[s]).isEqualTo(narrow[s / LANES].decays()[s % LANES]);
        }
    }
}
