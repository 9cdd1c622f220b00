package io.dfc.api.plan;

import io.dfc.api.learn.Clipping;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LayerProgram.Buffer;

/** Programs that backends may know and run by code of their own. */
public final class LayerPrograms {
    private LayerPrograms() {}

    /**
     * Backpropagation of the mean loss: {@code e_L = dLoss/dr_L}, {@code delta_i = e_i *
     * phi_i'(v_i)}, {@code e_(i-1) = W_i^T delta_i}, {@code dW_i = sum_b delta_i r_(i-1)^T}.
     *
     * @param network the network
     * @param weights the plan's weights
     * @param biases the plan's biases
     * @param clipping how the gradient is bounded
     * @return the program
     */
    public static LayerProgram backpropagation(
            Network network, ParameterGroup weights, ParameterGroup biases, Clipping clipping) {
        ProgramBuilder p = LayerProgram.builder(network).gradient(clipping, weights, biases);
        int last = network.depth() - 1;
        Buffer e = p.lossGradient("e_" + network.depth(), p.rate(last));
        for (int i = last; i >= 0; i--) {
            Buffer delta = p.throughSlope("delta_" + (i + 1), e, i);
            p.outerInto(weights, i, delta, p.presynaptic(i)).sumInto(biases, i, delta);
            if (i > 0) {
                e = p.transposedProduct("e_" + i, weights, i, delta);
            }
        }
        return p.build();
    }
}
