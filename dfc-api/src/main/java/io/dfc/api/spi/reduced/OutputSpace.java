package io.dfc.api.spi.reduced;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopPhase;

import java.util.Arrays;

/**
 * What backends share when they run the loop in output space for {@link
 * io.dfc.api.control.Solver.Auto}: which phases it covers, when it pays, and how the error of its
 * updates is estimated. To first order in the nudge the output deviation {@code p_L} is a chain of
 * first-order filters of the control signal,
 *
 * <pre>{@code
 * p_i[t+1] = (1 - kappa) p_i[t] + kappa (p_(i-1)[t+1] + J_i Q_i a[t+1]),    kappa = dt / tau_v
 * }</pre>
 *
 * so the loop closes on {@code L n_L} numbers per sample. A nonlinear pass at the time-mean
 * deviations, and a second run of the loop with the output's second-order part as a defect, correct
 * the result.
 */
public final class OutputSpace {
    /**
     * The loop counts as unstable where the output deviation exceeds this many times the distance
     * to the target; such phases are simulated.
     */
    public static final double MAX_OVERSHOOT = 3;

    /**
     * A phase is simulated where a distance ratio (see {@link io.dfc.api.control.Convergence})
     * exceeds this at any point, so that no sample that counts as diverged is missed.
     */
    public static final double MAX_DISTANCE_RATIO = 0.5;

    /**
     * Number of samples of a feedback phase that are simulated as well, from the first on: the
     * error of their statistics is the estimate for the minibatch.
     */
    public static final int CHECKED_SAMPLES = 8;

    /** Factor on the error seen in the checked samples. */
    public static final double CHECK_MARGIN = 3;

    /** Relative distance from a bound within which a sample's convergence is left undecided. */
    private static final double UNDECIDED = 0.01;

    /**
     * Steps of the loop without a target that decide whether a steady state is stable: it is if the
     * control signal is smaller in the last quarter than in the second one.
     */
    public static final int PROBE_STEPS = 400;

    private static final double STABLE_DECAY = 0.97;

    /** Largest share by which a voltage approaches its input in a step of the probe. */
    private static final double PROBE_RATE = 0.1;

    private static final Form[] FORMS = Form.values();

    private OutputSpace() {}

    /**
     * Dynamics for the check of stability: those given, with a time step that is longer where they
     * are finer than need be, so that a bounded number of steps covers a long time.
     *
     * @param dynamics the dynamics simulated
     * @return the same with another time step
     */
    public static Dynamics probe(Dynamics dynamics) {
        boolean filtered = dynamics.apicalRate() != 1;
        double longest = PROBE_RATE * dynamics.timeConstantRatio();
        if (filtered) {
            longest = Math.min(longest, PROBE_RATE * dynamics.apicalTimeConstant());
        }
        if (dynamics.instantSystem() || dynamics.timeStep() >= longest) {
            return dynamics;
        }
        return new Dynamics(
                longest,
                dynamics.timePoints(),
                dynamics.timeConstantRatio(),
                filtered ? dynamics.apicalTimeConstant() : longest,
                dynamics.instantTransmission(),
                dynamics.instantSystem(),
                dynamics.proactive());
    }

    /**
     * Where the integral of an output starts in the probe: any vector without symmetries.
     *
     * @param output output, from 0
     * @return its value
     */
    public static double probeStart(int output) {
        return Math.cos(2 * output + 1.0);
    }

    /**
     * Tells from a probe whether the loop is stable.
     *
     * @param early largest squared norm of the control in the second quarter of the steps
     * @param late the same in the last quarter
     * @return whether the loop decays
     */
    public static boolean isStable(double early, double late) {
        return late <= STABLE_DECAY * STABLE_DECAY * early;
    }

    /**
     * Tells whether the forward plasticities of a loop may be run in output space, and whether that
     * is cheaper than simulation.
     *
     * @param network the network
     * @param phase the loop
     * @return whether to try
     */
    public static boolean coversForward(Network network, LoopPhase phase) {
        return isCovered(phase)
                && phase.noise().isEmpty()
                && phase.forwardPlasticities().stream().allMatch(OutputSpace::covers)
                && pays(network, phase.dynamics());
    }

    private static boolean isCovered(LoopPhase phase) {
        return phase.controller() instanceof ProportionalIntegralController
                && phase.dynamics().instantTransmission()
                && !(phase.target() instanceof OutputTarget.Strong);
    }

    private static boolean covers(ForwardPlasticity plasticity) {
        return plasticity.mode() != ForwardPlasticity.Mode.CONTINUOUS_RUNNING
                && plasticity.rule() instanceof DfcRule;
    }

    /**
     * Tells whether the feedback plasticity of a noisy loop may be run in output space, and whether
     * that is cheaper than simulation.
     *
     * @param network the network
     * @param phase the loop
     * @param samples number of samples in the minibatch
     * @return whether to try
     */
    public static boolean coversFeedback(Network network, LoopPhase phase, int samples) {
        return isCovered(phase)
                && phase.noise().isPresent()
                && !phase.noise().get().isFiltered()
                && learnsFromWholeControl(phase)
                && samples > 2 * CHECKED_SAMPLES
                && pays(network, phase.dynamics());
    }

