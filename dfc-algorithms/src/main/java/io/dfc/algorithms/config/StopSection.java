package io.dfc.algorithms.config;

/**
 * When a run stops early.
 *
 * @param minTrainAccuracy training accuracy, in [0, 1], below which a classification run stops; 0:
 *     off
 * @param afterEpoch the accuracy rule applies after this epoch, counted from 1
 * @param patience epochs without a lower training loss after which the run stops; 0: off
 * @param maxParameter magnitude, above 0, beyond which a parameter counts as diverged
 */
public record StopSection(
        double minTrainAccuracy, int afterEpoch, int patience, double maxParameter) {}
