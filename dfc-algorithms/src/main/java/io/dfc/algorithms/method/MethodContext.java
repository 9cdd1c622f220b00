package io.dfc.algorithms.method;

import io.dfc.api.network.Initialization;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.ParameterInitializer;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.Precision;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a method finds when it plans a run.
 *
 * @param network the network, with inputs and outputs of the data
 * @param loss loss at its output
 * @param batch largest number of samples in a minibatch
 * @param precision precision of weights in loops
 * @param initialization distribution of the forward weights at the start
 * @param seed seed of the run, from which parameters are drawn
 */
public record MethodContext(
        Network network,
        Loss loss,
        int batch,
        Precision precision,
        Initialization initialization,
        long seed) {
    /** {@return a plan that has begun, with network, loss, minibatch and precision} */
    public Plan.Builder builder() {
        return Plan.builder(network, loss, batch).precision(precision);
    }

    /**
     * Draws the forward weights, and biases of 0; the same each time. What a method adds to them it
     * draws itself, with {@link Initialization#draw} or {@link ParameterInitializer}.
     *
     * @return float64 parameters
     */
    public Parameters parameters() {
        return ParameterInitializer.drawForward(network, initialization, seed);
    }

    /**
     * Draws {@link #parameters()}, and the matrices of a method's own group.
     *
     * @param group a group of matrices
     * @param from their distribution
     * @return float64 parameters
     */
    public Parameters parametersWith(ParameterGroup group, Initialization from) {
        Map<String, List<Tensor>> groups = new HashMap<>(parameters().groups());
        List<Tensor> drawn = new ArrayList<>();
        for (int i = 0; i < group.tensors(); i++) {
            int[] shape = group.shape(i);
            // Beyond the numbers that forward weights are drawn with.
            drawn.add(from.draw(shape[0], shape[1], seed, network.depth() + i));
        }
        groups.put(group.name(), drawn);
        return new Parameters(groups);
    }
}
