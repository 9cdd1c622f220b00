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
import io.dfc.tornado.kernel.TableCodes;
import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.learn.FeedbackGradient;
import io.dfc.tornado.learn.GradientOperations;
import io.dfc.tornado.loop.SteadySearch;
import io.dfc.tornado.memory.MemoryLayout;
import io.dfc.tornado.memory.NoiseTransfer;
import io.dfc.tornado.memory.Tiles;
import io.dfc.tornado.runtime.DeviceShare;
import io.dfc.tornado.runtime.Kernel;

import java.util.List;

/** Learning of feedback weights from one noisy forward pass, and its last results. */
final class PerturbationRun implements PerturbationResult {
    private final DeviceShare device;
    private final MemoryLayout layout;
    private final GradientOperations gradients;
    private final PerturbationHandle handle;
    private final SteadySearch search;
    private final FeedbackGradient feedback;
    private int samples;

    /** Norms of the layers, once they have been requested. */
    private double[] norms;

    PerturbationRun(
            DeviceShare device,
            MemoryLayout layout,
            GradientOperations gradients,
            PerturbationHandle handle) {
        this.device = device;
        this.layout = layout;
        this.gradients = gradients;
        this.handle = handle;
        search = new SteadySearch(device, layout);
        feedback = new FeedbackGradient(device, layout, gradients, handle.gradients().getFirst());
    }

    void run(Noise noise, int count) {
        samples = count;
        norms = null;
        PerturbationPhase phase = handle.phase();
        switch (phase.rule()) {
            case FeedbackRule.ForwardPerturbation(double sigma) -> perturb(sigma, noise);
            case FeedbackRule.LinearizedReconstruction(double sigma, double leakage) ->
                    reconstruct(sigma, leakage, noise);
        }
        feedback.complete(phase.homeostaticDecay(), phase.clipping());
    }

    private void perturb(double sigma, Noise noise) {
        launchPerturbation(sigma, noise);
        gradients.products(
                layout.at(TableLayout.POSTSYNAPTIC),
                TableCodes.OUTPUT_CHANGE,
                feedback.formed,
                -FeedbackRule.scale(sigma) / samples,
                layout.depth,
                false);
    }

    /** Perturbs all voltages; the change of the output takes the place of the control error. */
    private void launchPerturbation(double sigma, Noise noise) {
        for (int i = 0; i < layout.depth; i++) {
            device.set(
                    TableLayout.LAYER_CONSTANTS
                            + i * TableLayout.LAYER_CONSTANTS_RECORD
                            + TableLayout.NOISE_FACTOR,
                    sigma);
        }
        NoiseTransfer.configure(device, Philox.PHASE_FEEDBACK, noise);
        if (noise instanceof Noise.Recorded(var layers)) {
            NoiseTransfer.requireFit(layers, layout.network, 1, samples);
            NoiseTransfer.upload(device, layout, layers, samples, 0, 1);
        }
        device.launch(Kernel.PERTURB, Tiles.count(samples));
    }

    /**
     * Learns from the control that would undo the change of the output, and from its apical
     * voltages.
     */
    private void reconstruct(double sigma, double leakage, Noise noise) {
        search.reset(samples);
        search.gains(samples);
        launchPerturbation(sigma, noise);
        search.linear(leakage, samples);
        gradients.products(
                layout.at(TableLayout.APICAL),
                TableCodes.CONTROL_SIGNAL,
                feedback.formed,
                FeedbackRule.scale(sigma) / samples,
                layout.depth,
                false);
    }

    @Override
    public double gradientNorm(GradientHandle gradient, int layer) {
        handle.indexOf(gradient);
        if (norms == null) {
            norms = gradients.layerNorms(List.of(feedback.norms())).getFirst();
        }
        return norms[layer];
    }

    @Override
    public Parameters gradient(GradientHandle gradient) {
        handle.indexOf(gradient);
        return feedback.toParameters();
    }

    @Override
    public List<Tensor> unclippedFeedback() {
        return feedback.unclipped();
    }
}
