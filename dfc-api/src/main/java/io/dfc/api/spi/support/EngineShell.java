package io.dfc.api.spi.support;

import io.dfc.api.control.Solver;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.MisuseException;
import io.dfc.api.error.PlanUnsupportedException;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.OptimizerHandle;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.Step;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.Inference;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.OptimizerState;
import io.dfc.api.spi.PerturbationResult;
import io.dfc.api.spi.ProgramResult;
import io.dfc.api.spi.SampleBuffer;
import io.dfc.api.spi.TargetKind;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Recording;
import io.dfc.api.trajectory.Trajectory;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An engine around an {@link EngineCore}: it refuses misuse, checks arguments, knows which results
 * are fresh, and records what a solver does not go through itself.
 */
final class EngineShell implements Engine {
    private enum State {
        IDLE,
        BUSY,
        CLOSED
    }

    private final Plan plan;
    private final ElementType type;
    private final EngineCore core;
    private final UseGuard backend;
    private final Freshness freshness;
    private final SampleReader reader;
    private final HandedBuffers buffers;
    private @Nullable ForwardResult pass;
    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
    private final Lifetime lifetime;

    EngineShell(Plan plan, ElementType type, EngineCore core, UseGuard backend) {
        this.plan = plan;
        this.type = type;
        this.core = core;
        this.backend = backend;
        freshness = new Freshness(plan);
        reader = core instanceof SampleReader own ? own : new TensorReader(plan, type, core);
        buffers = new HandedBuffers(plan, reader);
        lifetime =
                new Lifetime(
                        this, "an engine of backend \"" + backend.backend() + "\"", core::close);
    }

    private void enter() {
        backend.requireOpen();
        requireFree(state.compareAndExchange(State.IDLE, State.BUSY));
    }

    private static void requireFree(State found) {
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
        return plan;
    }

    @Override
    public void load(EngineState values) {
        enter();
        try {
            for (String name : values.optimizers().keySet()) {
                requireOptimizer(name);
            }
            loadParameters(values.parameters());
            for (OptimizerHandle optimizer : plan.optimizers()) {
                core.load(
                        optimizer,
                        values.optimizers().getOrDefault(optimizer.name(), OptimizerState.fresh()));
            }
        } finally {
            leave();
        }
    }

    private void requireOptimizer(String name) {
        if (plan.optimizers().stream().noneMatch(o -> o.name().equals(name))) {
            throw new io.dfc.api.error.ShapeMismatchException(
                    "state: the plan has no optimiser \"" + name + "\", only " + plan.optimizers());
        }
    }

    @Override
    public void setParameters(Parameters parameters) {
        enter();
        try {
            loadParameters(parameters);
        } finally {
            leave();
        }
    }

    private void loadParameters(Parameters parameters) {
        plan.requireFit(parameters, type);
        freshness.forget();
        core.load(parameters);
    }

    @Override
    public EngineState snapshot() {
        enter();
        try {
            Map<String, OptimizerState> states = new TreeMap<>();
            for (OptimizerHandle optimizer : plan.optimizers()) {
                states.put(optimizer.name(), core.state(optimizer));
            }
            return new EngineState(core.parameters(), states);
        } finally {
            leave();
        }
    }

    @Override
    public ForwardResult forward(Minibatch minibatch) {
        enter();
        try {
            minibatch.requireFit(plan);
            if (!core.checksNumbers()) {
                minibatch.requireInputs(type).requireTargets(type);
            }
            buffers.forget();
            freshness.forget();
            ForwardResult result = core.forward(minibatch);
            pass = result;
            freshness.forwardRun();
            return result;
        } finally {
            leave();
        }
    }

    @Override
    public SampleBuffer buffer(int samples, TargetKind kind) {
        enter();
        try {
            SampleBuffer buffer = buffers.request(samples, kind);
            freshness.forget();
            return buffer;
        } finally {
            leave();
        }
    }

