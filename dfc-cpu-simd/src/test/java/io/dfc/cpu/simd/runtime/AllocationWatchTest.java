package io.dfc.cpu.simd.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;

/** A process whose vectors have become objects says so, once, and no other does. */
class AllocationWatchTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int FORWARD = 0;
    private static final int CONTROL = 1;

    private final List<String> said = new ArrayList<>();
    private long bytes;
    private long now = SECOND;
    private final AllocationWatch watch =
            new AllocationWatch(
                    List.of("forward", "control"), () -> bytes, () -> now, new Recording());

    /** Keeps what is logged. */
    private final class Recording implements System.Logger {
        @Override
        public String getName() {
            return "test";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String text, Throwable thrown) {
            said.add(level + " " + text);
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... values) {
            said.add(level + " " + MessageFormat.format(format, values));
        }
    }

    private void call(int phase, int allocated) {
        watch.begin();
        bytes += allocated;
        now += SECOND;
        watch.end(phase);
    }

    @Test
    void aWarmPhaseThatGoesOnAllocatingIsNamedOnce() {
        for (int i = 0; i < 500; i++) {
            call(CONTROL, 4096);
        }

        assertThat(said).hasSize(1);
        assertThat(said.getFirst())
                .startsWith("WARNING control phase")
                .contains("4,096 bytes")
                .contains("objects of vectors");
    }

    @Test
    void callsThatAllocateNothingInBetweenAreFine() {
        for (int i = 0; i < 500; i++) {
            call(CONTROL, i % AllocationWatch.CALLS == 0 ? 0 : 4096);
        }

        assertThat(said).isEmpty();
    }

    @Test
    void nothingIsSaidWhileThePhaseIsStillWarmingUp() {
        for (int i = 0; now < AllocationWatch.WARM_NANOS; i++) {
            call(FORWARD, 4096);
        }
        for (int i = 0; i < 500; i++) {
            call(FORWARD, 0);
        }

        assertThat(said).isEmpty();
    }

    @Test
    void thisMachineCountsWhatAThreadAllocates() {
        var meter = ThreadAllocation.meter();
        long before = meter.getAsLong();
        byte[] block = new byte[1 << 20];

        assertThat(meter.getAsLong() - before).isGreaterThanOrEqualTo(block.length);
    }
}
