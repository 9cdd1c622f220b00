/**
 * Training: what a run does ({@link io.dfc.algorithms.train.TrainingSpec}) with which plan ({@link
 * io.dfc.algorithms.train.LearningPlan}), the sweeps that do it ({@link
 * io.dfc.algorithms.train.Trainer}), what it tells ({@link
 * io.dfc.algorithms.train.TrainingListener}), what is recorded of it ({@link
 * io.dfc.algorithms.train.LoopMeasurement}), and the state from which it continues bit for bit
 * ({@link io.dfc.algorithms.train.TrainingSnapshot}).
 */
package io.dfc.algorithms.train;
