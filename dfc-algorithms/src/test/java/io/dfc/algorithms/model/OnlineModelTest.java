package io.dfc.algorithms.model;

import static io.dfc.api.network.Activations.TANH;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dfc.algorithms.train.Evaluation;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.DivergenceException;
import io.dfc.api.network.Network;
import io.dfc.api.spi.Backends;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Learning sample by sample and from streams, beside threads that predict. */
class OnlineModelTest {
    private static final float[] X = {1, -1, 0.5f, 0};

    private static Sample sample(int i) {
        float[] x = new float[4];
        x[i % 3] = 1;
        x[3] = (i * 37 % 11) / 11f;
        return Sample.of(x, i % 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dfc-ssa", "dfc", "bp", "fa", "lcp-kp", "strong-dfc-2phase"})
    void learnsSampleBySampleFromNothing(String method) {
        try (Model model = Blobs.model(Methods.named(method).with("forward.learning-rate", 0.02))) {
            Evaluation first = null;
            Evaluation last = null;
            for (int i = 0; i < 120; i++) {
                float[] x = new float[4];
                x[i % 3] = 1;
                last = model.learn(x, i % 3);
                first = first == null ? last : first;
            }
            assertThat(last.loss()).isLessThan(0.8 * first.loss());
            assertThat(model.classify(new float[][] {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}))
                    .containsExactly(0, 1, 2);
        }
    }

    @Test
    void sampleBySampleIsTheSameAsAStreamAndASeedFixesTheBits() throws Exception {
        List<float[][]> scores = new ArrayList<>();
        for (int way = 0; way < 2; way++) {
            try (Model model = Blobs.model(Dfc.trajectory())) {
                if (way == 0) {
                    for (int i = 0; i < 40; i++) {
                        model.learn(Data.of(List.of(sample(i))));
                    }
                } else {
                    long learnt =
                            model.learn(Samples.of(40, OnlineModelTest::sample), 1)
                                    .get(30, TimeUnit.SECONDS);
                    assertThat(learnt).isEqualTo(40);
                }
                scores.add(model.predict(new float[][] {X}));
            }
        }
        assertThat(scores.get(1)).isDeepEqualTo(scores.get(0));
    }

    @Test
    void goesOnFromAFitInItsUnits() {
        try (Model model = Blobs.fitted(Methods.named("bp"), 3)) {
            double before = model.evaluate(data(60, 5)).loss();
            for (int i = 0; i < 20; i++) {
                model.learn(data(30, i));
            }
            assertThat(model.evaluate(data(60, 5)).loss()).isLessThan(before);
        }
    }

    private static Data data(int rows, long seed) {
        return Data.of(Blobs.x(rows, seed), Blobs.classes(rows));
    }

    @Test
    void aStreamIsNeverAskedForMoreThanAMinibatch() throws Exception {
        try (Model model = Blobs.model(Methods.named("bp"))) {
            Samples<Sample> stream = Samples.of(103, OnlineModelTest::sample);
            assertThat(model.learn(stream, 10).get(30, TimeUnit.SECONDS)).isEqualTo(103);
            assertThat(stream.mostDemanded()).isEqualTo(10);
            // Ten minibatches, and what was left at the end.
            assertThat(model.snapshot().minibatches()).isEqualTo(11);
        }
    }

    @Test
    void cancellingEndsAStreamWithoutAnEnd() throws Exception {
        try (Model model = Blobs.model(Methods.named("bp"))) {
            Samples<Sample> stream = Samples.of(Integer.MAX_VALUE, OnlineModelTest::sample);
            CompletableFuture<Long> learning = model.learn(stream, 4);
            while (stream.published() < 50 && !learning.isDone()) {
                Thread.onSpinWait();
            }
            assertThat(learning.cancel(true)).isTrue();
            assertThat(stream.isCancelled()).isTrue();
            assertThat(model.classify(new float[][] {X})).hasSize(1);
        }
    }

    @Test
    void aBadSampleEndsTheStreamAndWhatWasLearntStays() {
        try (Model model = Blobs.model(Methods.named("bp"))) {
            Samples<Sample> stream =
                    Samples.of(
                            30,
                            i ->
                                    i == 20
                                            ? Sample.of(new float[] {1, Float.NaN, 0, 0}, 1)
                                            : sample(i));
            CompletableFuture<Long> learning = model.learn(stream, 5);
            assertThatThrownBy(() -> learning.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(BadDataException.class)
                    .hasMessageContaining("x: row 0, number 1 is NaN");
            assertThat(stream.isCancelled()).isTrue();
            assertThat(model.snapshot().minibatches()).isEqualTo(4);
        }
    }

    /**
     * Every parameter steps by the same rate at once, so that a torn read would show as scores that
     * belong to no moment: those of all moments are known beforehand.
     */
    @Test
    void otherThreadsPredictWithTheParametersOfOneMoment() throws Exception {
        int steps = 60;
        Set<String> moments = ConcurrentHashMap.newKeySet();
        try (Model model = Blobs.model(Methods.named("bp"))) {
            for (int i = 0; i < steps; i++) {
                model.learn(Data.of(List.of(sample(i))));
                moments.add(Arrays.toString(model.predict(X)));
            }
        }
        assertThat(moments).hasSize(steps);
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger predictions = new AtomicInteger();
        try (Model model = Blobs.model(Methods.named("bp"));
                ExecutorService threads = Executors.newFixedThreadPool(3)) {
            model.learn(Data.of(List.of(sample(0))));
            Callable<Set<String>> reader =
                    () -> {
                        Set<String> seen = ConcurrentHashMap.newKeySet();
                        while (!done.get()) {
                            seen.add(Arrays.toString(model.predict(X)));
                            predictions.incrementAndGet();
                        }
                        return seen;
                    };
            List<Future<Set<String>>> readers =
                    List.of(threads.submit(reader), threads.submit(reader), threads.submit(reader));
            try {
                for (int i = 1; i < steps; i++) {
                    int before = predictions.get();
                    model.learn(Data.of(List.of(sample(i))));
                    while (predictions.get() < before + 3
                            && readers.stream().noneMatch(Future::isDone)) {
                        Thread.onSpinWait();
                    }
                }
            } finally {
                done.set(true);
            }
            // Of all of them: on few cores one thread may predict for the others.
            Set<String> all = ConcurrentHashMap.newKeySet();
            for (Future<Set<String>> seen : readers) {
                all.addAll(seen.get());
            }
            assertThat(moments).containsAll(all);
            assertThat(all).hasSizeGreaterThan(5);
            // The last word is that of the last step.
            assertThat(moments).contains(Arrays.toString(model.predict(X)));
        }
    }

    @Test
    void manyThreadsMayLearnPredictAndSaveAtOnce() throws Exception {
        try (Model model = Blobs.fitted(Methods.named("bp"), 1);
                ExecutorService threads = Executors.newFixedThreadPool(6)) {
            int before = model.snapshot().minibatches();
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                int seed = t;
                all.add(
                        threads.submit(
                                () -> {
                                    for (int i = 0; i < 40; i++) {
                                        model.learn(data(6, seed));
                                    }
                                }));
                all.add(
                        threads.submit(
                                () -> {
                                    for (int i = 0; i < 40; i++) {
                                        assertThat(model.classify(Blobs.x(300, seed))).hasSize(300);
                                        assertThat(model.snapshot().minibatches())
                                                .isGreaterThanOrEqualTo(before);
                                    }
                                }));
            }
            for (Future<?> one : all) {
                one.get(60, TimeUnit.SECONDS);
            }
            assertThat(model.snapshot().minibatches()).isEqualTo(before + 120);
        }
    }

    @Test
    void predictsMeanwhileOfAFitWithItsLastEpoch() {
        List<float[]> seen = new ArrayList<>();
        try (Model model = Blobs.model(Methods.named("bp"))) {
            model.fit(
                    data(60, 1),
                    Fit.epochs(3)
                            .batch(20)
                            .onEpoch(_ -> seen.add(model.predict(Blobs.x(1, 3)[0]))));
            assertThat(seen).hasSize(3);
            assertThat(seen.getFirst()).isNotEqualTo(seen.getLast());
            assertThat(seen.getLast()).isEqualTo(model.predict(Blobs.x(1, 3)[0]));
        }
    }

    @Test
    void aStreamOfInputsBecomesOneOfPredictions() throws Exception {
        try (Model model = Blobs.fitted(Methods.named("bp"), 5)) {
            float[][] x = Blobs.x(50, 4);
            Samples<float[]> inputs = Samples.of(50, i -> x[i]);
            List<float[]> found = new ArrayList<>();
            CompletableFuture<List<float[]>> done = new CompletableFuture<>();
            model.predict(inputs)
                    .subscribe(
                            new java.util.concurrent.Flow.Subscriber<>() {
                                private java.util.concurrent.Flow.Subscription subscription;

                                @Override
                                public void onSubscribe(
                                        java.util.concurrent.Flow.Subscription opened) {
                                    subscription = opened;
                                    opened.request(1);
                                }

                                @Override
                                public void onNext(float[] scores) {
                                    found.add(scores);
                                    subscription.request(1);
                                }

                                @Override
                                public void onError(Throwable failure) {
                                    done.completeExceptionally(failure);
                                }

                                @Override
                                public void onComplete() {
                                    done.complete(found);
                                }
                            });
            float[][] expected = model.predict(x);
            assertThat(done.get(30, TimeUnit.SECONDS)).hasSize(50);
            for (int i = 0; i < 50; i++) {
                assertThat(found.get(i)).containsExactly(expected[i], within(1e-6f));
            }
            assertThat(inputs.mostDemanded()).isEqualTo(1);
        }
    }

    @Test
    void goesBackToASnapshot() {
        try (Model model = Blobs.fitted(Methods.named("bp"), 2)) {
            ModelSnapshot then = model.snapshot();
            float[][] x = Blobs.x(4, 8);
            float[][] before = model.predict(x);
            model.learn(data(60, 3));
            assertThat(model.predict(x)[0]).isNotEqualTo(before[0]);

            model.restore(then);
            assertThat(model.predict(x)).isDeepEqualTo(before);
            model.learn(data(6, 3));
            try (Model other =
                    Model.create(
                            Network.of(TANH, 4, 5, 3),
                            Methods.named("bp"),
                            Backends.named("reference"),
                            1)) {
                other.fit(data(6, 1), Fit.epochs(1));
                assertThatThrownBy(() -> other.restore(then))
                        .hasMessageContaining("snapshot: is of the network 4-16(tanh)-3(linear)");
            }
        }
    }

    @Test
    void aModelThatDivergesFallsBackToWhatWasGood() {
        try (Model model =
                Blobs.model(
                        Methods.named("bp")
                                .with("forward.optimizer", "sgd")
                                .with("forward.learning-rate", 1e6)
                                .with("forward.clip-norm", 1e9))) {
            model.fit(data(30, 1), Fit.epochs(0));
            float[][] before = model.predict(Blobs.x(3, 1));
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 100; i++) {
                                    model.learn(data(30, i));
                                }
                            })
                    .isInstanceOf(DivergenceException.class);
            assertThat(model.predict(Blobs.x(3, 1))).isDeepEqualTo(before);
        }
    }
}
