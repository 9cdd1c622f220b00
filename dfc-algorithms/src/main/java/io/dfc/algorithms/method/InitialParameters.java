package io.dfc.algorithms.method;

import io.dfc.api.network.Initialization;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects the parameters that a run begins with: those of the network and those of a method's own
 * groups, in float64. Each tensor that is drawn has numbers of its own, by its place in the order
 * in which groups are added.
 */
public final class InitialParameters {
    private final long seed;
    private final Map<String, List<Tensor>> groups;

    /** Place of the next tensor; forward weights have those before. */
    private int tag;

    /**
     * Begins with the forward parameters.
     *
     * @param context what surrounds the method
     */
    public InitialParameters(MethodContext context) {
        seed = context.seed();
        tag = context.network().depth();
        groups = new HashMap<>(context.parameters().groups());
    }

    /** Makes a tensor of a group. */
    @FunctionalInterface
    public interface Filling {
        /**
         * Fills a tensor.
         *
         * @param tensor place of the tensor in its group, from 0
         * @param shape its shape
         * @param seed seed of the run
         * @param tag distinguishes the tensors of one run
         * @return a float64 tensor of that shape
         */
        Tensor of(int tensor, int[] shape, long seed, int tag);
    }

    /**
     * Adds a group, or takes the place of one that is there.
     *
     * @param group the group
     * @param filling makes its tensors
     * @return this
     */
    public InitialParameters with(ParameterGroup group, Filling filling) {
        List<Tensor> drawn = new ArrayList<>();
        for (int i = 0; i < group.tensors(); i++) {
            drawn.add(filling.of(i, group.shape(i), seed, tag++));
        }
        groups.put(group.name(), drawn);
        return this;
    }

    /**
     * Adds a group of matrices.
     *
     * @param group the group
     * @param from their distribution
     * @return this
     */
    public InitialParameters drawn(ParameterGroup group, Initialization from) {
        return with(group, (_, shape, s, t) -> from.draw(shape[0], shape[1], s, t));
    }

    /**
     * Adds a group of zeros.
     *
     * @param group the group
     * @return this
     */
    public InitialParameters zeros(ParameterGroup group) {
        return with(group, (_, shape, _, _) -> Tensor.zeros(ElementType.F64, shape));
    }

    /**
     * Adds a group of matrices with independent normal numbers.
     *
     * @param group the group
     * @param sigma standard deviation, at least 0
     * @return this
     */
    public InitialParameters normal(ParameterGroup group, double sigma) {
        return with(
                group,
                (_, shape, s, t) -> {
                    double drawn = Math.sqrt(2.0 / (shape[0] + shape[1]));
                    return scaled(
                            Initialization.XAVIER_NORMAL.draw(shape[0], shape[1], s, t),
                            sigma / drawn);
                });
    }

    /**
     * Multiplies a tensor.
     *
     * @param tensor the tensor, changed
     * @param factor the factor
     * @return the tensor
     */
    public static Tensor scaled(Tensor tensor, double factor) {
        for (int n = 0; n < tensor.size(); n++) {
            tensor.set(n, factor * tensor.get(n));
        }
        return tensor;
    }

    /** {@return the parameters} */
    public Parameters parameters() {
        return new Parameters(groups);
    }
}