    /** Asked in every run, so without a stream or an iterator. */
    private static boolean learnsFromWholeControl(LoopPhase phase) {
        boolean learns = false;
        for (int k = 0; k < phase.plasticities().size(); k++) {
            if (phase.plasticities().get(k) instanceof FeedbackPlasticity learning) {
                learns = learning.highPass().isEmpty();
            }
        }
        return learns;
    }

    /**
     * Whether the multiply-adds of the adjoints and of two reduced-order loops are fewer than
     * Euler's.
     */
    private static boolean pays(Network network, Dynamics dynamics) {
        double outputs = network.outputs();
        double pass = outputs * network.neurons();
        for (int i = 1; i < network.depth(); i++) {
            pass += (double) network.size(i) * network.fanIn(i);
        }
        double steps = dynamics.steps();
        double loops = 2 * steps * network.depth() * outputs * outputs;
        return outputs * pass + loops + 6 * pass < steps * pass;
    }

    /** How an update is formed from the reduced-order loop; later forms cost more and err less. */
    public enum Form {
        /** Linear in the nudge. */
        LINEAR,
        /** With one nonlinear pass through the network at the time-mean deviations. */
        NONLINEAR,
        /**
         * With the output's second-order part fed back as a defect into a second run of the loop,
         * and a nonlinear pass after it.
         */
        DEFECT_CORRECTED
    }

    /**
     * Chooses the form with the smallest estimated error for an update over time.
     *
     * @param linear per layer, {@code ||g_linear - g_corrected|| / ||g_corrected||}
     * @param nonlinear per layer, {@code ||g_nonlinear - g_corrected|| / ||g_corrected||}
     * @param variation {@code var(u) / |mean u|^2 + var(p_L) / |mean p_L|^2}, variances and means
     *     over time, numerators and denominators summed over components and samples
     * @param errors receives for each form its estimated relative error in the worst layer
     * @return the choice
     */
    public static Form chooseOverTime(
            double[] linear, double[] nonlinear, double variation, double[] errors) {
        double worst = 0;
        for (double e : linear) {
            worst = Math.max(worst, e);
        }
        Arrays.fill(errors, 0);
        for (int i = 0; i < linear.length; i++) {
            raise(errors, Form.LINEAR, 2 * (linear[i] + nonlinear[i]));
            raise(errors, Form.NONLINEAR, 3 * (nonlinear[i] + variation * linear[i]));
            raise(
                    errors,
                    Form.DEFECT_CORRECTED,
                    3 * (nonlinear[i] + (variation + worst) * linear[i]));
        }
        return smallest(errors);
    }

    /**
     * Chooses the form with the smallest estimated error for an update from the last state.
     *
     * @param linear per layer, {@code ||g_linear - g_corrected|| / ||g_corrected||}
     * @param nonlinear per layer, {@code ||g_nonlinear - g_corrected|| / ||g_corrected||}
     * @param lag largest {@code ||u^(L) - u^(0)|| / ||u^(0)||} of the samples at the last point
     * @param errors receives for each form its estimated relative error in the worst layer
     * @return the choice
     */
    public static Form chooseLastState(
            double[] linear, double[] nonlinear, double lag, double[] errors) {
        Arrays.fill(errors, 0);
        for (int i = 0; i < linear.length; i++) {
            raise(errors, Form.LINEAR, 2 * (linear[i] + nonlinear[i]));
            raise(errors, Form.DEFECT_CORRECTED, 3 * (nonlinear[i] + lag * linear[i]));
        }
        // The nonlinear form has the estimate of the defect-corrected one, which errs less.
        errors[Form.NONLINEAR.ordinal()] = Double.POSITIVE_INFINITY;
        return smallest(errors);
    }

    private static void raise(double[] errors, Form form, double value) {
        // Written so that an undefined value counts as unbounded.
        if (!(value <= errors[form.ordinal()])) {
            errors[form.ordinal()] = Double.isNaN(value) ? Double.POSITIVE_INFINITY : value;
        }
    }

    private static Form smallest(double[] errors) {
        Form best = Form.DEFECT_CORRECTED;
        for (Form form : FORMS) {
            if (errors[form.ordinal()] < errors[best.ordinal()]) {
                best = form;
            }
        }
        return best;
    }

    /**
     * Tells whether a value is so close to a bound that its error leaves open on which side the
     * exact one lies.
     *
     * @param value value in the reduced-order loop
     * @param bound the bound
     * @param error bound on the value's absolute error
     * @return whether it is undecided
     */
    public static boolean undecided(double value, double bound, double error) {
        return !(Math.abs(value - bound) > UNDECIDED * bound + error);
    }
}
