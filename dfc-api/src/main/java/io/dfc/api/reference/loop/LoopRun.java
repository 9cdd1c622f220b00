package io.dfc.api.reference.loop;

import io.dfc.api.control.Controller;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.reference.model.Activity;
import io.dfc.api.reference.model.Buffers;
import io.dfc.api.reference.model.ControlError;
import io.dfc.api.reference.model.FeedbackGradient;
import io.dfc.api.reference.model.GradientArrays;
import io.dfc.api.reference.model.NoiseSource;
import io.dfc.api.reference.model.ParameterArrays;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.support.TrajectoryRecorder;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Recording;
import io.dfc.api.trajectory.Trajectory;
import io.dfc.api.trajectory.Variable;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A loop over one minibatch, and its results. Samples are handled one after the other, for they are
 * independent.
 */
public final class LoopRun implements LoopResult {
    private final ParameterArrays parameters;
    private final Network network;
    private final LoopHandle handle;
    private final LoopPhase phase;
    private final Activity feedforward;
    private final ControlError target;
    private final TrajectoryRecorder recorder;

    /** One to each forward plasticity. */
    private final List<GradientArrays> gradients = new ArrayList<>();

    /** Of the feedback weights; zero if they do not learn. */
    private final FeedbackGradient feedbackGradient;

    private final SampleConvergence convergence;

    /** Whether feedback weights learn from the mean over all noise. */
    private final boolean expected;

    private int fallbackSamples;

    /**
     * Runs the loop.
     *
     * @param storedFeedback the feedback weights as the engine holds them, not rounded; they decay
     * @param parameters the parameters as the loop multiplies by them
     */
    public LoopRun(
            double[][] storedFeedback,
            ParameterArrays parameters,
            LoopHandle handle,
            Activity feedforward,
            ControlError target,
            Noise noise,
            Recording recording) {
        this.parameters = parameters;
        this.network = parameters.network;
        this.handle = handle;
        this.phase = handle.phase();
        this.feedforward = feedforward;
        this.target = target;
        int samples = feedforward.samples;
        recorder = new TrajectoryRecorder(network, recording, samples);
        convergence = new SampleConvergence(phase, network.outputs(), samples);
        for (int i = 0; i < phase.forwardPlasticities().size(); i++) {
            gradients.add(new GradientArrays(network));
        }
        feedbackGradient = new FeedbackGradient(network, phase.feedback().name());
        Simulation simulation =
                new Simulation(
                        parameters,
                        phase.controller(),
                        phase.dynamics(),
                        phase.noise(),
                        new NoiseSource(
                                noise,
                                handle.noiseStream(),
                                network,
                                phase.dynamics().steps(),
                                samples));
        expected = phase.feedbackPlasticity().filter(FeedbackPlasticity::isExpected).isPresent();
        for (int s = 0; s < samples; s++) {
            if (expected) {
                new ExpectedFeedback(parameters, phase)
                        .add(
                                feedforward.sample(network, s),
                                target.sample(s, network.outputs()),
                                feedbackGradient);
            }
            if (!expected || recording.isActive() || !phase.forwardPlasticities().isEmpty()) {
                runSample(simulation, s);
            }
        }
        clipAndRunBatch(simulation);
        phase.feedbackPlasticity()
                .ifPresent(plasticity -> completeFeedback(plasticity, storedFeedback));
        if (!phase.checksConvergence()) {
            convergence.includeAllSamples();
        }
    }

    private void completeFeedback(FeedbackPlasticity plasticity, double[][] storedFeedback) {
        double terms = (double) phase.dynamics().steps() * feedforward.samples;
        for (int i = 0; i < network.depth(); i++) {
            feedbackGradient.scale(
                    i, plasticity.scale(phase.noise().orElseThrow(), i, network.depth()) / terms);
        }
        plasticity
                .homeostaticDecay()
                .ifPresent(decay -> feedbackGradient.decay(decay, storedFeedback));
        feedbackGradient.clip(plasticity.clipping());
    }

