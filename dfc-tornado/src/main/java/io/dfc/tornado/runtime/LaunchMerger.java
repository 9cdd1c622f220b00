package io.dfc.tornado.runtime;

import io.dfc.api.error.BackendFailureException;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Merges launches of the same kernel by networks that are trained side by side. Each network has a
 * thread of its own, so that one may need more iterations than another; those that are behind go
 * first, until all request the same kernel again. Merging changes no number.
 */
final class LaunchMerger {
    /** How long a launch waits for joined shares that request none. */
    private static final long MAX_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final Comparator<LaunchRequest> FIRST =
            Comparator.<LaunchRequest>comparingLong(q -> q.share().calls())
                    .thenComparing(LaunchRequest::kernel);

    private final CompiledKernels program;
    private final Runnable whenClosed;
    private final Set<DeviceShare> joined = new LinkedHashSet<>();

    /** Joined shares that requested no launch within the wait. */
    private final Set<DeviceShare> absent = new LinkedHashSet<>();

    private final Map<DeviceShare, LaunchRequest> waiting = new LinkedHashMap<>();
    private final Map<LaunchRequest, BackendFailureException> failed = new LinkedHashMap<>();
    private final List<DeviceShare> shares = new ArrayList<>();
    private int open;
    private long lastChange;

    /**
     * A merger of launches.
     *
     * @param tiles tiles to a work-group of the simulation
     * @param count number of shares
     * @param whenClosed is run when all shares are closed
     */
    LaunchMerger(CompiledKernels program, TilesPerGroup tiles, int count, Runnable whenClosed) {
        this.program = program;
        this.whenClosed = whenClosed;
        for (int i = 0; i < count; i++) {
            shares.add(new DeviceShare(this, program.capacity, tiles));
        }
        open = count;
    }

    List<DeviceShare> shares() {
        return List.copyOf(shares);
    }

    synchronized void join(DeviceShare share) {
        joined.add(share);
    }

    synchronized void leave(DeviceShare share) {
        joined.remove(share);
        absent.remove(share);
        changed();
        open--;
        if (open == 0) {
            whenClosed.run();
        }
    }

    /** Launches a kernel, alone or merged; returns when it is done. */
    synchronized void submit(LaunchRequest request) {
        if (!joined.contains(request.share()) || joined.size() == 1) {
            program.launch(request.kernel(), List.of(request));
            return;
        }
        absent.remove(request.share());
        waiting.put(request.share(), request);
        changed();
        while (waiting.containsKey(request.share())) {
            if (waiting.size() + absent.size() >= joined.size()) {
                launchNext();
            } else {
                await(request);
            }
        }
        BackendFailureException failure = failed.remove(request);
        if (failure != null) {
            throw new BackendFailureException(failure.getMessage(), failure);
        }
    }

    private void launchNext() {
        LaunchRequest first = waiting.values().stream().min(FIRST).orElseThrow();
        List<LaunchRequest> merged =
                shares.stream()
                        .map(waiting::get)
                        .filter(q -> q != null && FIRST.compare(q, first) == 0)
                        .toList();
        try {
            program.launch(first.kernel(), merged);
        } catch (BackendFailureException e) {
            merged.forEach(q -> failed.put(q, e));
        }
        merged.forEach(q -> waiting.remove(q.share()));
        changed();
    }

    private void changed() {
        lastChange = System.nanoTime();
        notifyAll();
    }

    private void await(LaunchRequest request) {
        long left = lastChange + MAX_WAIT_NANOS - System.nanoTime();
        if (left > 0) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                waiting.remove(request.share());
                Thread.currentThread().interrupt();
                throw new BackendFailureException(
                        "backend \"tornado\": interrupted while waiting for the other networks", e);
            }
        } else {
            joined.stream().filter(s -> !waiting.containsKey(s)).forEach(absent::add);
        }
    }
}
