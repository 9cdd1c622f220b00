package io.dfc.bench.measure;

import io.dfc.api.network.Activation;
import io.dfc.api.network.Network;

/**
 * Floating-point operations of one minibatch, counted from the algorithm as it is stated, so that
 * the count is the same for every backend, whatever it saves or wastes.
 *
 * <p>A multiply-add counts as two; only matrix products and the solution of linear systems count,
 * for the rest grows with the number of neurons and not of weights. Work that does not change over
 * time counts once: {@code W_1 x} is part of the feedforward pass alone. With batch {@code B},
 * Euler steps {@code S}, sizes {@code n_0..n_L} and {@code o = n_L}:
 *
 * <pre>{@code
 * M = sum_(i>=2) n_i n_(i-1)     weights above the first layer
 * A = M + n_1 n_0                all weights
 * N = n_1 + ... + n_L            neurons
 * step = 2 B (M + N o)           one pass with a control signal: W_i r_(i-1) above the first layer, Q_i u
 * }</pre>
 *
 * <p>Of two known ways to the same numbers the cheaper one counts. With more than 96 linear
 * outputs, and more than neurons in the last hidden layer, {@code w = n_(L-1)}, control signals
 * have {@code w} coordinates if {@code Q_L} is a multiple of the identity, as it is here; a pass is
 * then {@code 2 B (M - o w + (N - o) w)}. Products of parameters alone, such as {@code Q_i W_L}, do
 * not count: a minibatch that follows another with the same parameters has them.
 *
 * @param network the network
 * @param batch {@code B}, at least 1
 * @param steps {@code S}, at least 0; not used by workloads without time
 */
public record WorkCount(Network network, int batch, int steps) {
    /** Passes with an injected control signal that find or confirm a steady state. */
    private static final int CONTROLLED_PASSES = 3;

    /**
     * Products with a sample's matrix {@code J Q} after which an iterative solution is exact to
     * float32. GMRES took 27 on the autoencoder at its initial parameters.
     */
    private static final int SOLVING_PRODUCTS = 25;

    /** Products with the network in the coordinates of a wide readout that tell a stable state. */
    private static final int STABILITY_PRODUCTS = 16;

    /** Most outputs for which the matrix of a sample is formed, whatever the network. */
    private static final int MOST_FORMED_OUTPUTS = 96;

    /** Runs of the loop in output space: one to find the state, one to bound its error. */
    private static final int LOOP_RUNS = 2;

    /** {@return the feedforward pass, {@code 2 B A}} */
    public double forward() {
        return 2.0 * batch * weights();
    }

    /**
     * {@return DFC-SS by simulation: forward, {@code S} steps, and the outer products of the last
     * state, {@code 2 B A}}
     */
    public double lastStateEuler() {
        return forward() + steps * step() + outerProducts();
    }

    /**
     * {@return DFC by simulation: forward, {@code S} steps with the outer products of the layers
     * above the first at each, {@code 2 B S (2 M + N o)}, and those of the first layer once, {@code
     * 2 B n_1 n_0}, since its input does not change}
     */
    public double continuousEuler() {
        return forward()
                + steps * (step() + 2.0 * batch * upperWeights())
                + 2.0 * batch * network.size(0) * network.inputs();
    }

    /**
     * {@return DFC-SSA: forward, the solution of the linear systems, one controlled pass and the
     * outer products; a system is solved by the cheaper of two roads: its matrix formed, {@code 2 B
     * o (M + N o)}, and factorised, {@code 2/3 B o^3}, or 25 products with it, each a linear pass
     * through the network; for a wide linear readout the latter in coordinates of the last hidden
     * layer}
     */
    public double linearized() {
        return Math.min(linearizedInFull(), readoutStates(0));
    }

    /**
     * {@return DFC-SS by its steady state: as DFC-SSA, with three controlled passes; for a wide
     * linear readout as DFC-SSA, with 16 more products that tell whether the state is stable}
     */
    public double steadyState() {
        return Math.min(
                steadyState(solvedSystems(), CONTROLLED_PASSES), readoutStates(STABILITY_PRODUCTS));
    }

    private double linearizedInFull() {
        return steadyState(solvedSystems(), 1);
    }

    private double solvedSystems() {
        return Math.min(formedSystems(), SOLVING_PRODUCTS * step());
    }

    /** {@return DFC-SSA by a backend that forms every matrix, however many outputs there are} */
    double linearizedByMatrices() {
        return steadyState(formedSystems(), 1);
    }

