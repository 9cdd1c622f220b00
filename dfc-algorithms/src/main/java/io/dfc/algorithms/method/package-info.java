/**
 * Methods: ways to learn, each a class that is found by name.
 *
 * <p>A {@link io.dfc.algorithms.method.LearningMethod} says which settings it has and turns them
 * into a {@link io.dfc.algorithms.train.LearningPlan}: groups of parameters, phases and optimisers
 * of a plan, the sweeps of an epoch, and what each does with a minibatch. The trainer, the
 * configurations and the command line know no method. {@link
 * io.dfc.algorithms.method.LearningMethods} finds those of this project and those of modules beside
 * it; {@link io.dfc.algorithms.method.ForwardSection} and {@link
 * io.dfc.algorithms.method.SettingChecks} are for settings that many methods share.
 */
package io.dfc.algorithms.method;
