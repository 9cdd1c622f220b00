package io.dfc.api.plan;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.Optimization;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Philox;
import io.dfc.api.tensor.ElementType;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * What an engine shall be able to do: the groups of parameters that it holds, the phases that it
 * runs, the optimisers and the steps that it takes with them. Immutable. Everything in it has a
 * typed handle, which {@link Builder} hands out and which no other plan knows.
 *
 * <pre>{@code
 * Plan.Builder builder = Plan.builder(network, Loss.CROSS_ENTROPY, 128);
 * ParameterGroup q = builder.feedbackWeights();
 * LoopHandle loop = builder.loop("control", new LoopPhase(q, target, controller, dynamics, rule));
 * OptimizerHandle adam = builder.optimizer("forward", settings, builder.forwardGroups());
 * StepHandle step = builder.step(loop.gradients().getFirst(), adam);
 * Plan plan = builder.build();
 * }</pre>
 */
public final class Plan {
    private final Network network;
    private final Loss loss;
    private final int maxBatch;
    private final Precision precision;
    private final List<ParameterGroup> groups;
    private final List<PhaseHandle> phases;
    private final List<OptimizerHandle> optimizers;
    private final List<StepHandle> steps;

    private Plan(Builder builder) {
        network = builder.network;
        loss = builder.loss;
        maxBatch = builder.maxBatch;
        precision = builder.precision;
        groups = builder.declared.groups();
        phases = builder.declared.phases();
        optimizers = builder.declared.optimizers();
        steps = builder.declared.steps();
    }

    /**
     * Begins a plan.
     *
     * @param network the network
     * @param loss loss at its output
     * @param maxBatch largest number of samples in a minibatch, at least 1
     * @return a builder
     * @throws BadConfigurationException if a number is out of range
     */
    public static Builder builder(Network network, Loss loss, int maxBatch) {
        return new Builder(network, loss, maxBatch);
    }

    /**
     * A plan that evaluates a network and does nothing else.
     *
     * @param network the network
     * @param loss loss at its output
     * @param maxBatch largest minibatch
     * @return the plan
     */
    public static Plan evaluation(Network network, Loss loss, int maxBatch) {
        return builder(network, loss, maxBatch).build();
    }

    /** {@return the network} */
    public Network network() {
        return network;
    }

    /** {@return the loss at its output} */
    public Loss loss() {
        return loss;
    }

    /** {@return the largest number of samples in a minibatch} */
    public int maxBatch() {
        return maxBatch;
    }

    /** {@return the precision of weights in loops} */
    public Precision precision() {
        return precision;
    }

    /** {@return the groups of parameters: weights and biases of the network, then a method's} */
    public List<ParameterGroup> groups() {
        return groups;
    }

    /** {@return the phases} */
    public List<PhaseHandle> phases() {
        return phases;
    }

    /** {@return the loops among the phases} */
    public List<LoopHandle> loops() {
        return phases.stream()
                .filter(LoopHandle.class::isInstance)
                .map(LoopHandle.class::cast)
                .toList();
    }

    /** {@return the optimisers} */
    public List<OptimizerHandle> optimizers() {
        return optimizers;
    }

    /** {@return the steps} */
    public List<StepHandle> steps() {
        return steps;
    }

    /**
     * Checks that there is a tensor for every tensor of every group, of its shape and with numbers
     * that a type can hold, and no other group.
     *
     * @param parameters parameters
     * @param type type in which they will be stored
     * @return the parameters
     * @throws ShapeMismatchException if they do not fit
     * @throws io.dfc.api.error.BadDataException if one holds NaN, infinity or a number beyond the
     *     type
     */
    public Parameters requireFit(Parameters parameters, ElementType type) {
        for (ParameterGroup group : groups) {
            group.requireFit(parameters.group(group.name()), type);
        }
        for (String name : parameters.groups().keySet()) {
            if (groups.stream().noneMatch(g -> g.name().equals(name))) {
                throw new ShapeMismatchException(
                        "parameters: the plan has no group \"" + name + "\", only " + groups);
            }
        }
        return parameters;
    }

