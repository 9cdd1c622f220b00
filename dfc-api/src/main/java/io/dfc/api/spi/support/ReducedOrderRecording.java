package io.dfc.api.spi.support;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.error.PlanUnsupportedException;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.Precision;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Recording;
import io.dfc.api.trajectory.Trajectory;
import io.dfc.api.trajectory.Variable;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Trajectories of the reduced-order (output-space) loop, in float64: to first order in the nudge
 * the network is a chain of filters of the control signal, {@code p_i[t+1] = (1 - kappa) p_i[t] +
 * kappa (p_(i-1)[t+1] + J_i Q_i a[t+1])}, {@code kappa = dt / tau_v}, and the output deviation is
 * {@code p_L}. Made from what an engine tells of a forward pass, so that every backend that tells
 * it has them.
 */
final class ReducedOrderRecording {
    private static final Set<Variable> RECORDED = EnumSet.of(Variable.CONTROL, Variable.ERROR_NORM);

    private final Network network;
    private final ProportionalIntegralController controller;
    private final Dynamics dynamics;
    private final int outputs;

    private ReducedOrderRecording(Network network, LoopPhase phase) {
        this.network = network;
        controller = (ProportionalIntegralController) phase.controller();
        dynamics = phase.dynamics();
        outputs = network.outputs();
    }

    /**
     * Records a minibatch.
     *
     * @param pass its forward pass
     * @param feedback feedback weights of the loop
     * @throws PlanUnsupportedException if the loop has no such trajectory
     */
    static Trajectory record(
            Plan plan,
            LoopHandle loop,
            ForwardResult pass,
            List<Tensor> feedback,
            Recording recording) {
        requireReducible(plan, loop.phase(), recording);
        return new ReducedOrderRecording(plan.network(), loop.phase())
                .record(loop, pass, feedback, recording);
    }

    private static void requireReducible(Plan plan, LoopPhase phase, Recording recording) {
        if (!RECORDED.containsAll(recording.variables())) {
            throw unsupported("it has " + RECORDED + " alone, not " + recording.variables());
        }
        if (!(phase.controller() instanceof ProportionalIntegralController)) {
            throw unsupported("it needs the proportional-integral controller");
        }
        if (phase.target() instanceof OutputTarget.Strong) {
            throw unsupported("it needs a nudged target");
        }
        if (!phase.dynamics().instantTransmission()) {
            throw unsupported("it needs instantaneous transmission");
        }
        if (phase.noise().isPresent()) {
            throw unsupported("the loop has noise");
        }
        if (plan.precision() != Precision.FULL) {
            throw unsupported("weights are rounded to " + plan.precision());
        }
    }

    private static PlanUnsupportedException unsupported(String reason) {
        return new PlanUnsupportedException(
                "no reduced-order trajectory: " + reason + "; ask for the simulation instead");
    }

    private Trajectory record(
            LoopHandle loop, ForwardResult pass, List<Tensor> feedback, Recording recording) {
        int samples = pass.samples();
        Tensor jacobian = pass.jacobian();
        Tensor target = pass.outputTarget(loop);
        Tensor output = pass.rate(network.depth() - 1);
        TrajectoryRecorder recorder = new TrajectoryRecorder(network, recording, samples);
        for (int s = 0; s < samples; s++) {
            double[] distance = new double[outputs];
            for (int j = 0; j < outputs; j++) {
                int at = s * outputs + j;
                distance[j] = target.get(at) - output.get(at);
            }
            run(s, gains(jacobian, s, feedback), distance, recorder);
        }
        return recorder.trajectory(Recording.Source.REDUCED_ORDER);
    }

    /** {@code J_i Q_i} of a sample, per layer. */
    private double[][][] gains(Tensor jacobian, int sample, List<Tensor> feedback) {
        double[][][] gains = new double[network.depth()][outputs][outputs];
        int neurons = network.neurons();
        int first = 0;
        for (int i = 0; i < gains.length; i++) {
            for (int j = 0; j < outputs; j++) {
                int row = (sample * outputs + j) * neurons + first;
                for (int n = 0; n < network.size(i); n++) {
                    double slope = jacobian.get(row + n);
                    for (int k = 0; k < outputs; k++) {
                        gains[i][j][k] += slope * feedback.get(i).get(n * outputs + k);
                    }
                }
            }
            first += network.size(i);
        }
        return gains;
    }

    private void run(
            int sample, double[][][] gains, double[] distance, TrajectoryRecorder recorder) {
        State state = new State(outputs, gains.length);
        for (int point = 0; point < dynamics.timePoints(); point++) {
            if (point > 0) {
                control(state);
                follow(state, gains);
            }
            for (int j = 0; j < outputs; j++) {
                state.error[j] = distance[j] - state.filtered[gains.length - 1][j];
            }
            recorder.record(point, sample, state);
        }
    }

    private void control(State state) {
        boolean total = controller.leak() == ProportionalIntegralController.Leak.TOTAL;
        for (int j = 0; j < outputs; j++) {
            double before = state.u[j];
            double leaking = total ? before : state.integral[j];
            state.integral[j] +=
                    dynamics.timeStep() * (state.error[j] - controller.leakageRate() * leaking);
            state.u[j] = state.integral[j] + controller.proportionalGain() * state.error[j];
            double drive = dynamics.proactive() ? state.u[j] : before;
            state.applied[j] += dynamics.apicalRate() * (drive - state.applied[j]);
        }
    }

    private void follow(State state, double[][][] gains) {
        for (int i = 0; i < gains.length; i++) {
            for (int j = 0; j < outputs; j++) {
                double in = i == 0 ? 0 : state.filtered[i - 1][j];
                for (int k = 0; k < outputs; k++) {
                    in += gains[i][j][k] * state.applied[k];
                }
                state.filtered[i][j] += dynamics.somaticRate() * (in - state.filtered[i][j]);
            }
        }
    }

    /** Control, error, and what has come down to the output from each layer. */
    private static final class State implements TrajectoryRecorder.State {
        private final double[] u;
        private final double[] integral;
        private final double[] error;
        private final double[] applied;
        private final double[][] filtered;

        State(int outputs, int depth) {
            u = new double[outputs];
            integral = new double[outputs];
            error = new double[outputs];
            applied = new double[outputs];
            filtered = new double[depth][outputs];
        }

        @Override
        public double value(Variable variable, int layer, int index) {
            return switch (variable) {
                case CONTROL -> u[index];
                case ERROR_NORM -> norm(error);
                case SOMATIC, RATE, BASAL, APICAL -> throw new IllegalArgumentException();
            };
        }

        private static double norm(double[] x) {
            double sum = 0;
            for (double value : x) {
                sum += value * value;
            }
            return Math.sqrt(sum);
        }

        @Override
        public double feedforward(boolean rate, int layer, int index) {
            throw new IllegalArgumentException();
        }
    }
}
