package io.dfc.algorithms.model;

import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * A publisher that keeps to its subscriber's demand and remembers the most that was asked for at
 * once. It publishes on a thread of its own.
 */
final class Samples<T> implements Flow.Publisher<T> {
    private final int count;
    private final IntFunction<T> source;
    private final AtomicLong most = new AtomicLong();
    private final AtomicLong published = new AtomicLong();
    private final AtomicBoolean cancelled = new AtomicBoolean();

    private Samples(int count, IntFunction<T> source) {
        this.count = count;
        this.source = source;
    }

    static <T> Samples<T> of(int count, IntFunction<T> source) {
        return new Samples<>(count, source);
    }

    long mostDemanded() {
        return most.get();
    }

    long published() {
        return published.get();
    }

    boolean isCancelled() {
        return cancelled.get();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        AtomicLong demand = new AtomicLong();
        subscriber.onSubscribe(
                new Flow.Subscription() {
                    @Override
                    public void request(long n) {
                        most.accumulateAndGet(demand.addAndGet(n), Math::max);
                    }

                    @Override
                    public void cancel() {
                        cancelled.set(true);
                    }
                });
        Thread.ofPlatform()
                .daemon()
                .start(
                        () -> {
                            for (int i = 0; i < count && !cancelled.get(); i++) {
                                while (demand.get() == 0 && !cancelled.get()) {
                                    Thread.onSpinWait();
                                }
                                demand.decrementAndGet();
                                published.incrementAndGet();
                                subscriber.onNext(source.apply(i));
                            }
                            if (!cancelled.get()) {
                                subscriber.onComplete();
                            }
                        });
    }
}
