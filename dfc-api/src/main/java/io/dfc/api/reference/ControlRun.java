package io.dfc.api.reference;

import io.dfc.api.control.Controller;
import io.dfc.api.control.Convergence;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.Update;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Noise;
import io.dfc.api.noise.Philox;
import io.dfc.api.spi.ControlPass;
import io.dfc.api.spi.ControlPhase;
import io.dfc.api.spi.Gradients;
import io.dfc.api.spi.OutputSpace;
import io.dfc.api.spi.Trajectory;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;

/**
 * One controlled phase of one minibatch, and its results. Samples are handled one after the other,
 * for they are independent.
 */
final class ControlRun implements ControlPass {
    private final ParameterArrays parameters;
    private final Network network;
    private final ControlPhase phase;
    private final Activity feedforward;
    private final ControlError target;
    private final Recorder recorder;
    private final List<GradientArrays> gradients = new ArrayList<>();
    private final double[] ratio;
    private final boolean[] converged;
    private final boolean[] diverged;
    private final int[] divergedPoints;
    private int simulated;
    private double estimate;

    ControlRun(
            ParameterArrays parameters,
            ControlPhase phase,
            Activity feedforward,
            ControlError target,
            Noise noise) {
        this.parameters = parameters;
        this.network = parameters.network;
        this.phase = phase;
        this.feedforward = feedforward;
        this.target = target;
        int samples = feedforward.samples;
        recorder = new Recorder(network, phase.recording(), samples);
        ratio = new double[samples];
        converged = new boolean[samples];
        diverged = new boolean[samples];
        divergedPoints = new int[samples];
        for (int i = 0; i < phase.updates().size(); i++) {
            gradients.add(new GradientArrays(network));
        }
        Simulation simulation =
                new Simulation(
                        parameters,
                        phase.controller(),
                        phase.dynamics(),
                        phase.noise(),
                        new NoiseSource(
                                noise,
                                Philox.PHASE_CONTROL,
                                network,
                                phase.dynamics().steps(),
                                samples));
        if (!runInOutputSpace()) {
            for (int s = 0; s < samples; s++) {
                runSample(simulation, s);
            }
            clipAndRunBatch(simulation);
        }
    }

    /** Whether the small loop meets the tolerance of a plan that leaves the choice open. */
    private boolean runInOutputSpace() {
        if (!(phase.solver() instanceof Solver.Auto(double tolerance))
                || !OutputSpace.covers(network, phase)
                || !(target instanceof ControlError.Distance nudged)) {
            return false;
        }
        OutputSpaceRun run = new OutputSpaceRun(parameters, phase, feedforward, nudged);
        if (!(run.estimate <= tolerance)) {
            return false;
        }
        estimate = run.estimate;
        System.arraycopy(run.ratio, 0, ratio, 0, ratio.length);
        System.arraycopy(run.converged, 0, converged, 0, converged.length);
        for (int k = 0; k < gradients.size(); k++) {
            gradients.set(k, run.gradient(k));
            gradients.get(k).clip(phase.updates().get(k).clipping());
        }
        return true;
    }

