package io.dfc.api.plan;

import io.dfc.api.learn.Clipping;
import io.dfc.api.network.Network;

import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * A phase that is no closed loop over time: a short program over named buffers of one vector per
 * sample, as data, so that every backend runs it, whatever its device. A backend may fuse
 * operations, but what it computes is what they say, one after the other.
 *
 * <p>A program begins from the last feedforward pass, whose buffers it reads but does not write:
 * inputs {@code r_0}, voltages {@code v_1..v_L}, rates {@code r_1..r_L} and targets {@code y} (for
 * labels one-hot). Its gradients begin at zero. {@link #toString} prints it as equations.
 *
 * @param network the network whose pass it reads
 * @param gradients the gradients that it forms, at most one of each group
 * @param operations what it does, in order
 */
public record LayerProgram(Network network, List<Gradient> gradients, List<Operation> operations)
        implements Phase {
    /**
     * A vector per sample.
     *
     * @param name its name, unique in a program
     * @param width numbers per sample, at least 1
     */
    public record Buffer(String name, int width) {
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * A gradient that a program forms.
     *
     * @param groups the groups of parameters whose gradient it is
     * @param clipping how it is bounded at the end
     */
    public record Gradient(List<ParameterGroup> groups, Clipping clipping) {
        /** Copies the list. */
        public Gradient {
            groups = ProgramCompleteness.copy("a gradient", groups);
            Objects.requireNonNull(clipping, "clipping");
        }
    }

    /**
     * Copies the lists and checks the program.
     *
     * @throws io.dfc.api.error.BadConfigurationException if a buffer is read before it is written,
     *     has another width than an operation takes, or is one of the feedforward pass and written,
     *     or if the program adds to a gradient of a group that it does not declare
     */
    public LayerProgram {
        Objects.requireNonNull(network, "network");
        gradients = ProgramCompleteness.copy("the program", gradients);
        operations = ProgramCompleteness.copy("the program", operations);
        new ProgramCheck(network, gradients).check(operations);
    }

    /**
     * Begins a program.
     *
     * @param network the network whose feedforward pass it reads
     * @return a builder
     */
    public static ProgramBuilder builder(Network network) {
        return new ProgramBuilder(network);
    }

    /**
     * This program on other groups of the same shapes, such as those of another plan.
     *
     * @param map gives the group that takes the place of each
     * @return the program
     */
    public LayerProgram on(UnaryOperator<ParameterGroup> map) {
        return new LayerProgram(
                network,
                gradients.stream()
                        .map(g -> new Gradient(g.groups().stream().map(map).toList(), g.clipping()))
                        .toList(),
                operations.stream().map(o -> o.on(map)).toList());
    }

    /** {@return the names of the numbers that it reports} */
    public List<String> numbers() {
        return operations.stream()
                .filter(Operation.Report.class::isInstance)
                .map(o -> ((Operation.Report) o).name())
                .toList();
    }

    /** {@return whether a run of it draws noise} */
    public boolean isNoisy() {
        return Operation.all(operations).anyMatch(Operation::isNoisy);
    }

    @Override
    public String toString() {
        return new ProgramText(this).toString();
    }
}
