package io.dfc.algorithms.config;

/**
 * What the controller pursues.
 *
 * @param kind {@code nudge} (a step down the loss) or {@code strong} (the label itself)
 * @param stepSize step of the nudge, above 0
 * @param sumOverBatch whether the nudge follows each sample's own loss and not the mean over the
 *     minibatch
 * @param classValue target of the right class for {@code strong}, in (0, 1)
 */
public record TargetSection(
        String kind, double stepSize, boolean sumOverBatch, double classValue) {}
