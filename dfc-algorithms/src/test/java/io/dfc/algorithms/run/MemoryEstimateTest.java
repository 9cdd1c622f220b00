package io.dfc.algorithms.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.config.TeacherSection;
import io.dfc.algorithms.method.LearningMethod;
import io.dfc.algorithms.method.LearningMethods;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.Precision;

import org.junit.jupiter.api.Test;

import java.math.BigInteger;

class MemoryEstimateTest {
    private static final long GIB = 1L << 30;

    private static Plan plan(String method, int batch, int... sizes) {
        var context =
                new MethodContext(
                        Network.of(new Activation.Tanh(), sizes),
                        Loss.CROSS_ENTROPY,
                        batch,
                        Precision.FULL,
                        Initialization.XAVIER_NORMAL,
                        1);
        return LearningMethods.installed().all().stream()
                .filter(m -> m.name().equals(method))
                .map(m -> plan(m, context))
                .findFirst()
                .orElseThrow();
    }

    private static <S extends Record> Plan plan(LearningMethod<S> method, MethodContext context) {
        return method.plan(method.defaults(), context).plan();
    }

    @Test
    void backpropagationWithAdamHoldsEveryWeightAtLeastFortyEightBytesLong() {
        Plan plan = plan("bp", 128, 784, 3000, 3000, 10);
        BigInteger bytes = MemoryEstimate.of(plan).parameters();
        assertThat(bytes.longValueExact()).isEqualTo(48 * plan.network().forwardParameters());
    }

    @Test
    void feedbackWeightsThatStayAsTheyAreTakeTwentyFourBytesMoreEach() {
        Plan plan = plan("dfc-fixed", 128, 784, 3000, 3000, 10);
        BigInteger bytes = MemoryEstimate.of(plan).parameters();
        long feedback = 6010L * 10;
        assertThat(bytes.longValueExact())
                .isEqualTo(48 * plan.network().forwardParameters() + (8 + 8 + 2 * 4) * feedback);
    }

    @Test
    void whatFitsIsTakenAndWhatDoesNotIsRefusedWithBothNumbers() {
        Plan dfc = plan("dfc", 128, 784, 3000, 3000, 10);
        assertThatCode(() -> MemoryEstimate.requireFit(dfc, GIB)).doesNotThrowAnyException();
        assertThatThrownBy(() -> MemoryEstimate.requireFit(dfc, GIB / 4))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("network.hidden: training 784-3000(tanh)-3000(tanh)")
                .hasMessageContaining(" MiB of memory, and the Java heap may have 256 MiB");
    }

    @Test
    void aMinibatchThatDoesNotFitIsTheOneToBlame() {
        Plan wide = plan("dfc", 1_000_000, 784, 64, 10);
        assertThatThrownBy(() -> MemoryEstimate.requireFit(wide, GIB))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("batch: with minibatches of 1000000 samples");
    }

    @Test
    void anArrayLongerThanThereCanBeIsRefusedWhateverTheHeap() {
        Plan bp = plan("bp", 128, 10, 50_000, 50_000, 2);
        assertThatThrownBy(() -> MemoryEstimate.requireFit(bp, Long.MAX_VALUE))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("layer 2 has 50000 x 50000 = 2500000000 weights");
        Plan dfc = plan("dfc", 128, 10, 8, 50_000);
        assertThatThrownBy(() -> MemoryEstimate.requireFit(dfc, Long.MAX_VALUE))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("layer 2 has 50000 x 50000");
    }

    @Test
    void aCheckpointThatCouldNotBeReadBackIsRefused() {
        Plan bp = plan("bp", 128, 784, 16_000, 16_000, 10);
        assertThatThrownBy(() -> MemoryEstimate.requireFit(bp, Long.MAX_VALUE))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("a checkpoint of")
                .hasMessageContaining("2.0 GiB at most");
    }

    @Test
    void aTeacherThatDoesNotFitIsRefused() {
        TeacherSection huge = new TeacherSection(10_000, 10_000, 10_000, 20);
        assertThatThrownBy(() -> MemoryEstimate.requireFit(huge, GIB))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("teacher.width: a teacher of 20 layers of 10000 neurons")
                .hasMessageContaining("15.6 GiB");
        assertThatCode(() -> MemoryEstimate.requireFit(new TeacherSection(15, 5, 1000, 4), GIB))
                .doesNotThrowAnyException();
    }
}
