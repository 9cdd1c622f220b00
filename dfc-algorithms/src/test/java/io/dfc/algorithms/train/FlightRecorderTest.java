package io.dfc.algorithms.train;

import static org.assertj.core.api.Assertions.assertThat;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a recording of Flight Recorder holds of a run. */
class FlightRecorderTest {
    @TempDir private Path folder;

    /** Events of a run, without those of some names. */
    private List<RecordedEvent> eventsWithout(String... names) throws Exception {
        Path file = folder.resolve("run.jfr");
        try (Recording recording = new Recording()) {
            for (String name : names) {
                recording.disable(name);
            }
            recording.start();
            SmallRun.run(SmallRun.dfc(2, 1), SmallRun.data());
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("io.dfc."))
                .toList();
    }

    @Test
    void eachMinibatchAndEachPartOfIt() throws Exception {
        List<RecordedEvent> all = eventsWithout();
        int sweep = (SmallRun.TRAINING_SAMPLES + SmallRun.BATCH - 1) / SmallRun.BATCH;
        // Two of pre-training, and in each of two epochs feedback, forward, feedback.
        int minibatches = (2 + 2 * 3) * sweep;
        List<RecordedEvent> whole = named(all, "io.dfc.Minibatch");
        assertThat(whole).hasSize(minibatches);
        assertThat(whole)
                .extracting(e -> e.getString("sweep"), e -> e.getInt("epoch"))
                .contains(
                        org.assertj.core.groups.Tuple.tuple("pre-training", 0),
                        org.assertj.core.groups.Tuple.tuple("forward", 1),
                        org.assertj.core.groups.Tuple.tuple("feedback", 2));
        assertThat(whole.stream().mapToInt(e -> e.getInt("samples")).sum())
                .isEqualTo((2 + 2 * 3) * SmallRun.TRAINING_SAMPLES);
        assertThat(whole)
                .allSatisfy(
                        e -> {
                            assertThat(e.getInt("minibatch")).isBetween(1, sweep);
                            assertThat(e.getDouble("loss")).isPositive();
                            assertThat(e.getDuration().toNanos()).isPositive();
                        });
        List<RecordedEvent> parts = named(all, "io.dfc.Phase");
        assertThat(parts).hasSize(4 * minibatches);
        assertThat(names(parts))
                .containsExactlyInAnyOrder("gather", "forward", "control", "feedback", "step");
    }

    @Test
    void nothingThatWasTurnedOff() throws Exception {
        assertThat(eventsWithout("io.dfc.Minibatch", "io.dfc.Phase")).isEmpty();
        List<RecordedEvent> parts = eventsWithout("io.dfc.Minibatch");
        assertThat(names(parts)).contains("control");
        assertThat(named(parts, "io.dfc.Minibatch")).isEmpty();
    }

    private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
        return events.stream().filter(e -> e.getEventType().getName().equals(name)).toList();
    }

    private static Set<String> names(List<RecordedEvent> parts) {
        return parts.stream().map(e -> e.getString("phase")).collect(Collectors.toSet());
    }
}
