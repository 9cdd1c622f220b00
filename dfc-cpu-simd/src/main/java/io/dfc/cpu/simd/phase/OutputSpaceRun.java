package io.dfc.cpu.simd.phase;

import io.dfc.api.control.Convergence;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.spi.reduced.OutputSpace;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.learn.GradientArrays;
import io.dfc.cpu.simd.learn.OuterProducts;
import io.dfc.cpu.simd.loop.ControlError;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.reduced.OutputLoop;
import io.dfc.cpu.simd.runtime.Workers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The loop phase of a minibatch in output space. Distributes its tiles over workspaces, forms the
 * gradients in three forms (linear, nonlinear, defect-corrected), and chooses one by its estimated
 * error.
 */
final class OutputSpaceRun {
    /** Moments of a sample's run: squared mean and variance, of the control and of the output. */
    private static final int MOMENTS = 4;

    /**
     * Factors of a gradient in one form.
     *
     * @param postsynaptic per layer, padded [samples, n_i]
     * @param rates per layer, padded [samples, n_(i-1)]; null where those of the feedforward pass
     *     are meant
     */
    @SuppressWarnings("ArrayRecordComponent") // working memory, shared by design
    record FormBuffers(float[][] postsynaptic, float[][] rates) {}

    private final LoopPhase phase;
    private final List<ForwardPlasticity> updates;
    private final Network network;
    private final Batch batch;
    private final Workers workers;
    private final OuterProducts outer;
    private final List<OutputSpaceWorkspace> workspaces = new ArrayList<>();

    /** Factors of each update in each form. */
    private final FormBuffers[][] buffers;

    /** Per update, postsynaptic factors and rates of the linear and the nonlinear form. */
    private final float[][][][] otherPostsynaptic;

    private final float[][][][] otherRates;
    private final IntConsumer shareTask = this::runShare;
    private ControlError controlError;
    private int used;

    /**
     * Per layer, squared norm of the defect-corrected gradient and squared distances of the others
     * from it.
     */
    private final double[] squares;

    /** Relative distances from the defect-corrected gradient, per layer. */
    private final double[] linearDistance;

    private final double[] nonlinearDistance;

    /** Estimated error of each form. */
    private final double[] errors;

    private final double[] total = new double[MOMENTS];
    private final boolean[] withinBounds;
    private final double[] ratio;
    private final double[] errorNorm;
    private final double[] initialNorm;
    private final double[] outputNorm;
    private final double[] lag;
    private final double[] moments;
    private double estimate;

    OutputSpaceRun(
            LoopPhase phase,
            Model model,
            Batch batch,
            Workers workers,
            OuterProducts outer,
            int workspaceCount) {
        this.phase = phase;
        updates = phase.forwardPlasticities();
        this.network = model.network;
        this.batch = batch;
        this.workers = workers;
        this.outer = outer;
        for (int i = 0; i < workspaceCount; i++) {
            workspaces.add(new OutputSpaceWorkspace(phase, model));
        }
        int count = updates.size();
        OutputSpace.Form[] forms = OutputSpace.Form.values();
        buffers = new FormBuffers[count][forms.length];
        otherPostsynaptic = new float[count][][][];
        otherRates = new float[count][][][];
        for (int k = 0; k < count; k++) {
            for (OutputSpace.Form form : forms) {
                buffers[k][form.ordinal()] = newBuffers(updates.get(k), form);
            }
            FormBuffers linear = buffers(k, OutputSpace.Form.LINEAR);
            FormBuffers nonlinear = buffers(k, OutputSpace.Form.NONLINEAR);
            otherPostsynaptic[k] =
                    new float[][][] {linear.postsynaptic(), nonlinear.postsynaptic()};
            otherRates[k] = new float[][][] {linear.rates(), nonlinear.rates()};
        }
        errors = new double[forms.length];
        linearDistance = new double[network.depth()];
        nonlinearDistance = new double[network.depth()];
        squares = new double[3 * network.depth()];
        withinBounds = new boolean[batch.capacity / Simd.TILE];
        ratio = new double[batch.capacity];
        errorNorm = new double[batch.capacity];
        initialNorm = new double[batch.capacity];
        outputNorm = new double[batch.capacity];
        lag = new double[batch.capacity];
        moments = new double[MOMENTS * batch.capacity];
    }

    private FormBuffers newBuffers(ForwardPlasticity update, OutputSpace.Form form) {
        boolean controlled =
                form != OutputSpace.Form.LINEAR
                        && update.presynaptic() == ForwardPlasticity.Presynaptic.CONTROLLED;
        float[][] postsynaptic = new float[network.depth()][];
        float[][] rates = new float[network.depth()][];
        for (int i = 0; i < postsynaptic.length; i++) {
            postsynaptic[i] = new float[batch.capacity * batch.layers[i].stride];
            if (controlled && i > 0) {
                rates[i] = new float[batch.capacity * batch.layers[i - 1].stride];
            }
        }
        return new FormBuffers(postsynaptic, rates);
    }

