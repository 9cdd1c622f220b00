package io.dfc.algorithms.method;

import io.dfc.algorithms.train.LearningPlan;

/**
 * A way to learn, found by its name: {@code ./dfc train --method NAME}. Stateless, so that one
 * serves any number of runs at once.
 *
 * <p>A method of your own is a public class with a public constructor without arguments, and a
 * public record of settings, in a package that its module exports. The module names the class in
 * its declaration,
 *
 * <pre>{@code
 * provides io.dfc.algorithms.method.LearningMethod with com.example.MyMethod;
 * }</pre>
 *
 * and a jar for the class path names it in {@code
 * META-INF/services/io.dfc.algorithms.method.LearningMethod}.
 *
 * <p>Backpropagation in full:
 *
 * <pre>{@code
 * public final class Backpropagation implements LearningMethod<Backpropagation.Settings> {
 *     public record Settings(ForwardSection forward) {}
 *
 *     public String name() { return "my-bp"; }
 *     public String summary() { return "backpropagation"; }
 *     public Class<Settings> settings() { return Settings.class; }
 *     public Settings defaults() { return new Settings(ForwardSection.defaults()); }
 *
 *     public Settings check(Settings settings, int depth) {
 *         settings.forward().check(depth);
 *         return settings;
 *     }
 *
 *     public LearningPlan plan(Settings settings, MethodContext context) {
 *         Plan.Builder builder = context.builder();
 *         var backward = builder.program("backward", LayerPrograms.backpropagation(
 *                 context.network(), builder.weights(), builder.biases(), settings.forward().clipping()));
 *         var optimizer = builder.optimizer(
 *                 "forward", settings.forward().optimization(), builder.forwardGroups());
 *         var step = builder.step(backward.gradients().getFirst(), optimizer);
 *         return new LearningPlan(
 *                 builder.build(), context::parameters, new Sweep("forward", MinibatchUpdate.of(step)));
 *     }
 * }
 * }</pre>
 *
 * @param <S> its settings: a record whose components are the keys that a configuration of this
 *     method may hold beside the general ones, in kebab case; a component that is a record is a
 *     group of keys, one that is an {@link java.util.Optional} may be null
 */
public interface LearningMethod<S extends Record> {
    /** {@return the name, of lower-case letters, digits and hyphens, such as {@code dfc-ss}} */
    String name();

    /** {@return what it does, for people, in one line} */
    String summary();

    /** {@return the type of its settings} */
    Class<S> settings();

    /** {@return the default settings} */
    S defaults();

    /**
     * Checks settings, alone and against each other; {@link SettingChecks} has the usual ranges.
     *
     * @param settings settings of the right types
     * @param depth number of layers of the network, the output layer included
     * @return the settings to run with, by default those given
     * @throws io.dfc.api.error.BadConfigurationException if one is out of range, by its dotted key
     */
    default S check(S settings, int depth) {
        return settings;
    }

    /**
     * Says how a network learns. Called for every run; must not draw parameters unless the plan
     * depends on them.
     *
     * @param settings checked settings
     * @param context the network, and what surrounds it
     * @return a new plan, and the sweeps that use it
     * @throws io.dfc.api.error.BadConfigurationException if the settings do not go with the network
     */
    LearningPlan plan(S settings, MethodContext context);
}
