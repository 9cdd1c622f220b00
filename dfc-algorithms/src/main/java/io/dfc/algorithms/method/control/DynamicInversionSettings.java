package io.dfc.algorithms.method.control;

import static io.dfc.algorithms.method.SettingChecks.oneOf;

import io.dfc.algorithms.method.ForwardSection;

import java.util.List;

/**
 * Settings of dynamic inversion.
 *
 * @param forward how the forward weights are stepped
 * @param control the controlled network
 * @param solver how its steady state is found: {@code iterated} in time, as published, or {@code
 *     direct}, by sweeps through all layers
 */
public record DynamicInversionSettings(
        ForwardSection forward, ControlSection control, String solver) {
    void check(int depth) {
        forward.check(depth);
        control.check();
        oneOf("solver", solver, List.of("iterated", "direct"));
    }
}
