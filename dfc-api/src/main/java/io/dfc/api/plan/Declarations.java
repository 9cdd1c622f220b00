package io.dfc.api.plan;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What a plan that is being built consists of so far, each thing under a name of its own. */
final class Declarations {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,31}");

    private final Network network;
    private final Map<String, ParameterGroup> groups = new LinkedHashMap<>();
    private final Map<String, PhaseHandle> phases = new LinkedHashMap<>();
    private final Map<String, OptimizerHandle> optimizers = new LinkedHashMap<>();
    private final List<StepHandle> steps = new ArrayList<>();

    Declarations(Network network) {
        this.network = network;
    }

    List<ParameterGroup> groups() {
        return List.copyOf(groups.values());
    }

    List<PhaseHandle> phases() {
        return List.copyOf(phases.values());
    }

    List<OptimizerHandle> optimizers() {
        return List.copyOf(optimizers.values());
    }

    List<StepHandle> steps() {
        return List.copyOf(steps);
    }

    ParameterGroup add(ParameterGroup group) {
        requireName("group", group.name());
        requireFree("group", group.name(), groups.putIfAbsent(group.name(), group));
        return group;
    }

    <H extends PhaseHandle> H add(H phase) {
        requireFree("phase", phase.name(), phases.putIfAbsent(phase.name(), phase));
        return phase;
    }

    OptimizerHandle add(OptimizerHandle optimizer) {
        requireName("optimizer", optimizer.name());
        requireFree(
                "optimizer", optimizer.name(), optimizers.putIfAbsent(optimizer.name(), optimizer));
        return optimizer;
    }

    StepHandle add(StepHandle step) {
        steps.add(step);
        return step;
    }

    /** Files name groups and optimisers. */
    private static void requireName(String kind, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new BadConfigurationException(
                    kind,
                    "a name has 1 to 32 letters, digits or hyphens and begins with a letter, got \""
                            + name
                            + "\"");
        }
    }

    private static void requireFree(String kind, String name, Object before) {
        if (before != null) {
            throw new BadConfigurationException(
                    kind, "the name \"" + name + "\" is taken; choose another");
        }
    }

    void requireOwn(ParameterGroup group) {
        if (groups.get(group.name()) != group) {
            throw foreign("group", group);
        }
    }

    void requireOwn(LayerProgram program) {
        if (!program.network().equals(network)) {
            throw new BadConfigurationException(
                    "program", "it is one of another network; write it for the plan's");
        }
        Operation.all(program.operations()).forEach(o -> o.groups().forEach(this::requireOwn));
        program.gradients().forEach(g -> g.groups().forEach(this::requireOwn));
    }

    void requireOwn(OptimizerHandle optimizer) {
        if (optimizers.get(optimizer.name()) != optimizer) {
            throw foreign("optimizer", optimizer);
        }
    }

    /** The phase that forms a gradient. */
    PhaseHandle phaseOf(GradientHandle gradient) {
        return phases.values().stream()
                .filter(p -> p.gradients().contains(gradient))
                .findFirst()
                .orElseThrow(() -> foreign("gradient", gradient));
    }

    /** Checks that what is given per layer reaches every tensor of a group. */
    void requireRates(String optimizer, Optimization optimization, ParameterGroup group) {
        boolean perLayer =
                optimization.learningRates().size() > 1
                        || optimization.optimizer() instanceof Optimizer.Adam adam
                                && adam.epsilons().size() > 1;
        if (perLayer && group.tensors() > network.depth()) {
            throw new BadConfigurationException(
                    "optimizer",
                    "%s: group %s has %d tensors, but settings for %d layers; give one for all"
                            .formatted(optimizer, group, group.tensors(), network.depth()));
        }
    }

    /** Checks that a group can carry the control signal. */
    void requireFeedback(ParameterGroup group) {
        requireOwn(group);
        boolean fits = group.tensors() == network.depth();
        for (int i = 0; fits && i < network.depth(); i++) {
            int[] shape = group.shape(i);
            fits =
                    shape.length == 2
                            && shape[0] == network.size(i)
                            && shape[1] == network.outputs();
        }
        if (!fits) {
            throw new BadConfigurationException(
                    "feedback",
                    "group "
                            + group
                            + " carries no control signal: feedback weights have shape [n_i, "
                            + network.outputs()
                            + "] in every layer");
        }
    }

    private static BadConfigurationException foreign(String kind, Object handle) {
        return new BadConfigurationException(
                kind, handle + " belongs to another plan; use the handle that this builder gave");
    }
}
