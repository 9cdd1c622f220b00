package io.dfc.api.control;

import io.dfc.api.error.BadConfigurationException;

/** How the state of the controlled network is found; a closed set. */
public sealed interface Solver {
    /** Fixed-step Euler simulation of the {@link Dynamics}: the exact mode. */
    record Euler() implements Solver {}

    /**
     * Whatever meets a tolerance at the least cost. Where the controlled network stays close to its
     * feedforward pass, the reduced-order loop is run in output space: the controller sees {@code
     * n_L} numbers only, so {@code L n_L} numbers per sample replace the network, at any horizon,
     * and a few passes recover the updates. The phase is simulated as by {@link Euler} where the
     * estimated error of an update exceeds the tolerance, where the loop is unstable, and where a
     * plan asks for something that the reduced-order loop does not give: a user's controller, a
     * strong target, noise where forward weights learn, filtered noise, a high-pass filter, delayed
     * transmission, running updates or a recording.
     *
     * @param tolerance bound on the estimated relative error of every layer's update, in (0, 1)
     */
    record Auto(double tolerance) implements Solver {
        /** Checks the range. */
        public Auto {
            if (!(tolerance > 0 && tolerance < 1)) {
                throw new BadConfigurationException(
                        "solver-tolerance", "must lie in (0, 1), got " + tolerance);
            }
        }

        /** A relative error of 1e-3. */
        public Auto() {
            this(1e-3);
        }
    }

    /**
     * The nonlinear steady state, found directly as the root of {@code g(u) = e(u) - alpha u},
     * where the output is that of a forward pass with {@code Q_i u} added to every voltage. A
     * sample whose root is not found within the bound, or is not a stable state of the simulated
     * system, is simulated. A backend may leave the stability of more than 96 outputs unchecked,
     * where it never forms the matrix of the loop.
     *
     * @param tolerance bound on {@code ||g(u)|| / ||g(0)||}, in (0, 1)
     * @param maxIterations bound on the number of iterations, at least 1
     */
    record SteadyState(double tolerance, int maxIterations) implements Solver {
        /** Checks the ranges. */
        public SteadyState {
            if (!(tolerance > 0 && tolerance < 1)) {
                throw new BadConfigurationException(
                        "solver.tolerance", "must lie in (0, 1), got " + tolerance);
            }
            if (maxIterations < 1) {
                throw new BadConfigurationException(
                        "solver.max-iterations", "must be at least 1, got " + maxIterations);
            }
        }

        /** A relative residual of 1e-6 within 30 iterations. */
        public SteadyState() {
            this(1e-6, 30);
        }
    }

    /**
     * The analytic steady state of the network linearised at the feedforward pass (DFC-SSA): {@code
     * (J Q + alpha I) u = e[0]}, {@code delta_v = Q u}, then one forward pass with {@code
     * delta_v_i} added to every voltage.
     */
    record Linearized() implements Solver {}
}