    private void runSample(Simulation simulation, int s) {
        Activity sample = feedforward.sample(network, s);
        ControlError error = target.sample(s, network.outputs());
        Controller controller = phase.controller();
        SteadyStates steadyStates = new SteadyStates(parameters, controller.leakage());
        switch (phase.solver()) {
            case Solver.Euler euler -> simulate(simulation, s, sample, error);
            case Solver.Auto auto -> {
                fallbackSamples++;
                simulate(simulation, s, sample, error);
            }
            case Solver.Linearized linearized -> {
                LoopState state = steadyStates.linearized(sample, error);
                recordWithoutTime(state, s);
                convergence.measure(s, state);
                addUpdates(state, s, newUpdates());
            }
            case Solver.SteadyState solver ->
                    steadyStates
                            .nonlinear(sample, error, solver)
                            .filter(state -> isStable(steadyStates, state, error))
                            .ifPresentOrElse(
                                    state -> {
                                        LoopState start = new LoopState(network, sample);
                                        error.evaluate(
                                                start.outputDeviation(),
                                                network.outputs(),
                                                start.error);
                                        recordWithoutTime(state, s);
                                        convergence.checkWithoutTime(
                                                s, state, start.errorNorm(0, network.outputs()));
                                        addUpdates(state, s, newUpdates());
                                    },
                                    () -> {
                                        fallbackSamples++;
                                        simulate(simulation, s, sample, error);
                                    });
        }
    }

    private boolean isStable(SteadyStates steadyStates, LoopState state, ControlError error) {
        return steadyStates.isStable(
                state,
                error,
                (ProportionalIntegralController) phase.controller(),
                phase.dynamics());
    }

    private void simulate(Simulation simulation, int s, Activity sample, ControlError error) {
        List<@Nullable SampleUpdate> updates = newUpdates();
        boolean overTime = phase.hasTime();
        double[] initialNorm = new double[1];
        List<Simulation.Observer> observers =
                new ArrayList<>(updates.stream().filter(u -> u != null).toList());
        if (phase.feedbackPlasticity().isPresent() && !expected) {
            observers.add(feedbackLearner());
        }
        observers.add(
                (point, state) -> {
                    if (point == 0) {
                        initialNorm[0] = state.errorNorm(0, network.outputs());
                    } else {
                        convergence.countPoint(s, state);
                    }
                    if (overTime) {
                        recorder.record(point, s, recorded(state));
                    }
                });
        LoopState last = simulation.run(sample, s, error, observers);
        if (overTime) {
            convergence.check(s, last, initialNorm[0]);
        } else {
            convergence.checkWithoutTime(s, last, initialNorm[0]);
            recordWithoutTime(last, s);
        }
        addUpdates(last, s, updates);
    }

    /** Correlates apical voltages with the control that is the first to have seen them. */
    private Simulation.Observer feedbackLearner() {
        double[][] previous = Buffers.perLayer(network, 1);
        double[] low = new double[network.outputs()];
        double[] signal = new double[network.outputs()];
        OptionalDouble share = phase.feedbackPlasticity().orElseThrow().highPass();
        return (point, state) -> {
            for (int j = 0; j < signal.length; j++) {
                if (share.isPresent()) {
                    double follow = point == 1 ? 1 : share.getAsDouble();
                    low[j] = follow * state.u[j] + (1 - follow) * low[j];
                }
                signal[j] = state.u[j] - low[j];
            }
            for (int i = 0; i < network.depth(); i++) {
                if (point > 0) {
                    feedbackGradient.addOuter(i, 1, previous[i], signal);
                }
                System.arraycopy(state.apical[i], 0, previous[i], 0, previous[i].length);
            }
        };
    }

    private void recordWithoutTime(LoopState state, int s) {
        LoopState start = new LoopState(network, state.feedforward);
        target.sample(s, network.outputs())
                .evaluate(start.outputDeviation(), network.outputs(), start.error);
        recorder.record(0, s, recorded(start));
        recorder.record(1, s, recorded(state));
    }

    private TrajectoryRecorder.State recorded(LoopState state) {
        Activity origin = state.feedforward;
        return new TrajectoryRecorder.State() {
            @Override
            public double value(Variable variable, int layer, int index) {
                return switch (variable) {
                    case CONTROL -> state.u[index];
                    case ERROR_NORM -> state.errorNorm(0, network.outputs());
                    case SOMATIC -> state.dv[layer][index];
                    case RATE -> state.dr[layer][index];
                    case BASAL -> state.db[layer][index];
                    case APICAL -> state.apical[layer][index];
                };
            }

            @Override
            public double feedforward(boolean rate, int layer, int index) {
                return rate ? origin.r[layer][index] : origin.v[layer][index];
            }
        };
    }

