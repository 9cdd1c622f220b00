package io.dfc.api.spi.support;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.MisuseException;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.spi.BackwardPass;
import io.dfc.api.spi.ControlPass;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.FeedbackPass;
import io.dfc.api.spi.ForwardPass;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.OptimizerSlot;
import io.dfc.api.spi.Plan;

import java.util.concurrent.atomic.AtomicReference;

/** An engine behind a {@link UseGuard}. */
final class GuardedEngine implements Engine {
    private enum State {
        IDLE,
        BUSY,
        CLOSED
    }

    private final Engine engine;
    private final UseGuard backend;
    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);

    GuardedEngine(Engine engine, UseGuard backend) {
        this.engine = engine;
        this.backend = backend;
    }

    private void enter() {
        backend.requireOpen();
        requireFree(state.compareAndExchange(State.IDLE, State.BUSY));
    }

    private void requireFree(State found) {
        switch (found) {
            case IDLE -> {}
            case BUSY ->
                    throw new MisuseException(
                            "the engine is in use by another thread; an engine serves one thread at"
                                    + " a time, so compile one for each");
            case CLOSED ->
                    throw new MisuseException(
                            "the engine is closed; compile the plan anew to go on");
        }
    }

    private void leave() {
        state.set(State.IDLE);
    }

    @Override
    public Plan plan() {
        return engine.plan();
    }

    @Override
    public void load(EngineState values) {
        enter();
        try {
            engine.load(values);
        } finally {
            leave();
        }
    }

    @Override
    public void setParameters(Parameters parameters) {
        enter();
        try {
            engine.setParameters(parameters);
        } finally {
            leave();
        }
    }

    @Override
    public EngineState snapshot() {
        enter();
        try {
            return engine.snapshot();
        } finally {
            leave();
        }
    }

    @Override
    public ForwardPass forward(Minibatch minibatch) {
        enter();
        try {
            return engine.forward(minibatch);
        } finally {
            leave();
        }
    }

    @Override
    public ControlPass control(Noise noise) {
        enter();
        try {
            return engine.control(noise);
        } finally {
            leave();
        }
    }

    @Override
    public FeedbackPass feedback(Noise noise) {
        enter();
        try {
            return engine.feedback(noise);
        } finally {
            leave();
        }
    }

    @Override
    public BackwardPass backward() {
        enter();
        try {
            return engine.backward();
        } finally {
            leave();
        }
    }

    @Override
    public void applyControl(int update, double rateScale) {
        requireScale(rateScale);
        enter();
        try {
            engine.applyControl(update, rateScale);
        } finally {
            leave();
        }
    }

    @Override
    public void applyBackward(double rateScale) {
        requireScale(rateScale);
        enter();
        try {
            engine.applyBackward(rateScale);
        } finally {
            leave();
        }
    }

    @Override
    public void applyFeedback(OptimizerSlot slot, double rateScale) {
        requireScale(rateScale);
        enter();
        try {
            engine.applyFeedback(slot, rateScale);
        } finally {
            leave();
        }
    }

    /** A step along an undefined rate would leave nothing of the parameters. */
    private static void requireScale(double rateScale) {
        if (!Double.isFinite(rateScale)) {
            throw new BadConfigurationException(
                    "rateScale", "must be a finite factor on the learning rates, got " + rateScale);
        }
    }

    @Override
    public double largestParameter(int layer) {
        enter();
        try {
            return engine.largestParameter(layer);
        } finally {
            leave();
        }
    }

    /** Closing twice does nothing; closing works after the backend was closed. */
    @Override
    public void close() {
        State found = state.compareAndExchange(State.IDLE, State.CLOSED);
        if (found != State.CLOSED) {
            requireFree(found);
            engine.close();
        }
    }
}