    /**
     * The groups of this plan, out of parameters that may hold others too.
     *
     * @param parameters parameters
     * @return those with a name that the plan knows
     */
    public Parameters select(Parameters parameters) {
        return parameters.only(groups.stream().map(ParameterGroup::name).toList());
    }

    /**
     * Collects what a plan consists of. A mistake is an error when it is made, so that what {@link
     * #build} returns is sound.
     */
    public static final class Builder {
        private final Network network;
        private final Loss loss;
        private final int maxBatch;
        private final Declarations declared;
        private final ParameterGroup weights;
        private final ParameterGroup biases;
        private Precision precision = Precision.FULL;
        private boolean built;

        private Builder(Network network, Loss loss, int maxBatch) {
            this.network = Objects.requireNonNull(network, "network");
            this.loss = Objects.requireNonNull(loss, "loss");
            this.maxBatch = maxBatch;
            declared = new Declarations(network);
            if (maxBatch < 1 || maxBatch > Philox.MAX_SAMPLES) {
                throw new BadConfigurationException(
                        "batch", "must lie in [1, " + Philox.MAX_SAMPLES + "], got " + maxBatch);
            }
            if (network.depth() > Philox.MAX_LAYERS) {
                throw new BadConfigurationException(
                        "network",
                        "has " + network.depth() + " layers, more than " + Philox.MAX_LAYERS);
            }
            weights =
                    group(
                            Parameters.WEIGHTS,
                            layers(i -> new int[] {network.size(i), network.fanIn(i)}));
            biases =
                    group(
                            Parameters.BIASES,
                            network.bias() ? layers(i -> new int[] {network.size(i)}) : List.of());
        }

        private List<int[]> layers(java.util.function.IntFunction<int[]> shape) {
            return IntStream.range(0, network.depth()).mapToObj(shape).toList();
        }

        /** {@return the weights {@code W_i}, shapes [n_i, n_(i-1)]} */
        public ParameterGroup weights() {
            return weights;
        }

        /** {@return the biases {@code b_i}, shapes [n_i]; no tensors for a network without} */
        public ParameterGroup biases() {
            return biases;
        }

        /** {@return weights and biases, which gradients of forward parameters are bound to} */
        public ParameterGroup[] forwardGroups() {
            return new ParameterGroup[] {weights, biases};
        }

        /**
         * Declares feedback weights {@code Q_i}, shapes [n_i, n_L], the output layer's included.
         *
         * @return the group, {@link Parameters#FEEDBACK} by name
         */
        public ParameterGroup feedbackWeights() {
            return group(
                    Parameters.FEEDBACK,
                    layers(i -> new int[] {network.size(i), network.outputs()}));
        }

        /**
         * Declares a group of a method's own. Its parameters are zero until they are loaded.
         *
         * @param name name, for files and messages
         * @param shapes shapes of its tensors, one for each layer
         * @return the group
         * @throws BadConfigurationException if the name is taken or unusable, or a shape is empty
         */
        public ParameterGroup group(String name, List<int[]> shapes) {
            return open().add(new ParameterGroup(name, shapes));
        }

        /**
         * Chooses the precision of weights in loops; {@link Precision#FULL} unless chosen.
         *
         * @param chosen the precision
         * @return this builder
         */
        public Builder precision(Precision chosen) {
            open();
            precision = Objects.requireNonNull(chosen, "precision");
            return this;
        }

        /**
         * Adds a loop.
         *
         * @param name name of the phase, for messages
         * @param phase the loop
         * @return its handle, with a gradient to each plasticity
         * @throws BadConfigurationException if the name is taken, the feedback weights are of
         *     another plan or shape, or a controller or rule of the user's says of itself what
         *     cannot be
         */
        public LoopHandle loop(String name, LoopPhase phase) {
            open().requireFeedback(phase.feedback());
            UserCodeSettings.requireSound(phase.controller(), network.outputs());
            List<GradientHandle> gradients = new ArrayList<>();
            for (var plasticity : phase.plasticities()) {
                if (plasticity instanceof ForwardPlasticity forward) {
                    for (int i = 0; i < network.depth(); i++) {
                        UserCodeSettings.requireSound(forward.rule(), network.size(i));
                    }
                }
                gradients.add(
                        gradient(
                                name,
                                gradients.size(),
                                plasticity instanceof ForwardPlasticity
                                        ? List.of(weights, biases)
                                        : List.of(phase.feedback())));
            }
            return declared.add(new LoopHandle(name, declared.phases().size(), phase, gradients));
        }

