package io.dfc.algorithms.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.store.Checkpoint;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A run whose thread is interrupted ends within a minibatch, at its last epoch. */
class InterruptedRunTest {
    @TempDir private Path folder;

    @AfterEach
    void wakeUp() {
        Thread.interrupted();
    }

    /** Interrupts its own thread after some minibatches, and counts those that follow. */
    private static final class Interrupting implements TrainingListener {
        private final int at;
        private int minibatches;
        private TrainingResult result;

        Interrupting(int at) {
            this.at = at;
        }

        @Override
        public void minibatchDone(MinibatchEvent event) {
            if (++minibatches == at) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void finished(TrainingResult end) {
            result = end;
        }
    }

    private byte[] file(TrainingSnapshot snapshot) throws Exception {
        Path file = folder.resolve("checkpoint");
        Checkpoint.write(file, snapshot);
        return Files.readAllBytes(file);
    }

    @Test
    void itsResultIsTheLastEpochFromWhichItGoesOnToTheSameBits() throws Exception {
        TrainingSpec spec = SmallRun.dfc(3, 1);
        byte[] whole = file(SmallRun.run(spec, SmallRun.data()).snapshot());
        // Two sweeps of pre-training and one epoch of three sweeps, each of four minibatches.
        Interrupting second = new Interrupting(2 * 4 + 3 * 4 + 5);

        TrainingResult cut = SmallRun.run(spec, SmallRun.data(), second);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(cut.reason()).isEqualTo(TrainingResult.Reason.INTERRUPTED);
        assertThat(second.result).isSameAs(cut);
        assertThat(second.minibatches).isEqualTo(25);
        assertThat(cut.snapshot().progress().epochs()).isEqualTo(1);
        TrainingResult rest = SmallRun.resume(spec, SmallRun.data(), cut.snapshot());
        assertThat(rest.reason()).isEqualTo(TrainingResult.Reason.COMPLETE);
        assertThat(file(rest.snapshot())).isEqualTo(whole);
    }

    @Test
    void pretrainingKeepsItsFinishedSweeps() {
        TrainingResult cut = SmallRun.run(SmallRun.dfc(3, 1), SmallRun.data(), new Interrupting(6));

        assertThat(cut.reason()).isEqualTo(TrainingResult.Reason.INTERRUPTED);
        assertThat(cut.snapshot().progress().pretrainingSweeps()).isEqualTo(1);
        assertThat(cut.snapshot().progress().epochs()).isZero();
    }

    @Test
    void aThreadThatIsInterruptedBeforeLearnsNothing() {
        Interrupting none = new Interrupting(-1);
        Thread.currentThread().interrupt();
        TrainingResult cut = SmallRun.run(SmallRun.dfc(3, 1), SmallRun.data(), none);

        assertThat(none.minibatches).isZero();
        assertThat(cut.snapshot().progress()).isEqualTo(Progress.none());
    }

    @Test
    void theEngineHoldsTheLastEpochToo() {
        TrainingSpec spec = SmallRun.dfc(3, 1);
        try (Backend backend =
                        Backends.discover()
                                .select(
                                        "reference",
                                        BackendOptions.defaults(),
                                        List.of(spec.plan()))
                                .backend();
                Engine engine = backend.compile(spec.plan())) {
            TrainingResult cut =
                    new Trainer(spec, SmallRun.data(), List.of(new Interrupting(25)))
                            .resume(engine, TrainingSnapshot.start(spec.initial()));

            assertThat(engine.snapshot().parameters().weights().getFirst().toDoubles())
                    .containsExactly(
                            cut.snapshot().state().parameters().weights().getFirst().toDoubles());
        }
    }
}
