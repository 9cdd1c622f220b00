package io.dfc.tornado;

import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.noise.Noise;
import io.dfc.api.noise.Philox;
import io.dfc.api.spi.FeedbackPass;
import io.dfc.api.spi.FeedbackPhase;
import io.dfc.api.spi.Plan;
import io.dfc.api.spi.Recording;
import io.dfc.api.spi.Trajectory;
import io.dfc.api.tensor.Tensor;

import java.util.List;

/** The feedback learning phase, and its last results. */
final class FeedbackRun implements FeedbackPass {
    private final DeviceShare device;
    private final Layout layout;
    private final GradientOps gradients;
    private final FeedbackPhase phase;
    private final Simulation simulation;
    private final Recordings recordings;
    private final SteadySearch search;
    private final Plan plan;

    /** The way without simulation; null where the plan leaves no choice, or has no use for it. */
    private final OutputSpaceFeedbackRun outputSpace;

    private int samples;
    private int simulated;
    private double estimate;

    /** Norms of the layers, once they have been asked for. */
    private double[] norms;

    FeedbackRun(DeviceShare device, Layout layout, GradientOps gradients, Plan plan) {
        this.device = device;
        this.layout = layout;
        this.gradients = gradients;
        phase = plan.feedback().orElseThrow();
        this.plan = plan;
        search = new SteadySearch(device, layout);
        outputSpace =
                layout.feedbackInOutputSpace
                        ? new OutputSpaceFeedbackRun(device, layout, gradients, search)
                        : null;
        boolean loops = phase.rule() instanceof FeedbackRule.NormalController;
        simulation =
                phase.rule() instanceof FeedbackRule.NormalController rule
                        ? new Simulation(
                                device,
                                layout,
                                plan,
                                Philox.PHASE_FEEDBACK,
                                (ProportionalIntegralController) rule.controller(),
                                rule.dynamics(),
                                java.util.Optional.of(rule.noise()),
                                rule.target())
                        : null;
        recordings =
                new Recordings(
                        device,
                        layout,
                        loops ? phase.recording() : Recording.none(),
                        layout.feedbackRecords,
                        layout.feedbackPoints);
    }

    void run(Noise noise, int count) {
        samples = count;
        norms = null;
        simulated = 0;
        estimate = 0;
        switch (phase.rule()) {
            case FeedbackRule.NormalController rule -> loop(rule, noise);
            case FeedbackRule.ForwardPerturbation(double sigma) -> perturb(sigma, noise);
            case FeedbackRule.LinearizedReconstruction(double sigma, double leakage) ->
                    reconstruct(sigma, leakage, noise);
        }
        phase.homeostaticDecay()
                .ifPresent(d -> gradients.decay(d.rate(), d.constant(), layout.feedbackGradient));
        gradients.clip(phase.clipping(), layout.feedbackGradient, layout.feedbackClipped, false);
    }

    private void loop(FeedbackRule.NormalController rule, Noise noise) {
        simulation.configure(noise, samples);
        recordings.configure();
        device.set(Slots.LEARNS_FEEDBACK, 1);
        device.set(Slots.AVERAGES, 0);
        device.set(Slots.MASKED, 0);
        device.set(Slots.CONVERGENCE, 0.0);
        if (runInOutputSpace(rule)) {
            estimate = outputSpace.estimate();
        } else {
            simulated = rule.solver() instanceof Solver.Auto ? samples : 0;
            simulation.run();
        }
        double factor =
                FeedbackRule.scale(rule.noise().hidden())
                        / ((double) rule.dynamics().steps() * samples);
        gradients.reduce(
                layout.at(Slots.FEEDBACK_PARTIAL),
                Tiles.count(samples),
                layout.feedbackLength,
                layout.feedbackGradient,
                factor);
    }

    /** Whether the small loop meets the tolerance of a rule that leaves the choice open. */
    private boolean runInOutputSpace(FeedbackRule.NormalController rule) {
        return outputSpace != null
                && rule.solver() instanceof Solver.Auto(double tolerance)
                && OutputSpaceFeedbackRun.covers(plan, phase, samples)
                && outputSpace.run(simulation, tolerance, samples);
    }

    private void perturb(double sigma, Noise noise) {
        launchPerturbation(sigma, noise);
        gradients.products(
                layout.at(Slots.SIGNAL),
                Slots.OUTPUT_CHANGE,
                layout.feedbackGradient,
                -FeedbackRule.scale(sigma) / samples,
                layout.depth,
                false);
    }

    /** Writes the change of the output by perturbed voltages in place of the control error. */
    private void launchPerturbation(double sigma, Noise noise) {
        for (int i = 0; i < layout.depth; i++) {
            device.set(Slots.LAYER_CONSTANTS + i * Slots.CONSTANTS + Slots.NOISE_FACTOR, sigma);
        }
        Simulation.configureNoise(device, Philox.PHASE_FEEDBACK, noise);
        if (noise instanceof Noise.Recorded(var layers)) {
            for (int i = 0; i < layers.size(); i++) {
                layers.get(i).requireShape("noise[" + i + "]", 1, samples, layout.network.size(i));
            }
            Simulation.upload(device, layout, layers, samples, 0, 1);
        }
        device.launch(Kernel.PERTURB, Tiles.count(samples));
    }

    /** The control that would make up for the change, and the voltages that it causes. */
    private void reconstruct(double sigma, double leakage, Noise noise) {
        search.reset(samples);
        search.gains(samples);
        launchPerturbation(sigma, noise);
        search.linear(leakage, samples);
        gradients.products(
                layout.at(Slots.APICAL),
                Slots.CONTROL_SIGNAL,
                layout.feedbackGradient,
                FeedbackRule.scale(sigma) / samples,
                layout.depth,
                false);
    }

    @Override
    public double gradientNorm(int layer) {
        if (norms == null) {
            norms = gradients.layerNorms(layout.feedbackClipped, false);
        }
        return norms[layer];
    }

    @Override
    public List<Tensor> gradients() {
        return download(layout.feedbackGradient);
    }

    @Override
    public List<Tensor> clippedGradients() {
        return download(layout.feedbackClipped);
    }

    private List<Tensor> download(int gradient) {
        return gradients.feedback(device.read(gradient, layout.feedbackLength));
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
    public Trajectory trajectory() {
        return recordings.read(samples);
    }
}
