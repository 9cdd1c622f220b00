package io.dfc.api.reference;

import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.learn.Update;
import io.dfc.api.network.Network;
import io.dfc.api.spi.ControlPhase;
import io.dfc.api.spi.OutputSpace;

import java.util.ArrayList;
import java.util.List;

/**
 * A control phase of a minibatch in output space: per sample two runs of the small loop and the
 * passes that recover the updates from them, then the choice of a form and its estimated error.
 */
final class OutputSpaceRun {
    private final ParameterArrays parameters;
    private final Network network;
    private final ControlPhase phase;
    private final Activity feedforward;
    private final ControlError.Distance target;
    private final ProportionalIntegralController controller;

    /** Per update, one gradient for each form. */
    private final List<GradientArrays[]> gradients = new ArrayList<>();

    private final double[] initialNorm;
    private final double[] errorNorm;
    private boolean tame = true;
    private double lag;
    private double controlMean;
    private double controlVariance;
    private double outputMean;
    private double outputVariance;

    /** Distance ratio at the last point, [samples]. */
    final double[] ratio;

    final boolean[] converged;

    /** Estimated relative error of the worst update; infinite if the small loop will not do. */
    final double estimate;

    private final List<GradientArrays> chosen = new ArrayList<>();

    OutputSpaceRun(
            ParameterArrays parameters,
            ControlPhase phase,
            Activity feedforward,
            ControlError.Distance target) {
        this.parameters = parameters;
        this.network = parameters.network;
        this.phase = phase;
        this.feedforward = feedforward;
        this.target = target;
        controller = (ProportionalIntegralController) phase.controller();
        int samples = feedforward.samples;
        ratio = new double[samples];
        initialNorm = new double[samples];
        errorNorm = new double[samples];
        converged = new boolean[samples];
        for (int k = 0; k < phase.updates().size(); k++) {
            GradientArrays[] forms = new GradientArrays[OutputSpace.Form.values().length];
            for (int f = 0; f < forms.length; f++) {
                forms[f] = new GradientArrays(network);
            }
            gradients.add(forms);
        }
        for (int s = 0; s < samples && tame; s++) {
            runSample(s);
        }
        double[] errors = new double[OutputSpace.Form.values().length];
        double worst = 0;
        for (int k = 0; k < gradients.size(); k++) {
            OutputSpace.Form form = choose(k, errors);
            worst = Math.max(worst, errors[form.ordinal()]);
            chosen.add(gradients.get(k)[form.ordinal()]);
        }
        estimate = tame && decided(worst) ? worst : Double.POSITIVE_INFINITY;
    }

    private void runSample(int s) {
        int outputs = network.outputs();
        Activity sample = feedforward.sample(network, s);
        double[][] zero = Buffers.perLayer(network, 1);
        Jacobian jacobian = new Jacobian(parameters, sample, zero);
        double[][] gains = jacobian.timesFeedbackPerLayer();
        double[][] slopes = slopes(sample);
        double[] distance = Activity.row(target.distance(), s, outputs);
        double outputNorm = Buffers.norm(sample.output(), 0, outputs);
        OutputTransient first =
                new OutputTransient(
                        controller, phase.dynamics(), gains, distance, null, null, outputNorm);
        if (!first.isTame()) {
            tame = false;
            return;
        }
        Recovery linear = new Recovery(parameters, sample, slopes, phase.dynamics(), first);
        double[] defect = linear.output().clone();
        Buffers.add(defect, -1, first.loop.output());
        OutputTransient second =
                new OutputTransient(
                        controller,
                        phase.dynamics(),
                        gains,
                        distance,
                        defect,
                        first.loop.output(),
                        outputNorm);
        if (!second.isTame()) {
            tame = false;
            return;
        }
        Recovery repaired = new Recovery(parameters, sample, slopes, phase.dynamics(), second);
        gather(second);
        ratio[s] = second.residual(controller.leakage()) / outputNorm;
        errorNorm[s] = Buffers.norm(second.loop.error, 0, outputs);
        initialNorm[s] = Buffers.norm(distance, 0, outputs);
        converged[s] = phase.convergence().converged(ratio[s], errorNorm[s], initialNorm[s]);
        if (!phase.convergence().includeAll() && !converged[s]) {
            return;
        }
        double factor = -2.0 / feedforward.samples;
        for (int k = 0; k < gradients.size(); k++) {
            Update update = phase.updates().get(k);
            GradientArrays[] forms = gradients.get(k);
            linear.addLinear(update, factor, forms[OutputSpace.Form.LINEAR.ordinal()]);
            linear.addPassed(update, factor, forms[OutputSpace.Form.PASSED.ordinal()]);
            repaired.addPassed(update, factor, forms[OutputSpace.Form.REPAIRED.ordinal()]);
        }
    }

