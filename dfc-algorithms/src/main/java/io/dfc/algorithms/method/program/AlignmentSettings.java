package io.dfc.algorithms.method.program;

import io.dfc.algorithms.method.ForwardSection;

/**
 * Settings of feedback alignment.
 *
 * @param forward how the forward weights are stepped
 * @param feedback the matrices that errors come back through
 */
public record AlignmentSettings(ForwardSection forward, RandomFeedbackSection feedback) {}
