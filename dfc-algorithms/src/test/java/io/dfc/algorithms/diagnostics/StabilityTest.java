package io.dfc.algorithms.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Network;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Stability matrices against the loop that they are to describe. */
class StabilityTest {
    private static final Network NETWORK =
            Fixtures.network(new Activation.Tanh(), new Activation.Linear(), 5, 7, 6, 3);
    private static final NetworkMatrices MATRICES = Fixtures.matrices(NETWORK, 4);
    private static final NetworkState STATE =
            NetworkState.feedforward(MATRICES, Fixtures.regression(NETWORK, 1, 3).inputs());
    private static final int NEURONS = NETWORK.neurons();
    private static final int OUTPUTS = NETWORK.outputs();

    /** Central differences of a map at a point. */
    private static Matrix differences(UnaryOperator<double[]> map, double[] at) {
        double h = 1e-6;
        Matrix out = Matrix.zeros(at.length, at.length);
        for (int k = 0; k < at.length; k++) {
            double[] up = at.clone();
            double[] down = at.clone();
            up[k] += h;
            down[k] -= h;
            double[] high = map.apply(up);
            double[] low = map.apply(down);
            for (int i = 0; i < at.length; i++) {
                out.data()[i * at.length + k] = (high[i] - low[i]) / (2 * h);
            }
        }
        return out;
    }

    /** {@code v} of all layers, then {@code u_int}, at the feedforward pass. */
    private static double[] start() {
        double[] x = new double[NEURONS + OUTPUTS];
        int at = 0;
        for (double[] v : STATE.voltages()) {
            System.arraycopy(v, 0, x, at, v.length);
            at += v.length;
        }
        return x;
    }

    /** Right-hand sides of the controlled network with the own output as target. */
    private static double[] flow(double[] x, double alpha, double gain, double tau) {
        double[] flow = new double[x.length];
        double[] u = new double[OUTPUTS];
        for (int j = 0; j < OUTPUTS; j++) {
            double error = STATE.output()[j] - x[NEURONS - OUTPUTS + j];
            u[j] = x[NEURONS + j] + gain * error;
            flow[NEURONS + j] = error - alpha * u[j];
        }
        double[] below = STATE.presynaptic(0);
        int at = 0;
        for (int i = 0; i < NETWORK.depth(); i++) {
            double[] basal = MATRICES.weights().get(i).times(below, 0);
            double[] apical = MATRICES.feedback().get(i).times(u, 0);
            below = new double[basal.length];
            for (int j = 0; j < basal.length; j++) {
                double v = x[at + j];
                flow[at + j] = (basal[j] + MATRICES.biases().get(i)[j] + apical[j] - v) / tau;
                below[j] = NETWORK.activation(i).value(v);
            }
            at += basal.length;
        }
        return flow;
    }

    @ParameterizedTest
    @CsvSource({"0.1, 0, 0.3", "0.6, 0.15, 0.1", "0.01, 2, 0.2"})
    void theMatrixOfProportionalAndIntegralControlHasTheEigenvaluesOfTheLoop(
            double alpha, double gain, double tau) {
        Matrix loop = differences(x -> flow(x, alpha, gain, tau), start());
        Matrix matrix =
                StabilityMatrix.PROPORTIONAL_INTEGRAL.full(
                        MATRICES, STATE, 0, new LoopConstants(alpha, gain, tau));

        assertThat(matrix.largestRealPart()).isCloseTo(loop.largestRealPart(), within(1e-5));
        assertThat(matrix.spectralRadius()).isCloseTo(loop.spectralRadius(), within(1e-4));
        // Eigenvalues are those of the same polynomial: their sums of powers agree, too.
        assertThat(trace(matrix)).isCloseTo(trace(loop), within(1e-5));
        assertThat(trace(matrix.times(matrix))).isCloseTo(trace(loop.times(loop)), within(1e-3));
    }

    private static double trace(Matrix m) {
        double sum = 0;
        for (int i = 0; i < m.rows(); i++) {
            sum += m.get(i, i);
        }
        return sum;
    }

