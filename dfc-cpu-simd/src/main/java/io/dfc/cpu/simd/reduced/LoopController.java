package io.dfc.cpu.simd.reduced;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;

import jdk.incubator.vector.FloatVector;

/**
 * The published controller and the apical filter behind it, in float32. Elements do not depend on
 * each other, so that arrays may have any layout.
 */
public final class LoopController {
    private final boolean total;
    private final boolean proactive;
    private final float timeStep;
    private final float gain;
    private final float alpha;
    private final float apicalRate;

    public LoopController(ProportionalIntegralController controller, Dynamics dynamics) {
        total = controller.leak() == ProportionalIntegralController.Leak.TOTAL;
        proactive = dynamics.proactive();
        timeStep = (float) dynamics.timeStep();
        gain = (float) controller.proportionalGain();
        alpha = (float) controller.leakageRate();
        apicalRate = (float) dynamics.apicalRate();
    }

    /**
     * Advances the control signal by the current error, and its filtered form.
     *
     * @param applied control after the apical filter, as it drives the somatic voltages
     * @param n number of elements, whole vectors
     */
    public void step(float[] error, float[] integral, float[] u, float[] applied, int n) {
        if (!proactive) {
            filterApical(u, applied, n);
        }
        control(error, integral, u, n);
        if (proactive) {
            filterApical(u, applied, n);
        }
    }

    /** Whether the apical compartments see the control signal of the same time point. */
    boolean isProactive() {
        return proactive;
    }

    /** Advances the control signal by the current error, without its filtered form. */
    public void control(float[] error, float[] integral, float[] u, int n) {
        FloatVector dt = FloatVector.broadcast(F, timeStep);
        FloatVector kp = FloatVector.broadcast(F, gain);
        FloatVector leak = FloatVector.broadcast(F, -alpha);
        float[] leaking = total ? u : integral;
        for (int at = 0; at < n; at += LANES) {
            FloatVector e = fromArray(F, error, at);
            FloatVector in =
                    fromArray(F, leaking, at).fma(leak, e).fma(dt, fromArray(F, integral, at));
            in.intoArray(integral, at);
            e.fma(kp, in).intoArray(u, at);
        }
    }

    /** Applies the apical filter to the control. */
    public void filterApical(float[] u, float[] applied, int n) {
        FloatVector rate = FloatVector.broadcast(F, apicalRate);
        for (int at = 0; at < n; at += LANES) {
            FloatVector a = fromArray(F, applied, at);
            fromArray(F, u, at).sub(a).fma(rate, a).intoArray(applied, at);
        }
    }
}