    /** One accumulator per update; running updates have none here. */
    private List<@Nullable SampleUpdate> newUpdates() {
        List<@Nullable SampleUpdate> updates = new ArrayList<>();
        for (ForwardPlasticity update : phase.forwardPlasticities()) {
            updates.add(
                    update.mode() == ForwardPlasticity.Mode.CONTINUOUS_RUNNING
                            ? null
                            : new SampleUpdate(parameters, update, phase.dynamics().timePoints()));
        }
        return updates;
    }

    private void addUpdates(LoopState last, int s, List<@Nullable SampleUpdate> updates) {
        if (!phase.convergence().includeAll() && !convergence.converged[s]) {
            return;
        }
        for (int i = 0; i < updates.size(); i++) {
            SampleUpdate update = updates.get(i);
            if (update != null) {
                update.finish(last, -2.0 / feedforward.samples, gradients.get(i));
            }
        }
    }

    /**
     * Running updates clip a sum over all samples after every time point, so they need a simulation
     * of the whole minibatch.
     */
    private void clipAndRunBatch(Simulation simulation) {
        List<Simulation.Observer> running = new ArrayList<>();
        for (int i = 0; i < gradients.size(); i++) {
            ForwardPlasticity update = phase.forwardPlasticities().get(i);
            if (update.mode() == ForwardPlasticity.Mode.CONTINUOUS_RUNNING) {
                running.add(
                        new RunningUpdate(
                                parameters,
                                update,
                                phase.convergence(),
                                phase.controller().leakage(),
                                phase.dynamics().steps(),
                                feedforward.samples,
                                gradients.get(i)));
            } else {
                gradients.get(i).clip(update.clipping());
            }
        }
        if (!running.isEmpty()) {
            simulation.run(feedforward, 0, target, running);
        }
    }

    /** Arrays of a gradient, group after group. */
    public List<double[]> gradientArrays(GradientHandle gradient) {
        int at = handle.forwardIndex(gradient);
        return at < 0 ? Arrays.asList(feedbackGradient.clipped()) : gradients.get(at).arrays();
    }

    @Override
    public int samples() {
        return feedforward.samples;
    }

    @Override
    public int converged() {
        return SampleConvergence.count(convergence.converged);
    }

    @Override
    public int diverged() {
        return SampleConvergence.count(convergence.diverged);
    }

    @Override
    public int fallbackSamples() {
        return fallbackSamples;
    }

    @Override
    public double errorEstimate() {
        return 0;
    }

    @Override
    public Tensor distanceRatio() {
        if (!phase.checksConvergence()) {
            throw new IllegalStateException("loop \"" + handle + "\" checks no convergence");
        }
        return Tensor.of(convergence.ratio, convergence.ratio.length);
    }

    @Override
    public boolean[] convergedSamples() {
        return convergence.converged.clone();
    }

    @Override
    public boolean[] divergedSamples() {
        return convergence.diverged.clone();
    }

    @Override
    public int[] divergedTimePoints() {
        return convergence.divergedPoints.clone();
    }

    @Override
    public double gradientNorm(GradientHandle gradient, int layer) {
        int at = handle.forwardIndex(gradient);
        return at < 0 ? feedbackGradient.norm(layer) : gradients.get(at).norm(layer);
    }

    @Override
    public Parameters gradient(GradientHandle gradient) {
        int at = handle.forwardIndex(gradient);
        return at < 0 ? feedbackGradient.toParameters() : gradients.get(at).toParameters();
    }

    @Override
    public List<Tensor> unclippedFeedback() {
        if (phase.feedbackPlasticity().isEmpty()) {
            throw new IllegalStateException("loop \"" + handle + "\" has no feedback plasticity");
        }
        return feedbackGradient.unclippedTensors();
    }

    @Override
    public Trajectory trajectory() {
        return recorder.trajectory(
                phase.solver() instanceof Solver.Euler
                        ? Recording.Source.SIMULATION
                        : Recording.Source.SOLVER);
    }
}
