package io.dfc.algorithms.method.perturb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.method.ForwardSection;
import io.dfc.algorithms.method.LearningMethod;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.method.RecordCopy;
import io.dfc.algorithms.train.StopRules;
import io.dfc.algorithms.train.Trainer;
import io.dfc.algorithms.train.TrainingResult;
import io.dfc.algorithms.train.TrainingSpec;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.plan.Precision;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/** Dopamine on exclusive or, beside plain weight perturbation. */
class DopamineTest {
    private static final DataSet XOR =
            DataSet.classification(
                    "xor", new double[] {-1, -1, -1, 1, 1, -1, 1, 1}, 2, new int[] {0, 1, 1, 0}, 2);

    private static <S extends Record> TrainingResult trained(
            LearningMethod<S> method, S settings, int epochs, long seed) {
        MethodContext context =
                new MethodContext(
                        Network.of(new Activation.Tanh(), 2, 8, 2),
                        Loss.CROSS_ENTROPY,
                        4,
                        Precision.FULL,
                        Initialization.XAVIER_NORMAL,
                        seed);
        TrainingSpec spec =
                new TrainingSpec(
                        method.plan(method.check(settings, 2), context),
                        epochs,
                        seed,
                        StopRules.divergenceOnly());
        try (Backend backend =
                Backends.discover()
                        .select("reference", BackendOptions.defaults(), List.of(spec.plan()))
                        .backend()) {
            return new Trainer(spec, DataSplits.withoutValidation(XOR, XOR), List.of())
                    .run(backend);
        }
    }

    private static DopamineSettings dopamine(double rate, double noise) {
        return new DopamineSettings(ForwardSection.descent(rate), noise, 0.95);
    }

    private static double loss(TrainingResult result) {
        return result.snapshot().progress().last().loss();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void learnsExclusiveOr(long seed) {
        TrainingResult result = trained(new Dopamine(), dopamine(0.02, 0.01), 2000, seed);

        assertThat(result.snapshot().progress().last().error()).isZero();
        assertThat(loss(result)).isLessThan(0.05);
    }

    /** The rate of plain perturbation has to fit the slope of the loss, which falls away. */
    @Test
    void needsNoRateThatFitsTheScaleOfTheLoss() {
        PerturbationSettings slow = new PerturbationSettings(ForwardSection.descent(0.02), 0.01);

        double plain = loss(trained(new WeightPerturbation(), slow, 2000, 1));
        double adapted = loss(trained(new Dopamine(), dopamine(0.02, 0.01), 2000, 1));

        assertThat(adapted).isLessThan(plain / 2);
    }

    /**
     * {@code d / sqrt(v)} of the first step is 1 or -1: weights move by the rate times the noise.
     */
    @Test
    void theFirstStepIsOfUnitSizeWhateverTheNoise() {
        double[] large = step(0.01);
        double[] small = step(0.001);

        for (int n = 0; n < large.length; n++) {
            assertThat(large[n]).isNotZero().isCloseTo(small[n], within(1e-9));
        }
    }

    /** What one step changes in the first weights, and what is remembered. */
    private static double[] step(double noise) {
        TrainingResult none = trained(new Dopamine(), dopamine(0.02, noise), 0, 1);
        TrainingResult one = trained(new Dopamine(), dopamine(0.02, noise), 1, 1);
        double[] before = none.snapshot().state().parameters().weights().getFirst().toDoubles();
        double[] after = one.snapshot().state().parameters().weights().getFirst().toDoubles();
        assertThat(one.snapshot().state().parameters().group("memory").getFirst().get(0))
                .isPositive();
        for (int n = 0; n < before.length; n++) {
            after[n] -= before[n];
        }
        return after;
    }

    @Test
    void refusesAnOptimiserThatWouldUndoItsRate() {
        DopamineSettings adam =
                RecordCopy.with(
                        new Dopamine().defaults(),
                        "forward",
                        RecordCopy.with(ForwardSection.descent(0.1), "optimizer", "adam"));

        assertThatThrownBy(() -> new Dopamine().check(adam, 2))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessage(
                        "forward.optimizer: method dopamine sets the rate itself, which adam would undo; use sgd, or"
                                + " method weight-perturbation");
    }
}
