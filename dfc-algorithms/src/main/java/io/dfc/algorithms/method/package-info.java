/**
 * Learning methods, each a class that is found by name.
 *
 * <p>A {@link io.dfc.algorithms.method.LearningMethod} declares its settings and turns them into a
 * {@link io.dfc.algorithms.train.LearningPlan}: groups of parameters, phases and optimisers of a
 * plan, the sweeps of an epoch, and the update of each minibatch. Trainer, configurations and
 * command line name no method. {@link io.dfc.algorithms.method.LearningMethods} finds the methods
 * of this project and those of other modules; {@link io.dfc.algorithms.method.ForwardSection} and
 * {@link io.dfc.algorithms.method.SettingChecks} are for settings that many methods share. Uses the
 * terms of {@code train} alone; the packages below use this one and never each other.
 */
@Stability(Stability.Level.EVOLVING)
package io.dfc.algorithms.method;

import io.dfc.api.stability.Stability;
