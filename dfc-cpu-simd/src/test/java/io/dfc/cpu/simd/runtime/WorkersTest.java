package io.dfc.cpu.simd.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.dfc.api.error.BackendFailureException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

@Timeout(60)
class WorkersTest {
    /** Longer than a helper spins before it sleeps. */
    private static final long NAP_MILLIS = 2;

    /** Time for which a pool has no tasks, and the processor time that it may use meanwhile. */
    private static final long IDLE_MILLIS = 300;

    private static final long IDLE_CPU_NANOS = TimeUnit.MILLISECONDS.toNanos(15);

    @ParameterizedTest
    @CsvSource({"1,5", "2,1", "2,2", "2,1000", "3,2", "4,7", "16,3", "16,1000", "4,0"})
    void runsEveryTaskOnce(int threads, int tasks) {
        try (Workers workers = new Workers(threads)) {
            AtomicIntegerArray runs = new AtomicIntegerArray(tasks);
            for (int round = 1; round <= 50; round++) {
                workers.run(tasks, runs::incrementAndGet);
                for (int i = 0; i < tasks; i++) {
                    assertThat(runs.get(i)).isEqualTo(round);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8})
    void seesWhatTasksHaveWrittenInManyShortRuns(int threads) {
        try (Workers workers = new Workers(threads)) {
            int[] plain = new int[3];
            IntConsumer task = i -> plain[i]++;
            for (int run = 1; run <= 100_000; run++) {
                workers.run(plain.length, task);
                if (plain[0] != run || plain[1] != run || plain[2] != run) {
                    assertThat(plain).containsOnly(run);
                }
            }
        }
    }

    @Test
    void wakesHelpersThatSleep() throws InterruptedException {
        try (Workers workers = new Workers(3)) {
            for (int run = 0; run < 50; run++) {
                Thread.sleep(NAP_MILLIS);
                // No task gets past the latch unless all three threads run one.
                CountDownLatch latch = new CountDownLatch(3);
                Set<Thread> threads = ConcurrentHashMap.newKeySet();
                workers.run(
                        3,
                        i -> {
                            threads.add(Thread.currentThread());
                            meet(latch);
                        });
                assertThat(threads).hasSize(3).contains(Thread.currentThread());
            }
        }
    }

    /** An engine within a server must not heat it between minibatches. */
    @Test
    void usesNoProcessorTimeWithoutTasks() throws InterruptedException {
        try (Workers workers = new Workers(4)) {
            CountDownLatch latch = new CountDownLatch(4);
            Set<Thread> helpers = ConcurrentHashMap.newKeySet();
            workers.run(
                    4,
                    i -> {
                        helpers.add(Thread.currentThread());
                        meet(latch);
                    });
            helpers.remove(Thread.currentThread());
            assertThat(helpers).hasSize(3);
            for (int run = 0; run < 1000; run++) {
                workers.run(16, i -> {});
            }
            Thread.sleep(10 * NAP_MILLIS);
            long before = processorTime(helpers);
            Thread.sleep(IDLE_MILLIS);
            assertThat(processorTime(helpers) - before).isLessThan(IDLE_CPU_NANOS);
        }
    }

    private static long processorTime(Set<Thread> threads) {
        ThreadMXBean times = ManagementFactory.getThreadMXBean();
        return threads.stream().mapToLong(t -> times.getThreadCpuTime(t.threadId())).sum();
    }

    private static void meet(CountDownLatch latch) {
        latch.countDown();
        awaitUninterrupted(latch);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void throwsWhatTheCallersTaskThrows() {
        try (Workers workers = new Workers(2)) {
            RuntimeException failure = new IllegalStateException("by the caller");
            assertThat(failureOn(workers, failure, true)).isSameAs(failure);
            requireSound(workers);
        }
    }

    @Test
    void throwsWhatAHelpersTaskThrows() {
        try (Workers workers = new Workers(2)) {
            RuntimeException failure = new IllegalStateException("by a helper");
            assertThat(failureOn(workers, failure, false)).isSameAs(failure);
            requireSound(workers);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void wrapsErrors(boolean caller) {
        try (Workers workers = new Workers(2)) {
            Error failure = new AssertionError("no exception");
            assertThat(failureOn(workers, failure, caller))
                    .isInstanceOf(BackendFailureException.class)
                    .hasCause(failure);
            requireSound(workers);
        }
    }

    /** What a run throws of which one task fails, on the thread wanted; the other one is done. */
    private static Throwable failureOn(Workers workers, Throwable failure, boolean onCaller) {
        Thread caller = Thread.currentThread();
        CountDownLatch latch = new CountDownLatch(2);
        AtomicBoolean done = new AtomicBoolean();
        Throwable thrown =
                catchThrowable(
                        () ->
                                workers.run(
                                        2,
                                        i -> {
                                            meet(latch);
                                            if (onCaller == (Thread.currentThread() == caller)) {
                                                throwUnchecked(failure);
                                            }
                                            nap();
                                            done.set(true);
                                        }));
        assertThat(done).isTrue();
        return thrown;
    }

    private static void throwUnchecked(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) failure;
    }

    private static void nap() {
        try {
            Thread.sleep(NAP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void requireSound(Workers workers) {
        AtomicInteger runs = new AtomicInteger();
        workers.run(10, i -> runs.incrementAndGet());
        assertThat(runs).hasValue(10);
    }

    @Test
    void leavesOutTasksAfterAFailure() {
        try (Workers workers = new Workers(2)) {
            AtomicInteger begun = new AtomicInteger();
            assertThatThrownBy(
                            () ->
                                    workers.run(
                                            1_000_000,
                                            i -> {
                                                begun.incrementAndGet();
                                                throw new IllegalStateException("task " + i);
                                            }))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(begun).hasValueLessThanOrEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepsAnInterruptAndWaitsForWorkInFlight(boolean before) throws InterruptedException {
        try (Workers workers = new Workers(2)) {
            CountDownLatch latch = new CountDownLatch(2);
            CountDownLatch release = new CountDownLatch(1);
            AtomicBoolean done = new AtomicBoolean();
            AtomicBoolean doneOnReturn = new AtomicBoolean();
            AtomicBoolean interrupted = new AtomicBoolean();
            Thread caller =
                    new Thread(
                            () -> {
                                if (before) {
                                    Thread.currentThread().interrupt();
                                }
                                workers.run(
                                        2,
                                        i -> {
                                            meet(latch);
                                            if (isHelper()) {
                                                awaitUninterrupted(release);
                                                done.set(true);
                                            }
                                        });
                                doneOnReturn.set(done.get());
                                interrupted.set(Thread.currentThread().isInterrupted());
                            });
            caller.start();
            latch.await();
            Thread.sleep(NAP_MILLIS);
            caller.interrupt();
            Thread.sleep(NAP_MILLIS);
            assertThat(caller.isAlive()).isTrue();
            release.countDown();
            caller.join();
            assertThat(doneOnReturn).isTrue();
            assertThat(interrupted).isTrue();
        }
    }

    private static boolean isHelper() {
        return Thread.currentThread().getName().equals("dfc-cpu-simd");
    }

    @Test
    void servesCallersAtTheSameTime() throws InterruptedException {
        try (Workers workers = new Workers(3)) {
            AtomicReference<String> wrong = new AtomicReference<>();
            List<Thread> callers = new ArrayList<>();
            for (int c = 0; c < 4; c++) {
                Thread caller =
                        new Thread(
                                () -> {
                                    int[] plain = new int[5];
                                    IntConsumer task = i -> plain[i]++;
                                    for (int run = 1; run <= 20_000; run++) {
                                        workers.run(plain.length, task);
                                        for (int x : plain) {
                                            if (x != run) {
                                                wrong.set(x + " runs and not " + run);
                                            }
                                        }
                                    }
                                });
                callers.add(caller);
                caller.start();
            }
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(wrong).hasNullValue();
        }
    }

    @Test
    void runsATaskThatRunsTasks() {
        try (Workers workers = new Workers(2)) {
            AtomicInteger runs = new AtomicInteger();
            workers.run(4, i -> workers.run(3, k -> runs.incrementAndGet()));
            assertThat(runs).hasValue(12);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsItsThreadsWhenClosed(boolean asleep) throws InterruptedException {
        Set<Thread> helpers = ConcurrentHashMap.newKeySet();
        Workers workers = new Workers(3);
        CountDownLatch latch = new CountDownLatch(3);
        workers.run(
                3,
                i -> {
                    if (isHelper()) {
                        helpers.add(Thread.currentThread());
                    }
                    meet(latch);
                });
        if (asleep) {
            Thread.sleep(NAP_MILLIS);
        }
        workers.close();
        assertThat(helpers).hasSize(2).allMatch(Thread::isDaemon);
        for (Thread helper : helpers) {
            helper.join();
        }
        requireSound(workers);
    }

    @Test
    void helpersSleepWhenThereIsNothingToDo() throws InterruptedException {
        AtomicReference<Thread> helper = new AtomicReference<>();
        try (Workers workers = new Workers(2)) {
            CountDownLatch latch = new CountDownLatch(2);
            workers.run(
                    2,
                    i -> {
                        if (isHelper()) {
                            helper.set(Thread.currentThread());
                        }
                        meet(latch);
                    });
            while (helper.get().getState() != Thread.State.WAITING) {
                Thread.sleep(NAP_MILLIS);
            }
        }
    }
}
