package io.dfc.api.reference.loop;

import io.dfc.api.control.Convergence;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Network;
import io.dfc.api.reference.model.GradientArrays;
import io.dfc.api.reference.model.ParameterArrays;

/**
 * The memory-saving update of the published program over a whole minibatch: after each time point
 * the weighted contribution of all samples that do not count as diverged there is added, and the
 * sum is clipped.
 */
final class RunningUpdate implements Simulation.Observer {
    private final ParameterArrays parameters;
    private final Network network;
    private final ForwardPlasticity update;
    private final Convergence convergence;
    private final double leakage;
    private final double factor;
    private final PostsynapticFactors factors;
    private final GradientArrays total;

    RunningUpdate(
            ParameterArrays parameters,
            ForwardPlasticity update,
            Convergence convergence,
            double leakage,
            int steps,
            int samples,
            GradientArrays total) {
        this.parameters = parameters;
        this.network = parameters.network;
        this.update = update;
        this.convergence = convergence;
        this.leakage = leakage;
        this.factor = -2.0 / samples / steps;
        this.factors = new PostsynapticFactors(network, update.rule(), samples);
        this.total = total;
    }

    @Override
    public void observe(int point, LoopState state) {
        if (point == 0) {
            return;
        }
        int samples = state.feedforward.samples;
        for (int i = 0; i < network.depth(); i++) {
            double[] basal = new double[samples * network.size(i)];
            if (i > 0) {
                parameters.multiplyWeights(i, state.dr[i - 1], basal, samples);
            }
            double[] postsynaptic = factors.of(i, state, basal);
            double[] rates = PostsynapticFactors.presynaptic(state, i);
            for (int s = 0; s < samples; s++) {
                if (convergence.includeAll() || !isDiverged(state, s)) {
                    total.addProduct(i, factor, postsynaptic, rates, s);
                }
            }
        }
        total.clip(update.clipping());
    }

    private boolean isDiverged(LoopState state, int sample) {
        return state.distanceRatio(sample, network.outputs(), leakage) > Convergence.RATIO_DIVERGED;
    }
}