    /**
     * Runs the phase.
     *
     * @param gradients receive the updates, before clipping, if the tolerance is met
     * @return whether it is
     */
    boolean run(
            ControlError target,
            double tolerance,
            List<GradientArrays> gradients,
            ControlRun results) {
        used = Math.min(workspaces.size(), batch.tiles());
        controlError = target;
        Arrays.fill(withinBounds, true);
        workers.run(used, shareTask);
        for (boolean bounded : withinBounds) {
            if (!bounded) {
                return false;
            }
        }
        results.recordConvergence(ratio, errorNorm, initialNorm);
        clearExcluded(results);
        double worst = 0;
        for (int k = 0; k < gradients.size(); k++) {
            OutputSpace.Form form = form(k, gradients.get(k));
            worst = Math.max(worst, errors[form.ordinal()]);
            if (!(worst <= tolerance)) {
                return false;
            }
            if (form != OutputSpace.Form.DEFECT_CORRECTED) {
                FormBuffers from = buffers(k, form);
                outer.write(
                        network.depth(),
                        factor(),
                        from.postsynaptic(),
                        from.rates(),
                        gradients.get(k));
            }
        }
        estimate = worst;
        return decided(worst);
    }

    private void runShare(int share) {
        for (int t = share; t < batch.tiles(); t += used) {
            withinBounds[t] = workspaces.get(share).run(t, batch, controlError, this);
        }
    }

    FormBuffers buffers(int update, OutputSpace.Form form) {
        return buffers[update][form.ordinal()];
    }

    void report(int sample, double distance, double error, double initial, double output) {
        ratio[sample] = distance;
        errorNorm[sample] = error;
        initialNorm[sample] = initial;
        outputNorm[sample] = output;
    }

    /** Takes the moments that {@link OutputLoop} has measured over the time points of a sample. */
    void report(int sample, OutputLoop loop, int lane, int points) {
        lag[sample] = loop.lag(lane);
        int at = MOMENTS * sample;
        for (int which = 0; which < 2; which++) {
            moments[at + 2 * which] = loop.moments.squaredMean(which, lane, points);
            moments[at + 2 * which + 1] = loop.moments.variance(which, lane, points);
        }
    }

    double estimate() {
        return estimate;
    }

    /** Zeroes the postsynaptic factors of excluded samples. */
    private void clearExcluded(ControlRun results) {
        for (int s = 0; s < batch.samples; s++) {
            if (results.isIncluded(s, phase)) {
                continue;
            }
            for (FormBuffers[] ofUpdate : buffers) {
                for (FormBuffers forms : ofUpdate) {
                    for (int i = 0; i < network.depth(); i++) {
                        int stride = batch.layers[i].stride;
                        Arrays.fill(forms.postsynaptic()[i], s * stride, (s + 1) * stride, 0f);
                    }
                }
            }
        }
    }

    /** Writes the defect-corrected gradient and chooses a form by the distances of the others. */
    private OutputSpace.Form form(int k, GradientArrays corrected) {
        FormBuffers own = buffers(k, OutputSpace.Form.DEFECT_CORRECTED);
        outer.compare(
                factor(),
                own.postsynaptic(),
                own.rates(),
                otherPostsynaptic[k],
                otherRates[k],
                corrected,
                squares);
        for (int i = 0; i < network.depth(); i++) {
            linearDistance[i] = Math.sqrt(quotient(squares[3 * i + 1], squares[3 * i]));
            nonlinearDistance[i] = Math.sqrt(quotient(squares[3 * i + 2], squares[3 * i]));
        }
        if (updates.get(k).mode() == ForwardPlasticity.Mode.LAST_STATE) {
            double largest = 0;
            for (int s = 0; s < batch.samples; s++) {
                largest = Math.max(largest, lag[s]);
            }
            return OutputSpace.chooseLastState(linearDistance, nonlinearDistance, largest, errors);
        }
        Arrays.fill(total, 0);
        for (int s = 0; s < batch.samples; s++) {
            for (int m = 0; m < MOMENTS; m++) {
                total[m] += moments[MOMENTS * s + m];
            }
        }
        return OutputSpace.chooseOverTime(
                linearDistance,
                nonlinearDistance,
                quotient(total[1], total[0]) + quotient(total[3], total[2]),
                errors);
    }

    /** A ratio, where zero over zero is zero. */
    private static double quotient(double a, double b) {
        return a == 0 ? 0 : a / b;
    }

    private float factor() {
        return (float) (-2.0 / batch.samples);
    }

    /**
     * Whether the estimated error leaves no doubt which samples converged, if others are excluded.
     */
    private boolean decided(double worst) {
        if (phase.convergence().includeAll()) {
            return true;
        }
        double epsilon = phase.convergence().epsilon();
        for (int s = 0; s < batch.samples; s++) {
            double error = worst * initialNorm[s];
            if (OutputSpace.undecided(ratio[s], Convergence.RATIO_CONVERGED, error / outputNorm[s])
                    || OutputSpace.undecided(
                            errorNorm[s], epsilon * epsilon * initialNorm[s], error)) {
                return false;
            }
        }
        return true;
    }
}
