package io.dfc.api.testkit.scenario;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.ProportionalIntegralController.Leak;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A noisy loop of one combination of switches.
 *
 * @param name the combination in words
 * @param controller the controller
 * @param dynamics the dynamics
 * @param noise the noise
 * @param highPass share of the high-pass filter of the feedback plasticity
 */
public record LoopSwitches(
        String name,
        ProportionalIntegralController controller,
        Dynamics dynamics,
        ApicalNoise noise,
        OptionalDouble highPass) {
    private static final double TIME_STEP = 0.05;
    private static final int POINTS = 24;

    private enum Transmission {
        DELAYED,
        AT_ONCE,
        INSTANT_SYSTEM
    }

    private enum Apical {
        AT_ONCE,
        LOW_PASS,
        COLOURED_NOISE
    }

    /** {@return every combination there is} */
    public static List<LoopSwitches> all() {
        List<LoopSwitches> all = new ArrayList<>();
        for (Leak leak : Leak.values()) {
            for (boolean proactive : new boolean[] {true, false}) {
                for (Transmission transmission : Transmission.values()) {
                    for (Apical apical : Apical.values()) {
                        all.add(of(leak, proactive, transmission, apical, false));
                        all.add(of(leak, proactive, transmission, apical, true));
                    }
                }
            }
        }
        return all;
    }

    private static LoopSwitches of(
            Leak leak,
            boolean proactive,
            Transmission transmission,
            Apical apical,
            boolean highPass) {
        boolean instant = transmission == Transmission.INSTANT_SYSTEM;
        return new LoopSwitches(
                "leak %s, %s, transmission %s, apical %s%s"
                        .formatted(
                                leak,
                                proactive ? "proactive" : "of the point before",
                                transmission,
                                apical,
                                highPass ? ", high-pass" : ""),
                new ProportionalIntegralController(instant ? 0 : 0.4, 0.1, leak),
                new Dynamics(
                        TIME_STEP,
                        POINTS,
                        0.3,
                        apical == Apical.LOW_PASS ? 3 * TIME_STEP : TIME_STEP,
                        transmission != Transmission.DELAYED,
                        instant,
                        proactive),
                apical == Apical.COLOURED_NOISE
                        ? new ApicalNoise(0.01, 0.02, 4 * TIME_STEP)
                        : new ApicalNoise(0.01, 0.02),
                highPass ? OptionalDouble.of(0.2) : OptionalDouble.empty());
    }

    @Override
    public String toString() {
        return name;
    }
}
