package io.dfc.tornado.engine;

import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.noise.Philox;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.PerturbationPhase;
import io.dfc.api.spi.PerturbationResult;
import io.dfc.api.tensor.Tensor;
import io.dfc.tornado.kernel.Slots;
import io.dfc.tornado.learn.FeedbackGradient;
import io.dfc.tornado.learn.GradientOps;
import io.dfc.tornado.loop.SteadySearch;
import io.dfc.tornado.memory.Layout;
import io.dfc.tornado.memory.NoiseTransfer;
import io.dfc.tornado.memory.Tiles;
import io.dfc.tornado.runtime.DeviceShare;
import io.dfc.tornado.runtime.Kernel;

import java.util.List;

/** Learning of feedback weights from one noisy forward pass, and its last results. */
final class PerturbationRun implements PerturbationResult {
    private final DeviceShare device;
    private final Layout layout;
    private final GradientOps gradients;
    private final PerturbationHandle handle;
    private final SteadySearch search;
    private final FeedbackGradient taught;
    private int samples;

    PerturbationRun(
            DeviceShare device, Layout layout, GradientOps gradients, PerturbationHandle handle) {
        this.device = device;
        this.layout = layout;
        this.gradients = gradients;
        this.handle = handle;
        search = new SteadySearch(device, layout);
        taught = new FeedbackGradient(device, layout, gradients, handle.gradients().getFirst());
    }

    void run(Noise noise, int count) {
        samples = count;
        PerturbationPhase phase = handle.phase();
        switch (phase.rule()) {
            case FeedbackRule.ForwardPerturbation(double sigma) -> perturb(sigma, noise);
            case FeedbackRule.LinearizedReconstruction(double sigma, double leakage) ->
                    reconstruct(sigma, leakage, noise);
        }
        taught.complete(phase.homeostaticDecay(), phase.clipping());
    }

    private void perturb(double sigma, Noise noise) {
        launchPerturbation(sigma, noise);
        gradients.products(
                layout.at(Slots.SIGNAL),
                Slots.OUTPUT_CHANGE,
                taught.formed,
                -FeedbackRule.scale(sigma) / samples,
                layout.depth,
                false);
    }

    /** Writes the change of the output by perturbed voltages in place of the control error. */
    private void launchPerturbation(double sigma, Noise noise) {
        for (int i = 0; i < layout.depth; i++) {
            device.set(Slots.LAYER_CONSTANTS + i * Slots.CONSTANTS + Slots.NOISE_FACTOR, sigma);
        }
        NoiseTransfer.configure(device, Philox.PHASE_FEEDBACK, noise);
        if (noise instanceof Noise.Recorded(var layers)) {
            NoiseTransfer.requireFit(layers, layout.network, 1, samples);
            NoiseTransfer.upload(device, layout, layers, samples, 0, 1);
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
                taught.formed,
                FeedbackRule.scale(sigma) / samples,
                layout.depth,
                false);
    }

    @Override
    public double gradientNorm(GradientHandle gradient, int layer) {
        handle.indexOf(gradient);
        return taught.norm(layer);
    }

    @Override
    public Parameters gradient(GradientHandle gradient) {
        handle.indexOf(gradient);
        return taught.toParameters();
    }

    @Override
    public List<Tensor> unclippedFeedback() {
        return taught.unclipped();
    }
}
