package io.dfc.algorithms.method;

import io.dfc.api.network.Initialization;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.ParameterInitializer;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.Precision;

/**
 * What a method finds when it plans a run.
 *
 * @param network the network, with inputs and outputs of the data
 * @param loss loss at its output
 * @param batch largest number of samples in a minibatch
 * @param targets number of outputs that data give targets for, the first ones; the others have none
 * @param precision precision of weights in loops
 * @param initialization distribution of the forward weights at the start
 * @param seed seed of the run, from which parameters are drawn
 */
public record MethodContext(
        Network network,
        Loss loss,
        int batch,
        int targets,
        Precision precision,
        Initialization initialization,
        long seed) {
    /**
     * A network with a target for every output.
     *
     * @param network the network, with inputs and outputs of the data
     * @param loss loss at its output
     * @param batch largest number of samples in a minibatch
     * @param precision precision of weights in loops
     * @param initialization distribution of the forward weights at the start
     * @param seed seed of the run
     */
    public MethodContext(
            Network network,
            Loss loss,
            int batch,
            Precision precision,
            Initialization initialization,
            long seed) {
        this(network, loss, batch, network.outputs(), precision, initialization, seed);
    }

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
        return new InitialParameters(this).drawn(group, from).parameters();
    }
}