    private double[][] slopes(Activity sample) {
        double[][] slopes = Buffers.perLayer(network, 1);
        for (int i = 0; i < slopes.length; i++) {
            for (int n = 0; n < slopes[i].length; n++) {
                slopes[i][n] = network.activation(i).derivative(sample.v[i][n]);
            }
        }
        return slopes;
    }

    private void gather(OutputTransient run) {
        int points = phase.dynamics().timePoints();
        lag = Math.max(lag, run.lag());
        controlMean += run.controlMean(points);
        controlVariance += run.controlVariance(points);
        outputMean += run.outputMean(points);
        outputVariance += run.outputVariance(points);
    }

    private OutputSpace.Form choose(int k, double[] errors) {
        GradientArrays[] forms = gradients.get(k);
        double[] linear = new double[network.depth()];
        double[] passed = new double[network.depth()];
        GradientArrays repaired = forms[OutputSpace.Form.REPAIRED.ordinal()];
        for (int i = 0; i < network.depth(); i++) {
            linear[i] = distance(i, forms[OutputSpace.Form.LINEAR.ordinal()], repaired);
            passed[i] = distance(i, forms[OutputSpace.Form.PASSED.ordinal()], repaired);
        }
        return phase.updates().get(k).mode() == Update.Mode.LAST_STATE
                ? OutputSpace.chooseLastState(linear, passed, lag, errors)
                : OutputSpace.chooseOverTime(
                        linear,
                        passed,
                        quotient(controlVariance, controlMean)
                                + quotient(outputVariance, outputMean),
                        errors);
    }

    private static double distance(int layer, GradientArrays a, GradientArrays b) {
        double sum = 0;
        for (int n = 0; n < a.w[layer].length; n++) {
            double d = a.w[layer][n] - b.w[layer][n];
            sum += d * d;
        }
        for (int n = 0; n < (a.b.length == 0 ? 0 : a.b[layer].length); n++) {
            double d = a.b[layer][n] - b.b[layer][n];
            sum += d * d;
        }
        return quotient(Math.sqrt(sum), b.norm(layer));
    }

    /** A ratio for which nothing over nothing is nothing. */
    private static double quotient(double a, double b) {
        return a == 0 ? 0 : a / b;
    }

    /** Whether it is clear for every sample that may be left out on which side it lies. */
    private boolean decided(double worst) {
        if (phase.convergence().includeAll()) {
            return true;
        }
        double epsilon = phase.convergence().epsilon();
        for (int s = 0; s < ratio.length; s++) {
            double error = worst * initialNorm[s];
            double outputNorm =
                    Buffers.norm(feedforward.output(), s * network.outputs(), network.outputs());
            if (OutputSpace.undecided(
                            ratio[s],
                            io.dfc.api.control.Convergence.RATIO_CONVERGED,
                            error / outputNorm)
                    || OutputSpace.undecided(
                            errorNorm[s], epsilon * epsilon * initialNorm[s], error)) {
                return false;
            }
        }
        return true;
    }

    /** The update in the form chosen, before clipping. */
    GradientArrays gradient(int k) {
        return chosen.get(k);
    }
}
