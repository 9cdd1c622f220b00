package io.dfc.algorithms.diagnostics;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The linearised loop of a sample in output space: the controller sees layer {@code i} through the
 * gain {@code G_i = J_i Q_i} and one lag per layer above, {@code tau dp_i/dt = -p_i + p_(i-1) + G_i
 * u}, and the output deviates by {@code p_L}. Its matrices have the eigenvalues of those of the
 * whole network, except for copies of {@code -1/tau} (in discrete time {@code 1 - dt/tau}), at a
 * size of {@code (L + 1) n_L}.
 */
public final class ReducedLoop {
    /** Damping of feedback weights that have learnt, over the mean squared singular value. */
    private static final double LEARNT_DAMPING = 0.1;

    private final List<Matrix> gains;
    private final int neurons;
    private final int outputs;

    private ReducedLoop(List<Matrix> gains, int neurons) {
        this.gains = List.copyOf(gains);
        this.neurons = neurons;
        outputs = gains.getFirst().rows();
    }

    /**
     * The loop of a sample.
     *
     * @param matrices the network
     * @param state voltages to linearise at
     * @param sample sample, from 0
     * @return the loop
     */
    public static ReducedLoop at(NetworkMatrices matrices, NetworkState state, int sample) {
        Jacobian jacobian = Jacobian.at(matrices, state, sample);
        matrices.stackedFeedback();
        List<Matrix> gains = new ArrayList<>();
        for (int i = 0; i < jacobian.layers().size(); i++) {
            gains.add(jacobian.layers().get(i).times(matrices.feedback().get(i)));
        }
        return new ReducedLoop(gains, matrices.network().neurons());
    }

    /**
     * The loop of a sample as it would be with feedback weights that have learnt: the damped
     * pseudo-inverse of the sample's Jacobian, of the norm of the feedback weights that are there.
     *
     * @param matrices the network
     * @param state voltages to linearise at
     * @param sample sample, from 0
     * @return the loop
     */
    public static ReducedLoop withLearntFeedback(
            NetworkMatrices matrices, NetworkState state, int sample) {
        Jacobian jacobian = Jacobian.at(matrices, state, sample);
        Matrix j = jacobian.stacked();
        double damping = LEARNT_DAMPING * j.norm() * j.norm() / j.rows();
        Matrix learnt = new GramSolver(j).dampedPseudoInverse(damping);
        double scale = matrices.stackedFeedback().norm() / learnt.norm();
        List<Matrix> gains = new ArrayList<>();
        int row = 0;
        for (Matrix ofLayer : jacobian.layers()) {
            int neurons = ofLayer.columns();
            int outputs = learnt.columns();
            int from = row * outputs;
            double[] q = Arrays.copyOfRange(learnt.data(), from, from + neurons * outputs);
            Matrix gain = ofLayer.times(Matrix.wrap(neurons, outputs, q));
            gains.add(gain.plus(scale - 1, gain));
            row += neurons;
        }
        return new ReducedLoop(gains, matrices.network().neurons());
    }

    /** {@return whether the matrices here are no larger than those of the whole network} */
    private boolean isSmaller() {
        return gains.size() * outputs <= neurons;
    }

    /**
     * Largest real part of the eigenvalues of a {@link StabilityMatrix}.
     *
     * @param kind the matrix
     * @param constants constants of the loop
     * @return the real part; negative where the loop is stable
     */
    public double largestRealPart(StabilityMatrix kind, LoopConstants constants) {
        if (kind == StabilityMatrix.INTEGRAL_INSTANTANEOUS_SYSTEM) {
            Matrix sum = Matrix.zeros(outputs, outputs);
            for (Matrix gain : gains) {
                sum = sum.plus(-1, gain);
            }
            return sum.plusDiagonal(-constants.leakage()).largestRealPart();
        }
        double largest = continuous(kind, constants).largestRealPart();
        // Neurons beyond the reduced loop's states relax on their own.
        return isSmaller() && gains.size() * outputs < neurons
                ? Math.max(largest, -1 / constants.timeConstantRatio())
                : largest;
    }

    /** States {@code p_1..p_L, u}. The two integral matrices are similar to each other. */
    private Matrix continuous(StabilityMatrix kind, LoopConstants constants) {
        int depth = gains.size();
        int n = outputs;
        double rate = 1 / constants.timeConstantRatio();
        Matrix one = Matrix.zeros(n, n).plusDiagonal(1);
        Matrix whole = Matrix.zeros((depth + 1) * n, (depth + 1) * n);
        int u = depth * n;
        for (int i = 0; i < depth; i++) {
            whole.put(i * n, i * n, -rate, one);
            whole.put(i * n, u, rate, gains.get(i));
            if (i > 0) {
                whole.put(i * n, (i - 1) * n, rate, one);
            }
        }
        whole.put(u, u - n, -1, one);
        whole.put(u, u, -constants.leakage(), one);
        if (kind == StabilityMatrix.PROPORTIONAL_INTEGRAL) {
            double gain = constants.proportionalGain() * rate;
            whole.put(u, u - n, gain, one);
            whole.put(u, u, -gain, gains.getLast());
            if (depth > 1) {
                whole.put(u, u - 2 * n, -gain, one);
            }
        }
        return whole;
    }

    /**
     * Spectral radius of one Euler step of the loop: its deviations from the steady state grow by
     * this factor from one time point to the next.
     *
     * @param controller the controller
     * @param dynamics the dynamics simulated
     * @return the radius; above 1 where the simulated loop is unstable
     */
    public double spectralRadius(ProportionalIntegralController controller, Dynamics dynamics) {
        int states = (gains.size() + 3) * outputs;
        Matrix step = Matrix.zeros(states, states);
        for (int k = 0; k < states; k++) {
            double[] x = new double[states];
            x[k] = 1;
            step(controller, dynamics, x);
            for (int i = 0; i < states; i++) {
                step.data()[i * states + k] = x[i];
            }
        }
        return step.spectralRadius();
    }

    /** One step without a target; states {@code p_1..p_L}, integral, {@code u}, applied control. */
    private void step(ProportionalIntegralController controller, Dynamics dynamics, double[] x) {
        int depth = gains.size();
        int n = outputs;
        int integral = depth * n;
        int u = integral + n;
        int applied = u + n;
        boolean total = controller.leak() == ProportionalIntegralController.Leak.TOTAL;
        for (int j = 0; j < n; j++) {
            double error = -x[integral - n + j];
            double before = x[u + j];
            double leaking = total ? before : x[integral + j];
            x[integral + j] += dynamics.timeStep() * (error - controller.leakageRate() * leaking);
            x[u + j] = x[integral + j] + controller.proportionalGain() * error;
            double drive = dynamics.proactive() ? x[u + j] : before;
            x[applied + j] += dynamics.apicalRate() * (drive - x[applied + j]);
        }
        for (int k = 0; k < depth; k++) {
            // Downwards, every layer still finds the old value of the one below.
            int i = dynamics.instantTransmission() ? k : depth - 1 - k;
            double[] drive = gains.get(i).times(x, applied);
            for (int j = 0; j < n; j++) {
                double below = i == 0 ? 0 : x[(i - 1) * n + j];
                x[i * n + j] += dynamics.somaticRate() * (below + drive[j] - x[i * n + j]);
            }
        }
    }
}
