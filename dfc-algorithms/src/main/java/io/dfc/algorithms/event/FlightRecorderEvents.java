package io.dfc.algorithms.event;

import org.jspecify.annotations.Nullable;

/** Tells Flight Recorder; without a recording that asks, one flag is read. */
final class FlightRecorderEvents implements TrainingEvents {
    // Asked whether a recording wants such events, so that none is made in vain.
    private final MinibatchSpan anyMinibatch = new MinibatchSpan();
    private final PhaseSpan anyPhase = new PhaseSpan();

    /** Null where nobody asked. */
    private @Nullable MinibatchSpan minibatch;

    /** Null where nobody asked. */
    private @Nullable PhaseSpan phase;

    @Override
    public void beginMinibatch() {
        minibatch = null;
        if (anyMinibatch.isEnabled()) {
            MinibatchSpan begun = new MinibatchSpan();
            begun.begin();
            minibatch = begun;
        }
    }

    @Override
    public void endMinibatch(String sweep, int epoch, int number, int samples, double loss) {
        MinibatchSpan ended = minibatch;
        if (ended == null) {
            return;
        }
        ended.end();
        if (ended.shouldCommit()) {
            ended.sweep = sweep;
            ended.epoch = epoch;
            ended.minibatch = number;
            ended.samples = samples;
            ended.loss = loss;
            ended.commit();
        }
        minibatch = null;
    }

    @Override
    public void beginPhase() {
        phase = null;
        if (anyPhase.isEnabled()) {
            PhaseSpan begun = new PhaseSpan();
            begun.begin();
            phase = begun;
        }
    }

    @Override
    public void endPhase(String name) {
        PhaseSpan ended = phase;
        if (ended == null) {
            return;
        }
        ended.end();
        if (ended.shouldCommit()) {
            ended.phase = name;
            ended.commit();
        }
        phase = null;
    }
}
