package org.example.methods;

import io.dfc.algorithms.method.ForwardSection;

/**
 * Settings of both methods.
 *
 * @param forward how the forward weights are stepped
 */
public record Settings(ForwardSection forward) {}
