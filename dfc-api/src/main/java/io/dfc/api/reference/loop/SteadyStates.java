package io.dfc.api.reference.loop;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.network.Network;
import io.dfc.api.reference.model.Activity;
import io.dfc.api.reference.model.Buffers;
import io.dfc.api.reference.model.ControlError;
import io.dfc.api.reference.model.Jacobian;
import io.dfc.api.reference.model.LinearSystem;
import io.dfc.api.reference.model.ParameterArrays;

import java.util.Optional;

/** States of one sample that are found without simulation. */
final class SteadyStates {
    private static final int MAX_HALVINGS = 8;

    private final ParameterArrays parameters;
    private final Network network;
    private final double leakage;

    SteadyStates(ParameterArrays parameters, double leakage) {
        this.parameters = parameters;
        this.network = parameters.network;
        this.leakage = leakage;
    }

    /**
     * The analytic steady state of DFC-SSA (arXiv 2106.07887, section 3), that of the network
     * linearised at the feedforward pass: {@code (J Q + alpha I) u = e[0]}, then a forward pass
     * with {@code Q u} added to every voltage.
     */
    LoopState linearized(Activity feedforward, ControlError target) {
        LoopState state = new LoopState(network, feedforward);
        target.evaluate(state.outputDeviation(), network.outputs(), state.error);
        System.arraycopy(state.error, 0, state.u, 0, state.u.length);
        LinearSystem.solve(systemMatrix(state, target), state.u);
        propagate(state, target);
        return state;
    }

    /**
     * The nonlinear steady state by Newton's method on {@code g(u) = e(u) - alpha u}, with steps
     * halved until the residual falls.
     *
     * @return the state, or nothing if the residual does not meet the tolerance within the bound
     */
    Optional<LoopState> nonlinear(
            Activity feedforward, ControlError target, Solver.SteadyState solver) {
        LoopState state = new LoopState(network, feedforward);
        propagate(state, target);
        double initial = residual(state);
        for (int iteration = 0; residual(state) > solver.tolerance() * initial; iteration++) {
            if (iteration == solver.maxIterations() || !descend(state, target)) {
                return Optional.empty();
            }
        }
        return Optional.of(state);
    }

    /** Whether the simulated system would stay at a state that was found. */
    boolean isStable(
            LoopState state,
            ControlError target,
            ProportionalIntegralController controller,
            Dynamics dynamics) {
        int outputs = network.outputs();
        if (Buffers.sumOfSquares(state.u, 0, outputs) == 0) {
            // Nothing is controlled, so nothing can run away.
            return true;
        }
        double[][] gains =
                new Jacobian(parameters, state.feedforward, state.dv).timesFeedbackPerLayer();
        double[] slope = target.slope(state.outputDeviation(), outputs);
        for (int i = 0; i < gains.length; i++) {
            gains[i] = product(slope, gains[i]);
        }
        return StabilityCheck.decays(controller, dynamics, gains);
    }

    private static double[] product(double[] a, double[] b) {
        int n = (int) Math.round(Math.sqrt(a.length));
        double[] out = new double[a.length];
        for (int j = 0; j < n; j++) {
            for (int m = 0; m < n; m++) {
                for (int k = 0; k < n; k++) {
                    out[j * n + k] += a[j * n + m] * b[m * n + k];
                }
            }
        }
        return out;
    }

    private boolean descend(LoopState state, ControlError target) {
        double before = residual(state);
        double[] start = state.u.clone();
        double[] step = new double[start.length];
        for (int j = 0; j < step.length; j++) {
            step[j] = state.error[j] - leakage * state.u[j];
        }
        LinearSystem.solve(systemMatrix(state, target), step);
        double length = 1;
        for (int halving = 0; halving <= MAX_HALVINGS; halving++, length /= 2) {
            for (int j = 0; j < step.length; j++) {
                state.u[j] = start[j] + length * step[j];
            }
            propagate(state, target);
            if (residual(state) < before) {
                return true;
            }
        }
        return false;
    }

    /** {@code S J Q + alpha I} with {@code S = -de/dr_L}, at the voltages of a state. */
    private double[] systemMatrix(LoopState state, ControlError target) {
        int outputs = network.outputs();
        double[] gain = new Jacobian(parameters, state.feedforward, state.dv).timesFeedback();
        double[] slope = target.slope(state.outputDeviation(), outputs);
        double[] matrix = product(slope, gain);
        for (int j = 0; j < outputs; j++) {
            matrix[j * outputs + j] += leakage;
        }
        return matrix;
    }

    /** One forward pass with {@code Q u} added to every voltage. */
    private void propagate(LoopState state, ControlError target) {
        for (int i = 0; i < network.depth(); i++) {
            if (i > 0) {
                parameters.multiplyWeights(i, state.dr[i - 1], state.db[i], 1);
            }
            parameters.multiplyFeedback(i, state.u, state.apical[i], 1);
            for (int n = 0; n < network.size(i); n++) {
                state.dv[i][n] = state.db[i][n] + state.apical[i][n];
                state.dr[i][n] =
                        network.activation(i).difference(state.feedforward.v[i][n], state.dv[i][n]);
            }
        }
        target.evaluate(state.outputDeviation(), network.outputs(), state.error);
    }

    private double residual(LoopState state) {
        double sum = 0;
        for (int j = 0; j < state.u.length; j++) {
            double g = state.error[j] - leakage * state.u[j];
            sum += g * g;
        }
        return Math.sqrt(sum);
    }
}
