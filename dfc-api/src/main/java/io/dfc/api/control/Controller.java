package io.dfc.api.control;

/**
 * Turns the error at the network's output into the control signal {@code u}, step by step.
 *
 * <p>A controller is stateless and thread-safe: whatever it must remember between steps lives in
 * the tile's state, which the backend allocates and sets to zero at time point 0. It must not mix
 * samples and must not allocate. Backends run {@link ProportionalIntegralController} fused into
 * their loop and call any other controller once per step and tile. Solvers that do not simulate
 * take the published controller only.
 */
public interface Controller {
    /**
     * Number of state values per sample, apart from the control signal itself.
     *
     * @param outputs number of network outputs {@code n_L}
     * @return the number, at least 0
     */
    int stateSize(int outputs);

    /**
     * Advances the control signal from time point {@code k} to {@code k + 1}.
     *
     * @param tile errors at point {@code k}; the control at {@code k} on entry, at {@code k + 1} on
     *     return
     * @param timeStep {@code dt}
     */
    void step(ControlTile tile, double timeStep);

    /**
     * The leakage {@code alpha} for which {@code e = alpha u} at a steady state; the convergence
     * test needs it.
     *
     * @return alpha, at least 0
     */
    double leakage();
}
