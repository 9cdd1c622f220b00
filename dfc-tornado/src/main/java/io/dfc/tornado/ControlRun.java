package io.dfc.tornado;

import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.PublishedRule;
import io.dfc.api.learn.Update;
import io.dfc.api.noise.Noise;
import io.dfc.api.noise.Philox;
import io.dfc.api.spi.ControlPass;
import io.dfc.api.spi.ControlPhase;
import io.dfc.api.spi.Gradients;
import io.dfc.api.spi.Plan;
import io.dfc.api.spi.Trajectory;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The controlled phase, and its last results. */
final class ControlRun implements ControlPass {
    private final DeviceShare device;
    private final Layout layout;
    private final GradientOps gradients;
    private final ControlPhase phase;
    private final Simulation simulation;
    private final Recordings recordings;
    private final SteadySearch search;

    /** The way without simulation; null where the plan leaves no choice, or has no use for it. */
    private final OutputSpaceRun outputSpace;

    private int samples;
    private int simulated;
    private double estimate;

    /** Norms of the layers of each update that has been asked for. */
    private final double[][] norms;

    /** Distance ratio, converged, diverged and diverged points, [4, padded]. */
    private float[] verdicts;

    ControlRun(DeviceShare device, Layout layout, GradientOps gradients, Plan plan) {
        this.device = device;
        this.layout = layout;
        this.gradients = gradients;
        phase = plan.control().orElseThrow();
        search = new SteadySearch(device, layout);
        outputSpace =
                layout.controlInOutputSpace
                        ? new OutputSpaceRun(device, layout, gradients, phase, search)
                        : null;
        norms = new double[phase.updates().size()][];
        simulation =
                new Simulation(
                        device,
                        layout,
                        plan,
                        Philox.PHASE_CONTROL,
                        (ProportionalIntegralController) phase.controller(),
                        phase.dynamics(),
                        phase.noise(),
                        phase.target());
        recordings =
                new Recordings(
                        device,
                        layout,
                        phase.recording(),
                        layout.controlRecords,
                        layout.controlPoints);
    }

    void run(Noise noise, int count) {
        samples = count;
        Arrays.fill(norms, null);
        simulation.configure(noise, count);
        recordings.configure();
        double epsilon = phase.convergence().epsilon();
        // Of squared norms.
        device.set(Slots.CONVERGENCE, Math.pow(epsilon, 4));
        device.set(Slots.LEARNS_FEEDBACK, 0);
        device.set(Slots.MASKED, 0);
        boolean all = phase.convergence().includeAll();
        device.set(Slots.MASK, all ? Slots.EVERYONE : Slots.CONVERGED_ONLY);
        if (runInOutputSpace()) {
            simulated = 0;
            estimate = outputSpace.estimate();
            readVerdicts();
        } else {
            estimate = 0;
            runOnNetwork(all);
        }
        for (int u = 0; u < phase.updates().size(); u++) {
            gradients.clip(
                    phase.updates().get(u).clipping(), layout.updates[u], layout.updates[u], true);
        }
        runRunning(all);
    }

    /** Whether the small loop meets the tolerance of a plan that leaves the choice open. */
    private boolean runInOutputSpace() {
        device.set(Slots.AVERAGES, 0);
        return outputSpace != null
                && phase.solver() instanceof Solver.Auto(double tolerance)
                && outputSpace.run(simulation, tolerance, samples);
    }

    /** Finds states of the network, and forms the updates from them. */
    private void runOnNetwork(boolean all) {
        List<Integer> averages = positions(Update.Mode.CONTINUOUS);
        device.set(Slots.AVERAGES, averages.size());
        for (int q = 0; q < averages.size(); q++) {
            device.set(Slots.RULES + q, rule(phase.updates().get(averages.get(q))));
        }
        simulated = find();
        readVerdicts();
        if (!all && !averages.isEmpty() && converged() < samples) {
            device.set(Slots.MASKED, 1);
            boolean[] masked = convergedSamples();
            for (int s = 0; s < samples; s++) {
                masked[s] = !masked[s];
            }
            simulation.runTilesOf(masked);
            device.set(Slots.MASKED, 0);
        }
        for (int q = 0; q < averages.size(); q++) {
            average(q, layout.updates[averages.get(q)]);
        }
        for (int u : positions(Update.Mode.LAST_STATE)) {
            fromState(u, -2.0 / samples, false);
        }
    }

    private void readVerdicts() {
        verdicts = device.read(layout.at(Slots.RATIO), 4 * layout.padded);
    }

