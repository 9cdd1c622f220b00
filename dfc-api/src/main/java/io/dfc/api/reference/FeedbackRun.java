package io.dfc.api.reference;

import io.dfc.api.control.Solver;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Noise;
import io.dfc.api.noise.Philox;
import io.dfc.api.spi.FeedbackPass;
import io.dfc.api.spi.FeedbackPhase;
import io.dfc.api.spi.OutputSpace;
import io.dfc.api.spi.Recording;
import io.dfc.api.spi.Trajectory;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One feedback learning phase of one minibatch, and its results. */
final class FeedbackRun implements FeedbackPass {
    private final ParameterArrays parameters;
    private final Network network;
    private final Activity feedforward;
    private final NoiseSource noise;
    private final Recorder recorder;
    private final double[][] gradient;
    private final double[][] clipped;
    private int simulated;
    private double estimate;

    /**
     * Runs the phase.
     *
     * @param held the parameters, which decay
     * @param parameters the parameters as the phase multiplies by them
     * @param error maps the rule's output target to a control error
     */
    FeedbackRun(
            ParameterArrays held,
            ParameterArrays parameters,
            FeedbackPhase phase,
            Activity feedforward,
            Noise noise,
            Function<FeedbackRule.NormalController, ControlError> error) {
        this.parameters = parameters;
        this.network = parameters.network;
        this.feedforward = feedforward;
        int samples = feedforward.samples;
        int steps =
                phase.rule() instanceof FeedbackRule.NormalController n ? n.dynamics().steps() : 1;
        this.noise = new NoiseSource(noise, Philox.PHASE_FEEDBACK, network, steps, samples);
        recorder =
                new Recorder(
                        network,
                        phase.rule() instanceof FeedbackRule.NormalController
                                ? phase.recording()
                                : Recording.none(),
                        samples);
        gradient = new double[network.depth()][];
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = new double[parameters.q[i].length];
        }
        switch (phase.rule()) {
            case FeedbackRule.NormalController rule -> runLoop(phase, rule, error.apply(rule));
            case FeedbackRule.ForwardPerturbation(double sigma) -> perturb(sigma);
            case FeedbackRule.LinearizedReconstruction(double sigma, double leakage) ->
                    reconstruct(sigma, leakage);
        }
        phase.homeostaticDecay()
                .ifPresent(
                        decay -> {
                            double norm = 0;
                            for (double[] q : held.q) {
                                norm += Buffers.sumOfSquares(q, 0, q.length);
                            }
                            for (int i = 0; i < gradient.length; i++) {
                                Buffers.add(
                                        gradient[i],
                                        decay.rate() * (norm - decay.constant()),
                                        held.q[i]);
                            }
                        });
        clipped = Arrays.stream(gradient).map(double[]::clone).toArray(double[][]::new);
        clip(phase.clipping());
    }

    private void runLoop(
            FeedbackPhase phase, FeedbackRule.NormalController rule, ControlError target) {
        double factor =
                FeedbackRule.scale(rule.noise().hidden())
                        / ((double) rule.dynamics().steps() * feedforward.samples);
        double[][] sums = null;
        if (rule.solver() instanceof Solver.Auto(double tolerance)
                && target instanceof ControlError.Distance distance
                && OutputSpace.covers(network, phase, rule, feedforward.samples)) {
            sums = runInOutputSpace(rule, distance, tolerance);
        }
        if (sums == null) {
            simulated = rule.solver() instanceof Solver.Auto ? feedforward.samples : 0;
            sums = simulate(rule, target, feedforward.samples);
        }
        for (int i = 0; i < gradient.length; i++) {
            Buffers.add(gradient[i], factor, sums[i]);
        }
    }

    /** The sums of the small loop, or null if they do not meet the tolerance. */
    private double[][] runInOutputSpace(
            FeedbackRule.NormalController rule, ControlError.Distance target, double tolerance) {
        OutputSpaceFeedback small = new OutputSpaceFeedback(parameters, rule, noise);
        double[][] exact = simulate(rule, target, OutputSpace.CHECKED_SAMPLES);
        for (int s = 0; s < feedforward.samples; s++) {
            if (s == OutputSpace.CHECKED_SAMPLES) {
                estimate = small.estimate(exact);
                if (!(estimate <= tolerance)) {
                    break;
                }
            }
            ControlError.Distance own =
                    new ControlError.Distance(
                            Activity.row(target.distance(), s, network.outputs()));
            small.add(s, feedforward.sample(network, s), own);
        }
        if (estimate <= tolerance && small.isTame()) {
            return small.sums;
        }
        estimate = 0;
        return null;
    }

    /** {@code sum_k apical_i[k] u[k+1]^T} over the first samples. */
    private double[][] simulate(
            FeedbackRule.NormalController rule, ControlError target, int samples) {
        Simulation simulation =
                new Simulation(
                        parameters,
                        rule.controller(),
                        rule.dynamics(),
                        Optional.of(rule.noise()),
                        noise);
        double[][] sums = Buffers.perLayer(network, network.outputs());
        for (int s = 0; s < samples; s++) {
            int sample = s;
            double[][] previous = Buffers.perLayer(network, 1);
            Simulation.Observer learner =
                    (point, state) -> {
                        // The control at a point is the first that has seen the apical voltage of
                        // the point before.
                        for (int i = 0; i < network.depth(); i++) {
                            if (point > 0) {
                                addOuter(sums[i], i, 1, previous[i], state.u);
                            }
                            System.arraycopy(
                                    state.apical[i], 0, previous[i], 0, previous[i].length);
                        }
                        recorder.record(point, state, sample);
                    };
            simulation.run(
                    feedforward.sample(network, s),
                    s,
                    target.sample(s, network.outputs()),
                    List.of(learner));
        }
        return sums;
    }

    private void perturb(double sigma) {
        double factor = -FeedbackRule.scale(sigma) / feedforward.samples;
        for (int s = 0; s < feedforward.samples; s++) {
            double[][] eps = perturbation(sigma, s);
            double[] change = noisyOutputDeviation(feedforward.sample(network, s), eps);
            for (int i = 0; i < network.depth(); i++) {
                addOuter(gradient[i], i, factor, eps[i], change);
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
                addOuter(gradient[i], i, factor, state.apical[i], state.u);
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

    private void addOuter(
            double[] sum, int layer, double factor, double[] voltage, double[] control) {
        Buffers.addOuter(
                sum, factor, voltage, 0, network.size(layer), control, 0, network.outputs());
    }

    private void clip(Clipping clipping) {
        switch (clipping) {
            case Clipping.None none -> {}
            case Clipping.PerTensor(double max) -> clipEach(max);
            case Clipping.PerLayer(double max) -> clipEach(max);
            case Clipping.Joint(double max) -> GradientArrays.clipGroup(max, List.of(clipped));
        }
    }

    private void clipEach(double max) {
        for (double[] x : clipped) {
            GradientArrays.clipGroup(max, List.of(x));
        }
    }

    double[][] clippedArrays() {
        return clipped;
    }

    @Override
    public double gradientNorm(int layer) {
        return Buffers.norm(clipped[layer], 0, clipped[layer].length);
    }

    @Override
    public List<Tensor> gradients() {
        return tensors(gradient);
    }

    @Override
    public List<Tensor> clippedGradients() {
        return tensors(clipped);
    }

    private List<Tensor> tensors(double[][] arrays) {
        List<Tensor> out = new ArrayList<>();
        for (int i = 0; i < arrays.length; i++) {
            out.add(Tensor.of(arrays[i], network.size(i), network.outputs()));
        }
        return out;
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
        return recorder.trajectory();
    }
}
