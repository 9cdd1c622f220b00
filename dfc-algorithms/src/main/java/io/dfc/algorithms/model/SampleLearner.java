package io.dfc.algorithms.model;

import io.dfc.api.error.BadConfigurationException;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/**
 * Learns from a stream of samples, on the thread that publishes them. It requests one minibatch and
 * holds no more than that, and requests the next once this one is learnt: a publisher that keeps to
 * its demand is never ahead by more. {@link #done()} tells the end, and its cancellation ends the
 * stream.
 */
public final class SampleLearner implements Flow.Subscriber<Sample> {
    private final Model model;
    private final int batch;
    private final List<Sample> waiting = new ArrayList<>();
    private final Done done = new Done();

    @SuppressWarnings("NullAway.Init") // null until somebody publishes
    private volatile Flow.Subscription subscription;

    private long learnt;

    /** Cancelling the result cancels the subscription. */
    private final class Done extends CompletableFuture<Long> {
        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean cancelled = super.cancel(mayInterruptIfRunning);
            if (cancelled && subscription != null) {
                subscription.cancel();
            }
            return cancelled;
        }

        @Override
        public <U> CompletableFuture<U> newIncompleteFuture() {
            return new CompletableFuture<>();
        }
    }

    SampleLearner(Model model, int batch) {
        if (batch < 1) {
            throw new BadConfigurationException("batch", "must be at least 1, got " + batch);
        }
        this.model = model;
        this.batch = batch;
    }

    /**
     * {@return completes with the number of samples learnt when the stream ends, or exceptionally
     * with what went wrong; what was learnt until then stays}
     */
    public CompletableFuture<Long> done() {
        return done;
    }

    @Override
    public void onSubscribe(Flow.Subscription opened) {
        Objects.requireNonNull(opened, "subscription");
        if (subscription != null || done.isDone()) {
            opened.cancel();
            return;
        }
        subscription = opened;
        opened.request(batch);
    }

    @Override
    public void onNext(Sample sample) {
        Objects.requireNonNull(sample, "sample");
        if (done.isDone()) {
            return;
        }
        waiting.add(sample);
        if (waiting.size() == batch && learn()) {
            subscription.request(batch);
        }
    }

    private boolean learn() {
        try {
            model.learn(Data.of(waiting));
            learnt += waiting.size();
            waiting.clear();
            return true;
        } catch (RuntimeException e) {
            waiting.clear();
            subscription.cancel();
            done.completeExceptionally(e);
            return false;
        }
    }

    @Override
    public void onError(Throwable failure) {
        done.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        if (waiting.isEmpty() || learn()) {
            done.complete(learnt);
        }
    }
}