    /** Runs the solver, and counts the samples that it has simulated in want of a shorter way. */
    private int find() {
        return switch (phase.solver()) {
            case Solver.Euler euler -> {
                simulation.run();
                simulation.judge();
                yield 0;
            }
            case Solver.Auto auto -> {
                simulation.run();
                simulation.judge();
                yield samples;
            }
            case Solver.Linearized linearized -> {
                search.linearized(simulation, samples);
                yield 0;
            }
            case Solver.SteadyState steady ->
                    search.nonlinear(steady, simulation, recordings, phase.dynamics(), samples);
        };
    }

    private List<Integer> positions(Update.Mode mode) {
        List<Integer> out = new ArrayList<>();
        for (int u = 0; u < phase.updates().size(); u++) {
            if (phase.updates().get(u).mode() == mode) {
                out.add(u);
            }
        }
        return out;
    }

    static int rule(Update update) {
        return switch ((PublishedRule) update.rule()) {
            case VOLTAGE_DIFFERENCE -> Slots.VOLTAGE_DIFFERENCE;
            case DERIVATIVE -> Slots.DERIVATIVE;
            case NONLINEAR_DIFFERENCE -> Slots.NONLINEAR_DIFFERENCE;
        };
    }

    /** Completes a time average. */
    private void average(int q, int gradient) {
        double factor = -2.0 / samples / phase.dynamics().timePoints();
        int first = layout.network.size(0);
        int length = layout.at(Slots.PARTIAL_LENGTH);
        gradients.reduce(
                layout.at(Slots.PARTIAL) + q * layout.tiles * length,
                Tiles.count(samples),
                length,
                gradient + layout.forwardLength - length,
                factor);
        gradients.products(
                layout.at(Slots.FIRST_SUM) + q * layout.padded * first,
                Slots.FEEDFORWARD,
                gradient,
                factor,
                1,
                false);
    }

    static int presynaptic(Update update) {
        return update.presynaptic() == Update.Presynaptic.CONTROLLED
                ? Slots.CONTROLLED
                : Slots.FEEDFORWARD;
    }

    /** Forms, or adds, the contribution of the current state to an update. */
    private void fromState(int u, double factor, boolean add) {
        Update update = phase.updates().get(u);
        gradients.fromState(
                rule(update), presynaptic(update), layout.updates[u], factor, add, samples);
    }

    /**
     * Updates whose running sum over the minibatch is clipped after every step: the loop once more,
     * a step to a launch.
     */
    private void runRunning(boolean all) {
        List<Integer> running = positions(Update.Mode.CONTINUOUS_RUNNING);
        if (running.isEmpty()) {
            return;
        }
        device.set(Slots.AVERAGES, 0);
        device.set(Slots.RECORDS, 0);
        device.set(Slots.MASK, all ? Slots.EVERYONE : Slots.NOT_DIVERGED);
        double factor = -2.0 / samples / phase.dynamics().steps();
        simulation.reset();
        for (int step = 0; step < simulation.steps(); step++) {
            simulation.run(step, step + 1);
            for (int u : running) {
                Update update = phase.updates().get(u);
                fromState(u, factor, step > 0);
                gradients.clip(update.clipping(), layout.updates[u], layout.updates[u], true);
            }
        }
    }

    @Override
    public int samples() {
        return samples;
    }

    @Override
    public int converged() {
        return count(convergedSamples());
    }

    @Override
    public int diverged() {
        return count(divergedSamples());
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
        return Tensor.wrap(Arrays.copyOf(verdicts, samples), samples);
    }

    @Override
    public boolean[] convergedSamples() {
        return mask(1);
    }

    @Override
    public boolean[] divergedSamples() {
        return mask(2);
    }

    private boolean[] mask(int row) {
        boolean[] out = new boolean[samples];
        for (int s = 0; s < samples; s++) {
            out[s] = verdicts[row * layout.padded + s] > 0;
        }
        return out;
    }

    @Override
    public int[] divergedTimePoints() {
        int[] out = new int[samples];
        for (int s = 0; s < samples; s++) {
            out[s] = Math.round(verdicts[3 * layout.padded + s]);
        }
        return out;
    }

    @Override
    public double gradientNorm(int update, int layer) {
        if (norms[update] == null) {
            norms[update] = gradients.layerNorms(layout.updates[update], true);
        }
        return norms[update][layer];
    }

    @Override
    public Gradients gradients(int update) {
        return gradients.download(layout.updates[update]);
    }

    @Override
    public Trajectory trajectory() {
        return recordings.read(samples);
    }
}
