package io.dfc.bench.measure;

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
     * through the network}
     */
    public double linearized() {
        return steadyState(Math.min(formedSystems(), SOLVING_PRODUCTS * step()), 1);
    }

    /** {@return DFC-SS by its steady state: as DFC-SSA, with three controlled passes} */
    public double steadyState() {
        return steadyState(Math.min(formedSystems(), SOLVING_PRODUCTS * step()), CONTROLLED_PASSES);
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
     * apical voltages with the control signal at each, {@code 2 B S N o}}
     */
    public double feedbackEuler() {
        return forward() + steps * step() + correlations();
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
