/**
 * Training: a run ({@link io.dfc.algorithms.train.TrainingSpec}) of a plan ({@link
 * io.dfc.algorithms.train.LearningPlan}) by the {@link io.dfc.algorithms.train.Trainer}, its events
 * ({@link io.dfc.algorithms.train.TrainingListener}), its recordings ({@link
 * io.dfc.algorithms.measure.RunMeasurement}), and the state from which it continues bit for bit
 * ({@link io.dfc.algorithms.train.TrainingSnapshot}). An epoch consists of sweeps over the training
 * set; a sweep updates parameters once for each minibatch ({@link
 * io.dfc.algorithms.train.MinibatchUpdate}). Uses the data sets alone.
 */
@Stability(Stability.Level.EVOLVING)
package io.dfc.algorithms.train;

import io.dfc.api.stability.Stability;
