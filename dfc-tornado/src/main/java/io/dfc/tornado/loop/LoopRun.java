package io.dfc.tornado.loop;

import io.dfc.api.control.Solver;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Recording;
import io.dfc.api.trajectory.Trajectory;
import io.dfc.tornado.kernel.TableCodes;
import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.learn.FeedbackGradient;
import io.dfc.tornado.learn.GradientOperations;
import io.dfc.tornado.learn.NormRequest;
import io.dfc.tornado.learn.PlasticityCode;
import io.dfc.tornado.memory.MemoryLayout;
import io.dfc.tornado.memory.ReducedOrder;
import io.dfc.tornado.memory.Tiles;
import io.dfc.tornado.runtime.DeviceShare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A loop, and its last results. */
public final class LoopRun implements LoopResult {
    private final DeviceShare device;
    private final MemoryLayout layout;
    private final GradientOperations gradients;
    private final Plan plan;
    private final LoopHandle handle;
    private final LoopPhase phase;

    /** Plasticities of the forward parameters, and addresses of their gradients. */
    private final List<ForwardPlasticity> forward;

    private final int[] addresses;

    /** Indices of the plasticities whose updates are averaged over time. */
    private final List<Integer> averages;

    /** Gradient of the feedback weights; null if they do not learn. */
    private final FeedbackGradient feedback;

    private final Simulation simulation;
    private final SteadySearch search;

    // Solvers in output space; null where the loop is not covered by them.
    private final OutputSpaceRun outputSpace;
    private final OutputSpaceFeedbackRun outputSpaceFeedback;

    /** Where feedback weights learn from the mean over all noise. */
    private final Optional<ExpectedFeedbackRun> expected;

    private Recorder recorder;
    private int samples;
    private int fallbackSamples;
    private double estimate;

    /**
     * Norms of the layers of all gradients, those of forward parameters first, once they have been
     * requested.
     */
    private List<double[]> norms;

    private SampleConvergence convergence;

    public LoopRun(
            DeviceShare device,
            MemoryLayout layout,
            GradientOperations gradients,
            Plan plan,
            LoopHandle handle) {
        this.device = device;
        this.layout = layout;
        this.gradients = gradients;
        this.plan = plan;
        this.handle = handle;
        phase = handle.phase();
        forward = phase.forwardPlasticities();
        addresses =
                handle.gradients().stream()
                        .filter(g -> handle.forwardIndex(g) >= 0)
                        .mapToInt(layout::at)
                        .toArray();
        averages = positions(ForwardPlasticity.Mode.CONTINUOUS);
        feedback =
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
        expected =
                phase.feedbackPlasticity()
                        .filter(FeedbackPlasticity::isExpected)
                        .map(p -> new ExpectedFeedbackRun(device, phase, feedback, search));
    }

    public void run(Noise noise, Recording recording, int count) {
        samples = count;
        fallbackSamples = 0;
        estimate = 0;
        norms = null;
        simulation.configure(noise, count);
        recorder = new Recorder(device, layout, recording, count);
        // Of squared norms.
        device.set(TableLayout.CONVERGENCE_BOUND, Math.pow(phase.convergence().epsilon(), 4));
        boolean correlates = feedback != null && expected.isEmpty();
        device.set(TableLayout.LEARNS_FEEDBACK, correlates ? 1 : 0);
        device.set(TableLayout.AVERAGES, 0);
        device.set(TableLayout.MASKED, 0);
        boolean all = phase.convergence().includeAll();
        device.set(TableLayout.MASK, all ? TableCodes.ALL_SAMPLES : TableCodes.CONVERGED_ONLY);
        if (!needsLoop() || runInOutputSpace()) {
            readConvergence();
        } else {
            runOnNetwork(all);
        }
        for (int u = 0; u < addresses.length; u++) {
            gradients.clip(
                    forward.get(u).clipping(), addresses[u], addresses[u], layout.tensors.forward);
        }
        phase.feedbackPlasticity()
                .ifPresent(
                        plasticity -> {
                            expected.ifPresentOrElse(
                                    e -> e.run(simulation, samples),
                                    () -> feedback.reduce(plasticity, phase, samples));
                            feedback.complete(plasticity.homeostaticDecay(), plasticity.clipping());
                        });
        runRunning(all);
    }

