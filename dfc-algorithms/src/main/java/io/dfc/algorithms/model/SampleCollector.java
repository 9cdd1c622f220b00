package io.dfc.algorithms.model;

import io.dfc.api.error.BadDataException;
import io.dfc.api.error.DfcException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;

/** Collects what a publisher publishes, up to a number of samples. */
final class SampleCollector implements Flow.Subscriber<Sample> {
    private static final int DEMAND = 256;

    private final int most;
    private final List<Sample> samples = new ArrayList<>();
    private final CompletableFuture<List<Sample>> done = new CompletableFuture<>();

    @SuppressWarnings("NullAway.Init") // null until somebody publishes
    private volatile Flow.Subscription subscription;

    private int requested;

    private SampleCollector(int most) {
        this.most = most;
    }

    static List<Sample> collect(Flow.Publisher<Sample> publisher, int most) {
        if (most < 1) {
            throw new BadDataException("samples", "at most " + most + ", expected at least 1");
        }
        SampleCollector collector = new SampleCollector(most);
        publisher.subscribe(collector);
        try {
            return collector.done.get();
        } catch (InterruptedException e) {
            collector.cancel();
            Thread.currentThread().interrupt();
            throw (CancellationException)
                    new CancellationException("interrupted while samples were collected")
                            .initCause(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof DfcException known
                    ? known
                    : new BadDataException("samples", "the publisher failed: " + e.getCause());
        }
    }

    private void cancel() {
        Flow.Subscription open = subscription;
        if (open != null) {
            open.cancel();
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription opened) {
        if (subscription != null) {
            opened.cancel();
            return;
        }
        subscription = opened;
        requested = DEMAND;
        opened.request(DEMAND);
    }

    @Override
    public void onNext(Sample sample) {
        if (samples.size() == most) {
            cancel();
            done.completeExceptionally(
                    new BadDataException(
                            "samples",
                            "the publisher has more than the "
                                    + most
                                    + " samples allowed; allow more, or learn from it as a stream"));
            return;
        }
        samples.add(sample);
        if (--requested == 0) {
            requested = DEMAND;
            subscription.request(DEMAND);
        }
    }

    @Override
    public void onError(Throwable failure) {
        done.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        done.complete(samples);
    }
}
