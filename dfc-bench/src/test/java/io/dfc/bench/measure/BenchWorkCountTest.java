package io.dfc.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dfc.api.network.Activation;
import io.dfc.api.network.Network;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values are computed by hand from the formulas of the bench page. */
class BenchWorkCountTest {
    private static final double EXACT = 1e-9;

    /**
     * 3-4-2 with B = 5 and S = 7: M = 8, A = 20, N o = 12, so that a step has 2 B (M + N o) = 200,
     * forward and outer products 200 each, the correlations 840 and the loop in output space 560.
     */
    @ParameterizedTest
    @CsvSource({
        "dfc-ss/euler, 1800",
        "dfc/euler, 2280",
        "dfc-ss/steady-state, 1426.6666666666667",
        "dfc/auto, 2280",
        "dfc-ssa, 1026.6666666666667",
        "feedback/euler, 2440",
        "feedback/auto, 2440",
        "bp, 480"
    })
    void operationsOfATwoLayerNetwork(String label, double expected) {
        WorkCount count = new WorkCount(Network.of(new Activation.Tanh(), 3, 4, 2), 5, 7);

        assertThat(workload(label).operations(count)).isCloseTo(expected, within(EXACT));
    }

    @Test
    void operationsOfTheLoopInOutputSpace() {
        WorkCount count = new WorkCount(Network.of(new Activation.Tanh(), 3, 4, 2), 5, 7);

        assertThat(count.continuousAuto()).isEqualTo(2520);
        assertThat(count.feedbackAuto()).isEqualTo(2840);
    }

    /** 2-3 with B = 1 and S = 10: M = 0, A = 6, N o = 9. */
    @ParameterizedTest
    @CsvSource({
        "dfc-ss/euler, 204",
        "dfc/euler, 204",
        "dfc-ss/steady-state, 150",
        "dfc/auto, 204",
        "dfc-ssa, 114",
        "feedback/euler, 372",
        "feedback/auto, 372",
        "bp, 24"
    })
    void operationsWithoutHiddenLayer(String label, double expected) {
        WorkCount count = new WorkCount(Network.of(new Activation.Tanh(), 2, 3), 1, 10);

        assertThat(workload(label).operations(count)).isCloseTo(expected, within(EXACT));
    }

    /** M = 133632, N o = 7780: 2 * 128 * (999 * 141412 + 2 * 334336). */
    @Test
    void operationsOfThePublishedMnistNetwork() {
        Network network = Network.of(new Activation.Tanh(), 784, 256, 256, 256, 10);

        assertThat(Workload.DFC_SS_EULER.operations(new WorkCount(network, 128, 999)))
                .isEqualTo(36_336_450_560.0);
    }

    /**
     * 4-50-60 with B = 2: M = 3000, A = 3200, N o = 6600, so that a step has 38400, forward and
     * outer products 12800 each; a formed matrix takes 60 steps and 2/3 * 2 * 60^3 = 288000,
     * products take 25 steps.
     */
    @ParameterizedTest
    @CsvSource({"dfc-ssa, 1024000", "dfc-ss/steady-state, 1100800"})
    void systemsOfManyOutputsAreSolvedByProducts(String label, double expected) {
        WorkCount count = new WorkCount(Network.of(new Activation.Tanh(), 4, 50, 60), 2, 0);

        assertThat(workload(label).operations(count)).isEqualTo(expected);
    }

    /**
     * 3-5-2-4-100 with B = 2 and S = 10: w = 4, M - o w = 18, N - o = 11, so that a step has 2 B
     * (18 + 44) = 248; A = 433; forward and outer products have 1732 each. Driven rates take 4400,
     * the readouts 3200, the correlations 240 to a step, and weights 2 * 400 * 115 = 92000.
     */
    @ParameterizedTest
    @CsvSource({
        "dfc-ssa, 17512",
        "dfc-ss/steady-state, 21480",
        "feedback/euler, 98612",
        "feedback/auto, 98612"
    })
    void wideReadoutsAreCountedInTheirCoordinates(String label, double expected) {
        WorkCount count = new WorkCount(Network.of(new Activation.Tanh(), 3, 5, 2, 4, 100), 2, 10);

        assertThat(workload(label).operations(count)).isEqualTo(expected);
    }

    /** 3-100-100: M = 10000, A = 10300, N o = 20000, so 41200 + 10 (120000 + 80000). */
    @Test
    void aReadoutThatIsNoMoreThanItsLayerIsNotWide() {
        WorkCount count = new WorkCount(Network.of(new Activation.Tanh(), 3, 100, 100), 2, 10);

        assertThat(count.feedbackEuler()).isEqualTo(2_041_200);
    }

    /** As many outputs as on the autoencoder would otherwise be credited with 30 times the work. */
    @Test
    void noRowIsCreditedWithMoreThanItsCheaperRoad() {
        Network wide = Network.of(new Activation.Tanh(), 784, 256, 32, 256, 784);
        WorkCount count = new WorkCount(wide, 128, 0);

        assertThat(count.linearized()).isLessThan(count.linearizedByMatrices() / 30);
        assertThat(Workload.DFC_SSA.operationsAtWorst(count))
                .isEqualTo(count.linearizedByMatrices());
    }

    @Test
    void aFallbackIsForeseenAsTheSimulationThatItIs() {
        WorkCount count = new WorkCount(Network.of(new Activation.Tanh(), 3, 4, 2), 5, 7);

        assertThat(Workload.DFC_AUTO.operationsAtWorst(count))
                .isEqualTo(Workload.DFC_EULER.operations(count));
        assertThat(Workload.FEEDBACK_AUTO.operationsAtWorst(count))
                .isEqualTo(Workload.FEEDBACK_EULER.operations(count));
        assertThat(Workload.BP.operationsAtWorst(count)).isEqualTo(Workload.BP.operations(count));
    }

    /** With 784 outputs the loop in output space is larger than the network. */
    @Test
    void aSolverThatTakesTheCheapestIsCreditedWithIt() {
        WorkCount wide = new WorkCount(Network.of(new Activation.Tanh(), 784, 32, 784), 1, 100);
        WorkCount narrow = new WorkCount(Network.of(new Activation.Tanh(), 784, 99, 9), 1, 100);

        assertThat(Workload.DFC_AUTO.operations(wide)).isEqualTo(wide.continuousEuler());
        assertThat(Workload.FEEDBACK_AUTO.operations(wide)).isEqualTo(wide.feedbackEuler());
        assertThat(Workload.DFC_AUTO.operations(narrow)).isEqualTo(narrow.continuousAuto());
        assertThat(Workload.FEEDBACK_AUTO.operations(narrow)).isEqualTo(narrow.feedbackAuto());
    }

    private static Workload workload(String label) {
        for (Workload w : Workload.values()) {
            if (w.label().equals(label)) {
                return w;
            }
        }
        throw new AssertionError(label);
    }
}
