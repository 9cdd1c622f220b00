package io.dfc.algorithms.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;

class TrainingEventsTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void whatNobodyRecordsAllocatesNothing() {
        TrainingEvents events = TrainingEvents.ofThisMachine();
        assertThat(events).isInstanceOf(FlightRecorderEvents.class);
        tell(events);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        tell(events);
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isZero();
    }

    private static void tell(TrainingEvents events) {
        for (int i = 0; i < 10_000; i++) {
            events.beginMinibatch();
            events.beginPhase();
            events.endPhase("control");
            events.endMinibatch("forward", 1, i, 8, 0.5);
        }
    }

    @Test
    void aVirtualMachineWithoutFlightRecorderIsNoFault() {
        TrainingEvents none = new NoEvents();
        tell(none);
        assertThat(none).isInstanceOf(TrainingEvents.class);
    }
}