    /** Whether something is recorded or learnt that the mean over all noise does not tell. */
    private boolean needsLoop() {
        return expected.isEmpty() || recorder.isActive() || !forward.isEmpty();
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

    /** Solves the loop of all neurons, and forms the gradients of forward parameters. */
    private void runOnNetwork(boolean all) {
        fallbackSamples = solve();
        readConvergence();
        if (!all && !averages.isEmpty() && converged() < samples) {
            device.set(TableLayout.MASKED, 1);
            boolean[] masked = convergedSamples();
            for (int s = 0; s < samples; s++) {
                masked[s] = !masked[s];
            }
            simulation.runTilesOf(masked);
            device.set(TableLayout.MASKED, 0);
        }
        for (int q = 0; q < averages.size(); q++) {
            average(q, addresses[averages.get(q)]);
        }
        for (int u : positions(ForwardPlasticity.Mode.LAST_STATE)) {
            fromState(u, -2.0 / samples, false);
        }
    }

    private void readConvergence() {
        convergence =
                phase.checksConvergence()
                        ? SampleConvergence.read(device, layout, samples)
                        : SampleConvergence.allConverged(samples);
    }

    /**
     * Runs the solver; tells how many samples it has simulated because it found no other solution.
     */
    private int solve() {
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
     * Simulates all steps. A recording stops between steps, which would change the order in which
     * averages over time are added up, so that averages get a simulation of their own.
     */
    private void simulate() {
        if (recorder.isActive()) {
            simulation.run(recorder);
        }
        if (!averages.isEmpty() || !recorder.isActive()) {
            device.set(TableLayout.AVERAGES, averages.size());
            for (int q = 0; q < averages.size(); q++) {
                device.set(
                        TableLayout.RULES + q, PlasticityCode.rule(forward.get(averages.get(q))));
            }
            simulation.run();
        }
        if (phase.checksConvergence()) {
            simulation.decideConvergence();
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
        int length = layout.at(TableLayout.PARTIAL_LENGTH);
        gradients.reduce(
                layout.at(TableLayout.PARTIAL_SUM) + q * layout.tiles * length,
                Tiles.count(samples),
                length,
                gradient + layout.forwardLength - length,
                factor);
        gradients.products(
                layout.at(TableLayout.FIRST_LAYER_SUM) + q * layout.padded * first,
                TableCodes.FEEDFORWARD,
                gradient,
                factor,
                1,
                false);
    }

    /** Forms a gradient from the current state, or adds that to it. */
    private void fromState(int u, double factor, boolean add) {
        ForwardPlasticity plasticity = forward.get(u);
        gradients.fromState(
                PlasticityCode.rule(plasticity),
                PlasticityCode.presynaptic(plasticity),
                addresses[u],
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
        device.set(TableLayout.AVERAGES, 0);
        device.set(TableLayout.LEARNS_FEEDBACK, 0);
        device.set(TableLayout.MASK, all ? TableCodes.ALL_SAMPLES : TableCodes.NOT_DIVERGED);
        double factor = -2.0 / samples / phase.dynamics().steps();
        simulation.reset();
        for (int step = 0; step < phase.dynamics().steps(); step++) {
            simulation.run(step, step + 1);
            for (int u : running) {
                fromState(u, factor, step > 0);
                gradients.clip(
                        forward.get(u).clipping(),
                        addresses[u],
                        addresses[u],
                        layout.tensors.forward);
            }
        }
    }

    @Override
    public int samples() {
        return samples;
    }

    @Override
    public int converged() {
        return SampleConvergence.count(convergedSamples());
    }

    @Override
    public int diverged() {
        return SampleConvergence.count(divergedSamples());
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
        if (!phase.checksConvergence()) {
            throw new IllegalStateException("loop \"" + handle + "\" checks no convergence");
        }
        return convergence.distanceRatio();
    }

    @Override
    public boolean[] convergedSamples() {
        return convergence.converged();
    }

    @Override
    public boolean[] divergedSamples() {
        return convergence.diverged();
    }

    @Override
    public int[] divergedTimePoints() {
        return convergence.divergedTimePoints();
    }

    @Override
    public double gradientNorm(GradientHandle gradient, int layer) {
        int at = handle.forwardIndex(gradient);
        if (norms == null) {
            List<NormRequest> requests = new ArrayList<>();
            for (int address : addresses) {
                requests.add(new NormRequest(address, layout.tensors.forward));
            }
            if (feedback != null) {
                requests.add(feedback.norms());
            }
            norms = gradients.layerNorms(requests);
        }
        return norms.get(at < 0 ? addresses.length : at)[layer];
    }

    @Override
    public Parameters gradient(GradientHandle gradient) {
        int at = handle.forwardIndex(gradient);
        return at < 0
                ? feedback.toParameters()
                : gradients.download(addresses[at], layout.tensors.forward);
    }

    @Override
    public List<Tensor> unclippedFeedback() {
        if (feedback == null) {
            throw new IllegalStateException("loop \"" + handle + "\" has no feedback plasticity");
        }
        return feedback.unclipped();
    }

    @Override
    public Trajectory trajectory() {
        return recorder.trajectory(
                phase.solver() instanceof Solver.Euler
                        ? Recording.Source.SIMULATION
                        : Recording.Source.SOLVER);
    }
}
