package io.dfc.api.reference.loop;

import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.noise.Philox;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.PerturbationPhase;
import io.dfc.api.reference.model.Activity;
import io.dfc.api.reference.model.Buffers;
import io.dfc.api.reference.model.ControlError;
import io.dfc.api.reference.model.FeedbackGradient;
import io.dfc.api.reference.model.NoiseSource;
import io.dfc.api.reference.model.ParameterArrays;
import io.dfc.api.spi.PerturbationResult;
import io.dfc.api.tensor.Tensor;

import java.util.List;

/** Learning of feedback weights from one noisy forward pass of a minibatch, and its results. */
public final class PerturbationRun implements PerturbationResult {
    private final ParameterArrays parameters;
    private final Network network;
    private final PerturbationHandle handle;
    private final Activity feedforward;
    private final NoiseSource noise;
    private final FeedbackGradient gradient;

    /**
     * Runs the phase.
     *
     * @param storedFeedback the feedback weights as the engine holds them, not rounded; they decay
     * @param parameters the parameters as the phase multiplies by them
     */
    public PerturbationRun(
            double[][] storedFeedback,
            ParameterArrays parameters,
            PerturbationHandle handle,
            Activity feedforward,
            Noise noise) {
        this.parameters = parameters;
        this.network = parameters.network;
        this.handle = handle;
        this.feedforward = feedforward;
        PerturbationPhase phase = handle.phase();
        gradient = new FeedbackGradient(network, phase.feedback().name());
        this.noise = new NoiseSource(noise, Philox.PHASE_FEEDBACK, network, 1, feedforward.samples);
        switch (phase.rule()) {
            case FeedbackRule.ForwardPerturbation(double sigma) -> perturb(sigma);
            case FeedbackRule.LinearizedReconstruction(double sigma, double leakage) ->
                    reconstruct(sigma, leakage);
        }
        phase.homeostaticDecay().ifPresent(decay -> gradient.decay(decay, storedFeedback));
        gradient.clip(phase.clipping());
    }

    private void perturb(double sigma) {
        double factor = -FeedbackRule.scale(sigma) / feedforward.samples;
        for (int s = 0; s < feedforward.samples; s++) {
            double[][] eps = perturbation(sigma, s);
            double[] change = noisyOutputDeviation(feedforward.sample(network, s), eps);
            for (int i = 0; i < network.depth(); i++) {
                gradient.addOuter(i, factor, eps[i], change);
            }
        }
    }

    private void reconstruct(double sigma, double leakage) {
        double factor = FeedbackRule.scale(sigma) / feedforward.samples;
        SteadyStates steadyStates = new SteadyStates(parameters, leakage);
        for (int s = 0; s < feedforward.samples; s++) {
            Activity sample = feedforward.sample(network, s);
            double[] change = noisyOutputDeviation(sample, perturbation(sigma, s));
            LoopState state = steadyStates.linearized(sample, new ControlError.Distance(change));
            for (int i = 0; i < network.depth(); i++) {
                gradient.addOuter(i, factor, state.apical[i], state.u);
            }
        }
    }

    private double[][] perturbation(double sigma, int s) {
        double[][] eps = Buffers.perLayer(network, 1);
        for (int i = 0; i < eps.length; i++) {
            noise.fill(0, i, s, eps[i], 0);
            for (int n = 0; n < eps[i].length; n++) {
                eps[i][n] *= sigma;
            }
        }
        return eps;
    }

    /** {@code r_L - r_L^-} of one forward pass with noise added to every voltage. */
    private double[] noisyOutputDeviation(Activity sample, double[][] eps) {
        double[][] dr = Buffers.perLayer(network, 1);
        for (int i = 0; i < network.depth(); i++) {
            double[] dv = new double[network.size(i)];
            if (i > 0) {
                parameters.multiplyWeights(i, dr[i - 1], dv, 1);
            }
            for (int n = 0; n < dv.length; n++) {
                dr[i][n] = network.activation(i).difference(sample.v[i][n], dv[n] + eps[i][n]);
            }
        }
        return dr[dr.length - 1];
    }

    public double[][] clippedArrays() {
        return gradient.clipped();
    }

    @Override
    public double gradientNorm(GradientHandle of, int layer) {
        handle.indexOf(of);
        return gradient.norm(layer);
    }

    @Override
    public Parameters gradient(GradientHandle of) {
        handle.indexOf(of);
        return gradient.toParameters();
    }

    @Override
    public List<Tensor> unclippedFeedback() {
        return gradient.unclippedTensors();
    }
}