        /**
         * Adds a phase in which feedback weights learn without a loop.
         *
         * @param name name of the phase, for messages
         * @param phase the phase
         * @return its handle, with one gradient
         * @throws BadConfigurationException if the name is taken, or the feedback weights are of
         *     another plan or shape
         */
        public PerturbationHandle perturbation(String name, PerturbationPhase phase) {
            open().requireFeedback(phase.feedback());
            return declared.add(
                    new PerturbationHandle(
                            name,
                            declared.phases().size(),
                            phase,
                            List.of(gradient(name, 0, List.of(phase.feedback())))));
        }

        /**
         * Adds a program.
         *
         * @param name name of the phase, for messages
         * @param program the program
         * @return its handle, with a gradient to each one that the program declares
         * @throws BadConfigurationException if the name is taken, or the program is of another
         *     network or of groups of another plan
         */
        public ProgramHandle program(String name, LayerProgram program) {
            open().requireOwn(program);
            List<GradientHandle> gradients = new ArrayList<>();
            for (LayerProgram.Gradient of : program.gradients()) {
                gradients.add(gradient(name, gradients.size(), of.groups()));
            }
            return declared.add(
                    new ProgramHandle(name, declared.phases().size(), program, gradients));
        }

        /**
         * Declares an optimiser, which keeps one state for all its groups.
         *
         * @param name name, for files and messages
         * @param optimization its settings
         * @param stepped the groups that it steps, at least one
         * @return its handle
         * @throws BadConfigurationException if the name is taken, a group is of another plan, or
         *     the settings do not fit the network
         */
        public OptimizerHandle optimizer(
                String name, Optimization optimization, ParameterGroup... stepped) {
            open();
            optimization.requireFit(network.depth());
            if (stepped.length == 0) {
                throw new BadConfigurationException("optimizer", name + ": names no group to step");
            }
            for (ParameterGroup group : stepped) {
                declared.requireOwn(group);
                declared.requireRates(name, optimization, group);
            }
            return declared.add(
                    new OptimizerHandle(
                            name, declared.optimizers().size(), optimization, List.of(stepped)));
        }

        /**
         * Foresees a step.
         *
         * @param gradient a gradient of a phase of this plan
         * @param optimizer an optimiser of this plan, of the same groups
         * @return its handle
         * @throws BadConfigurationException if one is of another plan, or the groups differ
         */
        public StepHandle step(GradientHandle gradient, OptimizerHandle optimizer) {
            PhaseHandle phase = open().phaseOf(gradient);
            declared.requireOwn(optimizer);
            if (!gradient.groups().equals(optimizer.groups())) {
                throw new BadConfigurationException(
                        "step",
                        "gradient %s is one of %s, but optimiser \"%s\" steps %s; give the step an optimiser of %s"
                                .formatted(
                                        gradient,
                                        gradient.groups(),
                                        optimizer,
                                        optimizer.groups(),
                                        gradient.groups()));
            }
            return declared.add(new StepHandle(phase, gradient, optimizer));
        }

        /**
         * Ends the plan; the builder can do nothing more.
         *
         * @return the plan
         */
        public Plan build() {
            open();
            built = true;
            return new Plan(this);
        }

        private Declarations open() {
            if (built) {
                throw new BadConfigurationException(
                        "plan", "it is built and cannot change; begin a new one");
            }
            return declared;
        }

        private static GradientHandle gradient(
                String phase, int number, List<ParameterGroup> groups) {
            return new GradientHandle(phase + "[" + number + "]", groups);
        }
    }
}