    @ParameterizedTest
    @EnumSource(StabilityMatrix.class)
    void theReducedLoopHasTheLargestRealPartOfTheWholeMatrix(StabilityMatrix kind) {
        for (LoopConstants constants :
                List.of(
                        new LoopConstants(0.1, 2, 0.2),
                        new LoopConstants(0.6, 0.15, 0.0063),
                        new LoopConstants(3, 0.5, 0.5))) {
            double whole = kind.full(MATRICES, STATE, 0, constants).largestRealPart();

            assertThat(ReducedLoop.at(MATRICES, STATE, 0).largestRealPart(kind, constants))
                    .isCloseTo(whole, within(1e-6 * Math.max(1, Math.abs(whole))));
        }
    }

    /** One Euler step of the whole network, as the specification has it. */
    private static double[] step(
            double[] x, ProportionalIntegralController c, Dynamics d, int applied) {
        double[] y = x.clone();
        int integral = NEURONS;
        int u = NEURONS + OUTPUTS;
        for (int j = 0; j < OUTPUTS; j++) {
            double error = STATE.output()[j] - x[NEURONS - OUTPUTS + j];
            y[integral + j] += d.timeStep() * (error - c.leakageRate() * x[u + j]);
            y[u + j] = y[integral + j] + c.proportionalGain() * error;
        }
        double[] drive = new double[OUTPUTS];
        System.arraycopy(d.proactive() ? y : x, u, drive, 0, OUTPUTS);
        int at = 0;
        int before = 0;
        for (int i = 0; i < NETWORK.depth(); i++) {
            double[] below = STATE.presynaptic(0);
            if (i > 0) {
                below = new double[NETWORK.fanIn(i)];
                for (int j = 0; j < below.length; j++) {
                    double v = (d.instantTransmission() ? y : x)[before + j];
                    below[j] = NETWORK.activation(i - 1).value(v);
                }
            }
            double[] basal = MATRICES.weights().get(i).times(below, 0);
            double[] target = MATRICES.feedback().get(i).times(drive, 0);
            for (int j = 0; j < basal.length; j++) {
                int a = applied + at + j;
                y[a] += d.apicalRate() * (target[j] - x[a]);
                double in = basal[j] + MATRICES.biases().get(i)[j] + y[a];
                y[at + j] = x[at + j] + d.somaticRate() * (in - x[at + j]);
            }
            before = at;
            at += basal.length;
        }
        return y;
    }

    @ParameterizedTest
    @CsvSource({
        "true, false, true, 0.02",
        "false, false, false, 0.02",
        "true, false, false, 0.1",
        "true, true, true, 0.02"
    })
    void theReducedStepHasTheSpectralRadiusOfTheSimulation(
            boolean transmission, boolean system, boolean proactive, double apical) {
        ProportionalIntegralController controller = new ProportionalIntegralController(0.8, 0.05);
        Dynamics dynamics = new Dynamics(0.02, 100, 0.1, apical, transmission, system, proactive);
        int applied = NEURONS + 2 * OUTPUTS;
        double[] x = Arrays.copyOf(start(), applied + NEURONS);
        Matrix whole = differences(s -> step(s, controller, dynamics, applied), x);

        assertThat(ReducedLoop.at(MATRICES, STATE, 0).spectralRadius(controller, dynamics))
                .isCloseTo(whole.spectralRadius(), within(1e-6));
    }

    @Test
    void anUnstableGainIsToldWithSettingsThatMakeTheLoopStable() {
        List<ReducedLoop> loops = List.of(ReducedLoop.withLearntFeedback(MATRICES, STATE, 0));
        ProportionalIntegralController wild = new ProportionalIntegralController(500, 0.01);
        Dynamics dynamics = new Dynamics(0.02, 500, 0.2);

        StabilityVerdict verdict = StabilityVerdict.of(loops, wild, dynamics);

        assertThat(verdict.isStable()).isFalse();
        assertThat(verdict.isHopeless()).isTrue();
        String remedy =
                verdict.remedies().stream()
                        .filter(r -> r.startsWith("proportional-gain="))
                        .findFirst()
                        .orElseThrow();
        double gain = Double.parseDouble(remedy.substring(remedy.indexOf('=') + 1));
        assertThat(verdict.inWords("control"))
                .startsWith("unstable on 1 of 1 samples")
                .contains("--set control." + remedy);
        assertThat(
                        StabilityVerdict.of(
                                        loops,
                                        new ProportionalIntegralController(gain, 0.01),
                                        dynamics)
                                .isStable())
                .isTrue();
        assertThat(
                        StabilityVerdict.of(
                                        loops,
                                        new ProportionalIntegralController(0.5, 0.01),
                                        dynamics)
                                .inWords("control"))
                .startsWith("stable");
    }
}