    @Override
    public ForwardResult forward(SampleBuffer buffer) {
        enter();
        try {
            buffers.take(buffer);
            if (!core.checksNumbers()) {
                buffer.requireInputs(type);
                buffer.requireTargets(type);
            }
            ForwardResult result = reader.forward(buffer);
            pass = result;
            freshness.forwardRun();
            return result;
        } finally {
            leave();
        }
    }

    @Override
    public Inference infer(Tensor inputs) {
        enter();
        try {
            Minibatch.requireInputs(inputs, plan);
            if (!core.checksNumbers()) {
                inputs.requireFit("minibatch inputs", type);
            }
            buffers.forget();
            freshness.forget();
            return core.infer(inputs);
        } finally {
            leave();
        }
    }

    @Override
    public LoopResult run(LoopHandle loop, Noise noise, Recording recording) {
        enter();
        try {
            freshness.requireReady(loop);
            boolean beside = recording.isActive() && isBeside(loop, recording);
            recording.requireWithin(
                    beside ? loop.phase().dynamics().timePoints() : loop.phase().recordedPoints());
            // First, for the loop's own results are what may be asked for afterwards.
            Trajectory trajectory = beside ? recordBeside(loop, noise, recording) : null;
            if (!beside) {
                requireRecorded(loop, recording);
            }
            freshness.forming(loop);
            LoopResult result = core.run(loop, noise, beside ? Recording.none() : recording);
            freshness.formed(loop);
            return trajectory == null ? result : new RecordedLoop(result, trajectory);
        } finally {
            leave();
        }
    }

    private Trajectory recordBeside(LoopHandle loop, Noise noise, Recording recording) {
        if (recording.source() == Recording.Source.REDUCED_ORDER) {
            String feedback = loop.phase().feedback().name();
            return ReducedOrderRecording.record(
                    plan,
                    loop,
                    Objects.requireNonNull(pass),
                    core.parameters().group(feedback),
                    recording);
        }
        requireRecorded(loop.simulation(), recording);
        freshness.forming(loop);
        return core.run(loop.simulation(), noise, recording).trajectory();
    }

    private void requireRecorded(LoopHandle loop, Recording recording) {
        if (recording.isActive() && !core.records(loop)) {
            throw new PlanUnsupportedException(
                    "this backend does not record loop \""
                            + loop
                            + "\" by "
                            + loop.phase().solver());
        }
    }

    /** Whether the solver does not go through the states that are to be recorded. */
    private static boolean isBeside(LoopHandle loop, Recording recording) {
        return switch (recording.source()) {
            case REDUCED_ORDER -> true;
            case SIMULATION -> !(loop.phase().solver() instanceof Solver.Euler);
            case SOLVER -> loop.phase().solver() instanceof Solver.Auto;
        };
    }

    @Override
    public PerturbationResult run(PerturbationHandle phase, Noise noise) {
        enter();
        try {
            begin(phase);
            PerturbationResult result = core.run(phase, noise);
            freshness.formed(phase);
            return result;
        } finally {
            leave();
        }
    }

    @Override
    public ProgramResult run(ProgramHandle program, Noise noise) {
        enter();
        try {
            if (noise instanceof Noise.Recorded) {
                throw new BadConfigurationException(
                        "noise", "a program draws its noise by itself; give it Generated or None");
            }
            begin(program);
            ProgramResult result = core.run(program, noise);
            freshness.formed(program);
            return result;
        } finally {
            leave();
        }
    }

    private void begin(PhaseHandle phase) {
        freshness.requireReady(phase);
        freshness.forming(phase);
    }

    @Override
    public void apply(Step... steps) {
        enter();
        try {
            freshness.requireReady(steps);
            for (Step step : steps) {
                core.step(step.handle(), step.rateFactor());
                freshness.stepped(step);
            }
        } finally {
            leave();
        }
    }

    @Override
    public double largestParameter(int layer) {
        enter();
        try {
            return core.largestParameter(layer);
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
            lifetime.end();
        }
    }
}
