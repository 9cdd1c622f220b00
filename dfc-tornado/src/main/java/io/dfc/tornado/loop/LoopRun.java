package io.dfc.tornado.loop;

import io.dfc.api.control.Solver;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.Recording;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.Trajectory;
import io.dfc.api.tensor.Tensor;
import io.dfc.tornado.kernel.Slots;
import io.dfc.tornado.learn.FeedbackGradient;
import io.dfc.tornado.learn.GradientOps;
import io.dfc.tornado.learn.PlasticityCode;
import io.dfc.tornado.memory.Layout;
import io.dfc.tornado.memory.ReducedOrder;
import io.dfc.tornado.memory.Tiles;
import io.dfc.tornado.runtime.DeviceShare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A loop, and its last results. */
public final class LoopRun implements LoopResult {
    private final DeviceShare device;
    private final Layout layout;
    private final GradientOps gradients;
    private final Plan plan;
    private final LoopHandle handle;
    private final LoopPhase phase;

    /** What of the forward parameters learns, and where their gradients are formed. */
    private final List<ForwardPlasticity> forward;

    private final int[] places;

    /** Numbers of the time-averaged gradients among all of the forward parameters. */
    private final List<Integer> averages;

    /** Of the feedback weights; null if they do not learn. */
    private final FeedbackGradient taught;

    private final Simulation simulation;
    private final SteadySearch search;

    // The ways without simulation; null where the loop leaves no choice, or has no use for one.
    private final OutputSpaceRun outputSpace;
    private final OutputSpaceFeedbackRun outputSpaceFeedback;

    private Recorder recorder;
    private int samples;
    private int fallbackSamples;
    private double estimate;

    /** Norms of the layers of each gradient that has been asked for. */
    private final double[][] norms;

    private Verdicts verdicts;

    public LoopRun(
            DeviceShare device,
            Layout layout,
            GradientOps gradients,
            Plan plan,
            LoopHandle handle) {
        this.device = device;
        this.layout = layout;
        this.gradients = gradients;
        this.plan = plan;
        this.handle = handle;
        phase = handle.phase();
        forward = phase.forward();
        places =
                handle.gradients().stream()
                        .filter(g -> handle.forwardIndex(g) >= 0)
                        .mapToInt(layout::at)
                        .toArray();
        norms = new double[places.length][];
        averages = positions(ForwardPlasticity.Mode.CONTINUOUS);
        taught =
                handle.gradients().stream()
                        .filter(g -> handle.forwardIndex(g) < 0)
                        .findFirst()
                        .map(g -> new FeedbackGradient(device, layout, gradients, g))
                        .orElse(null);
        simulation = new Simulation(device, layout, plan, handle);
        search = new SteadySearch(device, layout);
        outputSpace =
                ReducedOrder.coversForward(plan, phase)
                        ? new OutputSpaceRun(device, layout, gradients, handle, search)
                        : null;
        outputSpaceFeedback =
                ReducedOrder.coversFeedback(plan, phase)
                        ? new OutputSpaceFeedbackRun(device, layout, gradients, phase, search)
                        : null;
    }

    public void run(Noise noise, Recording recording, int count) {
        samples = count;
        fallbackSamples = 0;
        estimate = 0;
        Arrays.fill(norms, null);
        simulation.configure(noise, count);
        recorder = new Recorder(device, layout, recording, count);
        double epsilon = phase.convergence().epsilon();
        // Of squared norms.
        device.set(Slots.CONVERGENCE, Math.pow(epsilon, 4));
        device.set(Slots.LEARNS_FEEDBACK, taught == null ? 0 : 1);
        device.set(Slots.AVERAGES, 0);
        device.set(Slots.MASKED, 0);
        boolean all = phase.convergence().includeAll();
        device.set(Slots.MASK, all ? Slots.EVERYONE : Slots.CONVERGED_ONLY);
        if (runInOutputSpace()) {
            readVerdicts();
        } else {
            runOnNetwork(all);
        }
        for (int u = 0; u < places.length; u++) {
            gradients.clip(forward.get(u).clipping(), places[u], places[u], layout.tensors.forward);
        }
        phase.teacher()
                .ifPresent(
                        teacher -> {
                            taught.reduce(teacher, phase, samples);
                            taught.complete(teacher.homeostaticDecay(), teacher.clipping());
                        });
        runRunning(all);
    }

    /** Whether the reduced-order loop meets the tolerance of a plan that leaves the choice open. */
    private boolean runInOutputSpace() {
        if (!(phase.solver() instanceof Solver.Auto(double tolerance))) {
            return false;
        }
        if (outputSpace != null && outputSpace.run(simulation, tolerance, samples)) {
            estimate = outputSpace.estimate();
            return true;
        }
        if (outputSpaceFeedback != null
                && ReducedOrder.coversFeedback(plan, phase, samples)
                && outputSpaceFeedback.run(simulation, tolerance, samples)) {
            estimate = outputSpaceFeedback.estimate();
            return true;
        }
        return false;
    }