    /** {@return DFC-SS by a backend that forms a matrix for every pass} */
    double steadyStateByMatrices() {
        return steadyState(CONTROLLED_PASSES * formedSystems(), CONTROLLED_PASSES);
    }

    /**
     * {@return DFC by whatever meets a tolerance: forward, the Jacobian and {@code J Q}, two runs
     * of the loop in output space, {@code 2 B S L o^2} each, three controlled passes and the outer
     * products}
     */
    public double continuousAuto() {
        return forward()
                + jacobians()
                + LOOP_RUNS * outputLoop()
                + CONTROLLED_PASSES * step()
                + outerProducts();
    }

    /**
     * {@return feedback learning by simulation: forward, {@code S} steps, and the correlation of
     * apical voltages with the control signal at each, {@code 2 B S N o}; or the same in the
     * coordinates of a wide linear readout, and the way back to weights}
     */
    public double feedbackEuler() {
        return Math.min(forward() + steps * step() + correlations(), readoutFeedback());
    }

    /**
     * {@return feedback learning by whatever meets a tolerance: forward, the Jacobian and {@code J
     * Q}, and per step the noise seen by the output, {@code 2 B N o}, the correlations, {@code 2 B
     * N o}, and the loop in output space, {@code 2 B L o^2}}
     */
    public double feedbackAuto() {
        return forward() + jacobians() + 2 * correlations() + outputLoop();
    }

    /** {@return backpropagation: forward, the errors, {@code 2 B M}, and the outer products} */
    public double backpropagation() {
        return forward() + 2.0 * batch * upperWeights() + outerProducts();
    }

    private double steadyState(double systems, int passes) {
        return forward() + systems + passes * step() + outerProducts();
    }

    private double formedSystems() {
        double o = network.outputs();
        return jacobians() + 2.0 / 3 * batch * o * o * o;
    }

    /** States in the coordinates of a wide readout; infinite where there is none. */
    private double readoutStates(int moreProducts) {
        if (!hasWideReadout()) {
            return Double.POSITIVE_INFINITY;
        }
        double o = network.outputs();
        double driven = 2.0 * batch * hiddenNeurons() * o;
        // Control signal and output deviation.
        double readouts = 2 * 2.0 * batch * o * readoutWidth();
        int products = SOLVING_PRODUCTS + 1 + moreProducts;
        return forward() + driven + products * readoutStep() + readouts + outerProducts();
    }

    private double readoutFeedback() {
        if (!hasWideReadout()) {
            return Double.POSITIVE_INFINITY;
        }
        double o = network.outputs();
        double w = readoutWidth();
        double correlations = 2.0 * batch * (hiddenNeurons() + w) * w;
        double weights = 2 * o * w * (network.neurons() + w);
        return forward() + steps * (readoutStep() + correlations) + weights;
    }

    private boolean hasWideReadout() {
        return network.depth() > 1
                && network.outputs() > MOST_FORMED_OUTPUTS
                && network.outputs() > readoutWidth()
                && network.activation(network.depth() - 1) instanceof Activation.Linear;
    }

    /** {@code 2 B (M' + N' n_(L-1))}, with weights and neurons of the hidden layers alone. */
    private double readoutStep() {
        double w = readoutWidth();
        double below = upperWeights() - w * network.outputs();
        return 2.0 * batch * (below + hiddenNeurons() * w);
    }

    private double readoutWidth() {
        return network.size(network.depth() - 2);
    }

    private double hiddenNeurons() {
        return (double) network.neurons() - network.outputs();
    }

    private double step() {
        return 2.0 * batch * (upperWeights() + neuronsTimesOutputs());
    }

    private double jacobians() {
        return network.outputs() * step();
    }

    private double outerProducts() {
        return 2.0 * batch * weights();
    }

    private double correlations() {
        return 2.0 * batch * steps * neuronsTimesOutputs();
    }

    private double outputLoop() {
        double o = network.outputs();
        return 2.0 * batch * steps * network.depth() * o * o;
    }

    private double neuronsTimesOutputs() {
        return (double) network.neurons() * network.outputs();
    }

    private double upperWeights() {
        double sum = 0;
        for (int i = 1; i < network.depth(); i++) {
            sum += (double) network.size(i) * network.fanIn(i);
        }
        return sum;
    }

    private double weights() {
        return upperWeights() + (double) network.size(0) * network.inputs();
    }
}
