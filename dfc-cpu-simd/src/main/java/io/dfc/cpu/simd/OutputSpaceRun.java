package io.dfc.cpu.simd;

import io.dfc.api.control.Convergence;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.spi.reduced.OutputSpace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The control phase of a minibatch in output space: shares tiles out to slots, forms the updates in
 * their three forms, and chooses one by its estimated error.
 */
final class OutputSpaceRun {
    /** Numbers kept of a sample's run besides its lag. */
    private static final int MOMENTS = 4;

    /**
     * What an update in one form is made of.
     *
     * @param signals per layer, padded [samples, n_i]
     * @param rates per layer, padded [samples, n_(i-1)]; null where those of the feedforward pass
     *     are meant
     */
    @SuppressWarnings("ArrayRecordComponent") // working memory, shared by design
    record FormBuffers(float[][] signals, float[][] rates) {}

    private final LoopPhase phase;
    private final List<ForwardPlasticity> updates;
    private final Network network;
    private final Batch batch;
    private final Workers workers;
    private final OuterProducts outer;
    private final List<OutputSpaceSlot> slots = new ArrayList<>();

    /** Per update and form. */
    private final FormBuffers[][] buffers;

    /** Per update, signals and rates of the two forms that are compared with the repaired one. */
    private final float[][][][] otherSignals;

    private final float[][][][] otherRates;
    private final IntConsumer slotTask = this::runSlot;
    private ControlError aim;
    private int used;

    /** Per layer, squared norms of the repaired form and of the others' distances from it. */
    private final double[] squares;

    /** Relative distance from the repaired form, per layer. */
    private final double[] ofLinear;

    private final double[] ofPassed;

    /** Estimated error of each form. */
    private final double[] errors;

    private final double[] total = new double[MOMENTS];
    private final boolean[] tame;
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
            int slotCount) {
        this.phase = phase;
        updates = phase.forwardPlasticities();
        this.network = model.network;
        this.batch = batch;
        this.workers = workers;
        this.outer = outer;
        for (int i = 0; i < slotCount; i++) {
            slots.add(new OutputSpaceSlot(phase, model));
        }
        int count = updates.size();
        OutputSpace.Form[] forms = OutputSpace.Form.values();
        buffers = new FormBuffers[count][forms.length];
        otherSignals = new float[count][][][];
        otherRates = new float[count][][][];
        for (int k = 0; k < count; k++) {
            for (OutputSpace.Form form : forms) {
                buffers[k][form.ordinal()] = newBuffers(updates.get(k), form);
            }
            FormBuffers linear = buffers(k, OutputSpace.Form.LINEAR);
            FormBuffers passed = buffers(k, OutputSpace.Form.NONLINEAR);
            otherSignals[k] = new float[][][] {linear.signals(), passed.signals()};
            otherRates[k] = new float[][][] {linear.rates(), passed.rates()};
        }
        errors = new double[forms.length];
        ofLinear = new double[network.depth()];
        ofPassed = new double[network.depth()];
        squares = new double[3 * network.depth()];
        tame = new boolean[batch.capacity / Batch.TILE];
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
        float[][] signals = new float[network.depth()][];
        float[][] rates = new float[network.depth()][];
        for (int i = 0; i < signals.length; i++) {
            signals[i] = new float[batch.capacity * batch.layers[i].stride];
            if (controlled && i > 0) {
                rates[i] = new float[batch.capacity * batch.layers[i - 1].stride];
            }
        }
        return new FormBuffers(signals, rates);
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
        used = Math.min(slots.size(), batch.tiles());
        aim = target;
        Arrays.fill(tame, true);
        workers.run(used, slotTask);
        for (boolean calm : tame) {
            if (!calm) {
                return false;
            }
        }
        results.takeRatios(ratio, errorNorm, initialNorm);
        leaveOut(results);
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
                        network.depth(), factor(), from.signals(), from.rates(), gradients.get(k));
            }
        }
        estimate = worst;
        return decided(worst);
    }

    private void runSlot(int slot) {
        for (int t = slot; t < batch.tiles(); t += used) {
            tame[t] = slots.get(slot).run(t, batch, aim, this);
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

    /** Takes what {@link OutputLoop} has measured over the time points of a sample's run. */
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

    /** Zeroes the signals of samples that take no part. */
    private void leaveOut(ControlRun results) {
        for (int s = 0; s < batch.samples; s++) {
            if (results.isIncluded(s, phase)) {
                continue;
            }
            for (FormBuffers[] ofUpdate : buffers) {
                for (FormBuffers forms : ofUpdate) {
                    for (int i = 0; i < network.depth(); i++) {
                        int stride = batch.layers[i].stride;
                        Arrays.fill(forms.signals()[i], s * stride, (s + 1) * stride, 0f);
                    }
                }
            }
        }
    }

    /** Writes an update in its repaired form and judges all three. */
    private OutputSpace.Form form(int k, GradientArrays repaired) {
        FormBuffers own = buffers(k, OutputSpace.Form.DEFECT_CORRECTED);
        outer.compare(
                factor(),
                own.signals(),
                own.rates(),
                otherSignals[k],
                otherRates[k],
                repaired,
                squares);
        for (int i = 0; i < network.depth(); i++) {
            ofLinear[i] = Math.sqrt(quotient(squares[3 * i + 1], squares[3 * i]));
            ofPassed[i] = Math.sqrt(quotient(squares[3 * i + 2], squares[3 * i]));
        }
        if (updates.get(k).mode() == ForwardPlasticity.Mode.LAST_STATE) {
            double largest = 0;
            for (int s = 0; s < batch.samples; s++) {
                largest = Math.max(largest, lag[s]);
            }
            return OutputSpace.chooseLastState(ofLinear, ofPassed, largest, errors);
        }
        Arrays.fill(total, 0);
        for (int s = 0; s < batch.samples; s++) {
            for (int m = 0; m < MOMENTS; m++) {
                total[m] += moments[MOMENTS * s + m];
            }
        }
        return OutputSpace.chooseOverTime(
                ofLinear,
                ofPassed,
                quotient(total[1], total[0]) + quotient(total[3], total[2]),
                errors);
    }

    /** A ratio for which nothing over nothing is nothing. */
    private static double quotient(double a, double b) {
        return a == 0 ? 0 : a / b;
    }

    private float factor() {
        return (float) (-2.0 / batch.samples);
    }

    /** Whether it is clear for every sample that may be left out on which side it lies. */
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
