package io.dfc.algorithms.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.train.MinibatchEvent;
import io.dfc.algorithms.train.TrainingListener;
import io.dfc.algorithms.train.TrainingResult;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

class ModelInterruptTest {
    @TempDir private Path folder;

    @AfterEach
    void wakeUp() {
        Thread.interrupted();
    }

    private static Data data() {
        return Data.of(Blobs.x(90, 1), Blobs.classes(90));
    }

    /** Interrupts its own thread in a minibatch of an epoch, and counts those after it. */
    private static final class Interrupting implements TrainingListener {
        private final int epoch;
        private final int minibatch;
        private int after = -1;

        Interrupting(int epoch, int minibatch) {
            this.epoch = epoch;
            this.minibatch = minibatch;
        }

        @Override
        public void minibatchDone(MinibatchEvent event) {
            after += after >= 0 ? 1 : 0;
            if (event.epoch() == epoch && event.minibatch() == minibatch) {
                after = 0;
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void anInterruptEndsAFitWithinAMinibatchAndKeepsTheLastEpoch() {
        float[][] x = Blobs.x(8, 2);
        try (Model whole = Blobs.model(Methods.named("bp").with("forward.schedule", "constant"));
                Model cut = Blobs.model(Methods.named("bp").with("forward.schedule", "constant"))) {
            whole.fit(data(), Fit.epochs(2).batch(15));
            Interrupting third = new Interrupting(3, 2);

            FitResult result = cut.fit(data(), Fit.epochs(50).batch(15).listener(third));

            assertThat(Thread.interrupted()).isTrue();
            assertThat(result.interrupted()).isTrue();
            assertThat(result.reason()).isEqualTo(TrainingResult.Reason.INTERRUPTED);
            assertThat(result.epochs()).isEqualTo(2);
            assertThat(third.after).isZero();
            assertThat(cut.predict(x)).isDeepEqualTo(whole.predict(x));
        }
    }

    @Test
    void aModelInterruptedBeforeItsFirstEpochHasLearntNothingAndMayBeginAgain() {
        try (Model model = Blobs.model(Methods.named("bp"))) {
            FitResult result =
                    model.fit(data(), Fit.epochs(5).batch(15).listener(new Interrupting(1, 2)));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(result.epochs()).isZero();
            assertThatThrownBy(() -> model.predict(Blobs.x(1, 1)))
                    .hasMessageContaining("learnt nothing yet");

            assertThat(model.fit(data(), Fit.epochs(1).batch(15)).epochs()).isEqualTo(1);
        }
    }

    @Test
    void cancellingTheFutureEndsTheFit() throws Exception {
        CountDownLatch running = new CountDownLatch(3);
        AtomicReference<FitResult> result = new AtomicReference<>();
        try (Model model = Blobs.model(Methods.named("bp"));
                ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<?> fit =
                    threads.submit(
                            () ->
                                    result.set(
                                            model.fit(
                                                    data(),
                                                    Fit.epochs(1_000_000)
                                                            .batch(15)
                                                            .onEpoch(_ -> running.countDown()))));
            boolean ran = running.await(30, TimeUnit.SECONDS);

            assertThat(fit.cancel(true)).isTrue();
            assertThat(ran).isTrue();
            threads.shutdown();
            assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();

            assertThat(result.get().interrupted()).isTrue();
            assertThat(result.get().epochs()).isGreaterThanOrEqualTo(3);
            assertThat(model.classify(Blobs.x(3, 2))).hasSize(3);
        }
    }

    @Test
    void anInterruptedThreadSavesAndLoadsAndPredicts() {
        Path file = folder.resolve("model");
        try (Model model = Blobs.fitted(Methods.named("bp"), 1)) {
            Thread.currentThread().interrupt();
            model.save(file);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
            try (Model back = Model.load(file)) {
                assertThat(back.classify(Blobs.x(3, 2))).isEqualTo(model.classify(Blobs.x(3, 2)));
            }
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void anInterruptEndsTheWaitForAPublisher() {
        Samples<Sample> slow =
                Samples.of(
                        10,
                        i -> {
                            try {
                                Thread.sleep(60_000);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            return Sample.of(new float[] {i}, 0);
                        });
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Data.collect(slow, 10)).isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(slow.isCancelled()).isTrue();
    }
}
