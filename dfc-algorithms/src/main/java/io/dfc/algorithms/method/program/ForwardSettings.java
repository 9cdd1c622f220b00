package io.dfc.algorithms.method.program;

import io.dfc.algorithms.method.ForwardSection;

/**
 * Settings of a method that hands its optimiser a gradient and has no other settings.
 *
 * @param forward how the forward weights are stepped
 */
public record ForwardSettings(ForwardSection forward) {}