    private void runSample(Simulation simulation, int s) {
        Activity sample = feedforward.sample(network, s);
        ControlError error = target.sample(s, network.outputs());
        Controller controller = phase.controller();
        SteadyStates steadyStates = new SteadyStates(parameters, controller.leakage());
        switch (phase.solver()) {
            case Solver.Euler euler -> simulate(simulation, s, sample, error);
            case Solver.Auto auto -> {
                simulated++;
                simulate(simulation, s, sample, error);
            }
            case Solver.Linearized linearized -> {
                LoopState state = steadyStates.linearized(sample, error);
                recordWithoutTime(state, s);
                judge(state, s, state.errorNorm(0, network.outputs()));
                converged[s] = true;
                diverged[s] = false;
                divergedPoints[s] = 0;
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
                                        judge(state, s, start.errorNorm(0, network.outputs()));
                                        divergedPoints[s] = diverged[s] ? 1 : 0;
                                        addUpdates(state, s, newUpdates());
                                    },
                                    () -> {
                                        simulated++;
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
        List<SampleUpdate> updates = newUpdates();
        boolean overTime = phase.hasTime();
        double[] initialNorm = new double[1];
        List<Simulation.Observer> observers =
                new ArrayList<>(updates.stream().filter(u -> u != null).toList());
        observers.add(
                (point, state) -> {
                    if (point == 0) {
                        initialNorm[0] = state.errorNorm(0, network.outputs());
                    } else if (isDiverged(state)) {
                        divergedPoints[s]++;
                    }
                    if (overTime) {
                        recorder.record(point, state, s);
                    }
                });
        LoopState last = simulation.run(sample, s, error, observers);
        judge(last, s, initialNorm[0]);
        if (!overTime) {
            divergedPoints[s] = diverged[s] ? 1 : 0;
            recordWithoutTime(last, s);
        }
        addUpdates(last, s, updates);
    }

    private boolean isDiverged(LoopState state) {
        return state.distanceRatio(0, network.outputs(), phase.controller().leakage())
                > Convergence.RATIO_DIVERGED;
    }

    private void recordWithoutTime(LoopState state, int s) {
        LoopState start = new LoopState(network, state.feedforward);
        target.sample(s, network.outputs())
                .evaluate(start.outputDeviation(), network.outputs(), start.error);
        recorder.record(0, start, s);
        recorder.record(1, state, s);
    }

    private void judge(LoopState last, int s, double initialNorm) {
        ratio[s] = last.distanceRatio(0, network.outputs(), phase.controller().leakage());
        converged[s] =
                phase.convergence()
                        .converged(ratio[s], last.errorNorm(0, network.outputs()), initialNorm);
        diverged[s] = ratio[s] > Convergence.RATIO_DIVERGED;
    }

    /** One accumulator per update; running updates have none here. */
    private List<SampleUpdate> newUpdates() {
        List<SampleUpdate> updates = new ArrayList<>();
        for (Update update : phase.updates()) {
            updates.add(
                    update.mode() == Update.Mode.CONTINUOUS_RUNNING
                            ? null
                            : new SampleUpdate(parameters, update, phase.dynamics().timePoints()));
        }
        return updates;
    }

    private void addUpdates(LoopState last, int s, List<SampleUpdate> updates) {
        if (!phase.convergence().includeAll() && !converged[s]) {
            return;
        }
        for (int i = 0; i < updates.size(); i++) {
            if (updates.get(i) != null) {
                updates.get(i).finish(last, -2.0 / feedforward.samples, gradients.get(i));
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
            Update update = phase.updates().get(i);
            if (update.mode() == Update.Mode.CONTINUOUS_RUNNING) {
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

    GradientArrays gradientArrays(int update) {
        return gradients.get(update);
    }

    @Override
    public int samples() {
        return feedforward.samples;
    }

    @Override
    public int converged() {
        return count(converged);
    }

    @Override
    public int diverged() {
        return count(diverged);
    }

    private static int count(boolean[] mask) {
        int n = 0;
        for (boolean b : mask) {
            n += b ? 1 : 0;
        }
        return n;
    }

    @Override
    public int simulated() {
        return simulated;
    }

    @Override
    public double errorEstimate() {
        return estimate;
    }

    @Override
    public Tensor distanceRatio() {
        return Tensor.of(ratio, ratio.length);
    }

    @Override
    public boolean[] convergedSamples() {
        return converged.clone();
    }

    @Override
    public boolean[] divergedSamples() {
        return diverged.clone();
    }

    @Override
    public int[] divergedTimePoints() {
        return divergedPoints.clone();
    }

    @Override
    public double gradientNorm(int update, int layer) {
        return gradients.get(update).norm(layer);
    }

    @Override
    public Gradients gradients(int update) {
        return gradients.get(update).toGradients();
    }

    @Override
    public Trajectory trajectory() {
        return recorder.trajectory();
    }
}
