package io.dfc.algorithms.event;

/** Tells Flight Recorder; without a recording that asks, one flag is read. */
final class FlightRecorderEvents implements TrainingEvents {
    // Asked whether a recording wants such events, so that none is made in vain.
    private final MinibatchSpan anyMinibatch = new MinibatchSpan();
    private final PhaseSpan anyPhase = new PhaseSpan();

    /** Null where nobody asked. */
    private MinibatchSpan minibatch;

    /** Null where nobody asked. */
    private PhaseSpan phase;

    @Override
    public void beginMinibatch() {
        minibatch = null;
        if (anyMinibatch.isEnabled()) {
            minibatch = new MinibatchSpan();
            minibatch.begin();
        }
    }

    @Override
    public void endMinibatch(String sweep, int epoch, int number, int samples, double loss) {
        if (minibatch == null) {
            return;
        }
        minibatch.end();
        if (minibatch.shouldCommit()) {
            minibatch.sweep = sweep;
            minibatch.epoch = epoch;
            minibatch.minibatch = number;
            minibatch.samples = samples;
            minibatch.loss = loss;
            minibatch.commit();
        }
        minibatch = null;
    }

    @Override
    public void beginPhase() {
        phase = null;
        if (anyPhase.isEnabled()) {
            phase = new PhaseSpan();
            phase.begin();
        }
    }

    @Override
    public void endPhase(String name) {
        if (phase == null) {
            return;
        }
        phase.end();
        if (phase.shouldCommit()) {
            phase.phase = name;
            phase.commit();
        }
        phase = null;
    }
}
