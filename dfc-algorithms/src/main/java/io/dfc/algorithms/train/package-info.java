/**
 * Training: what a run does ({@link io.dfc.algorithms.train.TrainingSpec}), the loop that does it
 * ({@link io.dfc.algorithms.train.Trainer}), what it tells ({@link
 * io.dfc.algorithms.train.TrainingListener}), and the checkpoints from which it continues bit for
 * bit.
 */
package io.dfc.algorithms.train;
