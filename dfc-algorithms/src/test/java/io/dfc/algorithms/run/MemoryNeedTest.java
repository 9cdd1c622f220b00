package io.dfc.algorithms.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.config.TeacherSection;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Network;

import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.util.List;

class MemoryNeedTest {
    private static final long GIB = 1L << 30;

    private static RunConfiguration configuration(String method, Setting... settings) {
        return RunConfigurations.forRun("csv:a.csv", method, List.of(settings));
    }

    private static Network network(int... sizes) {
        return Network.of(new Activation.Tanh(), sizes);
    }

    @Test
    void backpropagationWithAdamHoldsEveryWeightAtLeastFortyEightBytesLong() {
        Network network = network(784, 3000, 3000, 10);
        BigInteger bytes = MemoryNeed.of(configuration("bp"), network).parameters();
        assertThat(bytes.longValueExact()).isEqualTo(48 * network.forwardParameters());
    }

    @Test
    void feedbackWeightsThatStayAsTheyAreTakeTwentyFourBytesMoreEach() {
        Network network = network(784, 3000, 3000, 10);
        BigInteger bytes = MemoryNeed.of(configuration("dfc-fixed"), network).parameters();
        long feedback = 6010L * 10;
        assertThat(bytes.longValueExact())
                .isEqualTo(48 * network.forwardParameters() + (8 + 8 + 2 * 4) * feedback);
    }

    @Test
    void whatFitsIsTakenAndWhatDoesNotIsRefusedWithBothNumbers() {
        Network network = network(784, 3000, 3000, 10);
        RunConfiguration dfc = configuration("dfc");
        assertThatCode(() -> MemoryNeed.requireFit(dfc, network, GIB)).doesNotThrowAnyException();
        assertThatThrownBy(() -> MemoryNeed.requireFit(dfc, network, GIB / 4))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("network.hidden: training 784-3000(tanh)-3000(tanh)")
                .hasMessageContaining(" MiB of memory, and the Java heap may have 256 MiB");
    }

    @Test
    void aMinibatchThatDoesNotFitIsTheOneToBlame() {
        RunConfiguration wide = configuration("dfc", new Setting("batch", "1000000"));
        assertThatThrownBy(() -> MemoryNeed.requireFit(wide, network(784, 64, 10), GIB))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("batch: with minibatches of 1000000 samples");
    }

    @Test
    void anArrayLongerThanThereCanBeIsRefusedWhateverTheHeap() {
        RunConfiguration bp = configuration("bp");
        assertThatThrownBy(
                        () ->
                                MemoryNeed.requireFit(
                                        bp, network(10, 50_000, 50_000, 2), Long.MAX_VALUE))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("layer 2 has 50000 x 50000 = 2500000000 weights");
        RunConfiguration dfc = configuration("dfc");
        assertThatThrownBy(() -> MemoryNeed.requireFit(dfc, network(10, 8, 50_000), Long.MAX_VALUE))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("layer 2 has 50000 x 50000");
    }

    @Test
    void aCheckpointThatCouldNotBeReadBackIsRefused() {
        assertThatThrownBy(
                        () ->
                                MemoryNeed.requireFit(
                                        configuration("bp"),
                                        network(784, 16_000, 16_000, 10),
                                        Long.MAX_VALUE))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("a checkpoint of")
                .hasMessageContaining("2.0 GiB at most");
    }

    @Test
    void aTeacherThatDoesNotFitIsRefused() {
        TeacherSection huge = new TeacherSection(10_000, 10_000, 10_000, 20);
        assertThatThrownBy(() -> MemoryNeed.requireFit(huge, GIB))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("teacher.width: a teacher of 20 layers of 10000 neurons")
                .hasMessageContaining("15.6 GiB");
        assertThatCode(() -> MemoryNeed.requireFit(new TeacherSection(15, 5, 1000, 4), GIB))
                .doesNotThrowAnyException();
    }
}
