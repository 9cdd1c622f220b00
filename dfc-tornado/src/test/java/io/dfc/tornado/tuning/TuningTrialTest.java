package io.dfc.tornado.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.tornado.backend.Devices;
import io.dfc.tornado.backend.TestBackends;

import org.junit.jupiter.api.Test;

/** The loop that sizes of work-groups are compared by. */
class TuningTrialTest {
    @Test
    void aTrialTakesTime() {
        TestBackends.requireDevice();
        double seconds =
                TuningTrial.seconds(Devices.find(Devices.list().getFirst()), new GroupSizes(64, 4));
        assertThat(seconds).isBetween(1e-6, 60.0);
    }
}
