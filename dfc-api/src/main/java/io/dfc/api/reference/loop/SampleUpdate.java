package io.dfc.api.reference.loop;

import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Network;
import io.dfc.api.reference.model.Buffers;
import io.dfc.api.reference.model.GradientArrays;
import io.dfc.api.reference.model.ParameterArrays;

/** Contribution of one sample to an update that averages over time or takes the last state. */
final class SampleUpdate implements Simulation.Observer {
    private final ParameterArrays parameters;
    private final Network network;
    private final ForwardPlasticity update;
    private final int points;
    private final PostsynapticFactors factors;
    private final GradientArrays sum;

    /**
     * Sum over time of the first layer's postsynaptic: its input is constant, so one outer product
     * at the end is enough.
     */
    private final double[] firstLayer;

    SampleUpdate(ParameterArrays parameters, ForwardPlasticity update, int points) {
        this.parameters = parameters;
        this.network = parameters.network;
        this.update = update;
        this.points = points;
        this.factors = new PostsynapticFactors(network, update.rule(), 1);
        this.sum = new GradientArrays(network);
        this.firstLayer = new double[network.size(0)];
    }

    /** Adds a time point to the mean; point 0 contributes nothing. */
    @Override
    public void observe(int point, LoopState state) {
        if (update.mode() != ForwardPlasticity.Mode.CONTINUOUS || point == 0) {
            return;
        }
        for (int i = 0; i < network.depth(); i++) {
            double[] postsynaptic = factors.of(i, state, state.db[i]);
            if (i == 0) {
                Buffers.add(firstLayer, 1.0 / points, postsynaptic);
            } else {
                sum.addProduct(
                        i,
                        1.0 / points,
                        postsynaptic,
                        PostsynapticFactors.presynaptic(state, i),
                        0);
            }
        }
    }

    /** Completes the sample and adds {@code factor} times its contribution. */
    void finish(LoopState last, double factor, GradientArrays total) {
        switch (update.mode()) {
            case CONTINUOUS -> sum.addProduct(0, 1, firstLayer, last.feedforward.input, 0);
            case LAST_STATE -> addLastState(last);
            case CONTINUOUS_RUNNING ->
                    throw new IllegalStateException(
                            "running updates are not formed sample by sample");
        }
        total.add(factor, sum);
    }

    private void addLastState(LoopState last) {
        for (int i = 0; i < network.depth(); i++) {
            double[] basal = new double[network.size(i)];
            boolean controlled = update.presynaptic() == ForwardPlasticity.Presynaptic.CONTROLLED;
            if (controlled && i > 0) {
                parameters.multiplyWeights(i, last.dr[i - 1], basal, 1);
            }
            double[] rates =
                    controlled
                            ? PostsynapticFactors.presynaptic(last, i)
                            : last.feedforward.presynaptic(i);
            sum.addProduct(i, 1, factors.of(i, last, basal), rates, 0);
        }
    }
}