    /** Finds states of the network, and forms the gradients of forward parameters from them. */
    private void runOnNetwork(boolean all) {
        fallbackSamples = find();
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
            average(q, places[averages.get(q)]);
        }
        for (int u : positions(ForwardPlasticity.Mode.LAST_STATE)) {
            fromState(u, -2.0 / samples, false);
        }
    }

    private void readVerdicts() {
        verdicts =
                phase.judgesSamples()
                        ? new Verdicts(
                                device.read(layout.at(Slots.RATIO), Verdicts.ROWS * layout.padded),
                                samples)
                        : Verdicts.allConverged(samples);
    }

    /** Runs the solver, and counts the samples that it has simulated in want of a shorter way. */
    private int find() {
        return switch (phase.solver()) {
            case Solver.Euler euler -> {
                simulate();
                yield 0;
            }
            case Solver.Auto auto -> {
                simulate();
                yield samples;
            }
            case Solver.Linearized linearized -> {
                search.linearized(simulation, recorder, samples);
                yield 0;
            }
            case Solver.SteadyState steady ->
                    search.nonlinear(steady, simulation, recorder, phase.dynamics(), samples);
        };
    }

    /**
     * Simulates all steps. A recording stops between them, which would change the order in which
     * averages over time are added up: they get a simulation of their own.
     */
    private void simulate() {
        if (recorder.isActive()) {
            simulation.run(recorder);
        }
        if (!averages.isEmpty() || !recorder.isActive()) {
            device.set(Slots.AVERAGES, averages.size());
            for (int q = 0; q < averages.size(); q++) {
                device.set(Slots.RULES + q, PlasticityCode.rule(forward.get(averages.get(q))));
            }
            simulation.run();
        }
        if (phase.judgesSamples()) {
            simulation.judge();
        }
    }

    private List<Integer> positions(ForwardPlasticity.Mode mode) {
        List<Integer> out = new ArrayList<>();
        for (int u = 0; u < forward.size(); u++) {
            if (forward.get(u).mode() == mode) {
                out.add(u);
            }
        }
        return out;
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

    /** Forms, or adds, the contribution of the current state to a gradient. */
    private void fromState(int u, double factor, boolean add) {
        ForwardPlasticity plasticity = forward.get(u);
        gradients.fromState(
                PlasticityCode.rule(plasticity),
                PlasticityCode.presynaptic(plasticity),
                places[u],
                factor,
                add,
                samples);
    }

    /**
     * Gradients whose running sum over the minibatch is clipped after every step: the loop once
     * more, a step to a launch.
     */
    private void runRunning(boolean all) {
        List<Integer> running = positions(ForwardPlasticity.Mode.CONTINUOUS_RUNNING);
        if (running.isEmpty()) {
            return;
        }
        device.set(Slots.AVERAGES, 0);
        device.set(Slots.LEARNS_FEEDBACK, 0);
        device.set(Slots.MASK, all ? Slots.EVERYONE : Slots.NOT_DIVERGED);
        double factor = -2.0 / samples / phase.dynamics().steps();
        simulation.reset();
        for (int step = 0; step < phase.dynamics().steps(); step++) {
            simulation.run(step, step + 1);
            for (int u : running) {
                fromState(u, factor, step > 0);
                gradients.clip(
                        forward.get(u).clipping(), places[u], places[u], layout.tensors.forward);
            }
        }
    }

    @Override
    public int samples() {
        return samples;
    }

    @Override
    public int converged() {
        return Verdicts.count(convergedSamples());
    }

    @Override
    public int diverged() {
        return Verdicts.count(divergedSamples());
    }

    @Override
    public int fallbackSamples() {
        return fallbackSamples;
    }

    @Override
    public double errorEstimate() {
        return estimate;
    }

    @Override
    public Tensor distanceRatio() {
        if (!phase.judgesSamples()) {
            throw new IllegalStateException("loop \"" + handle + "\" judges no samples");
        }
        return verdicts.distanceRatio();
    }

    @Override
    public boolean[] convergedSamples() {
        return verdicts.converged();
    }

    @Override
    public boolean[] divergedSamples() {
        return verdicts.diverged();
    }

    @Override
    public int[] divergedTimePoints() {
        return verdicts.divergedTimePoints();
    }

    @Override
    public double gradientNorm(GradientHandle gradient, int layer) {
        int at = handle.forwardIndex(gradient);
        if (at < 0) {
            return taught.norm(layer);
        }
        if (norms[at] == null) {
            norms[at] = gradients.layerNorms(places[at], layout.tensors.forward);
        }
        return norms[at][layer];
    }

    @Override
    public Parameters gradient(GradientHandle gradient) {
        int at = handle.forwardIndex(gradient);
        return at < 0
                ? taught.toParameters()
                : gradients.download(places[at], layout.tensors.forward);
    }

    @Override
    public List<Tensor> unclippedFeedback() {
        if (taught == null) {
            throw new IllegalStateException("loop \"" + handle + "\" teaches no feedback weights");
        }
        return taught.unclipped();
    }

    @Override
    public Trajectory trajectory() {
        return recorder.trajectory(
                phase.solver() instanceof Solver.Euler
                        ? Recording.Source.SIMULATION
                        : Recording.Source.SOLVER);
    }
}
