package io.dfc.algorithms.diagnostics.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.run.RunAssembler;
import io.dfc.algorithms.run.RunData;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Rows;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.stream.IntStream;

/** Every shipped configuration of images and of the toy task may begin; images are the digits'. */
@Tag("slow")
class ShippedStabilityTest {
    private static final int SAMPLES = 2;
    private static final DataSet DIGITS =
            RunData.load(
                            RunConfigurations.forRun(
                                    "glyphs", "dfc", List.of(Setting.parse("limit=10"))))
                    .train();

    static List<String> names() {
        // Those of the alignment figures repeat the settings of the others.
        return RunConfigurations.names().stream()
                .filter(n -> !n.contains("autoencoder") && !n.startsWith("alignment"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("names")
    void isNotRefused(String name) {
        RunConfiguration configuration = RunConfigurations.load(name, List.of());
        boolean toy = configuration.data().startsWith("student");
        DataSet data = toy ? RunData.load(configuration).train() : DIGITS;
        LearningPlan learning = new RunAssembler(configuration, data).learning();
        Tensor inputs = Tensor.zeros(ElementType.F64, SAMPLES, data.inputSize());
        data.copyInputs(IntStream.range(0, SAMPLES).toArray(), 0, SAMPLES, Rows.of(inputs));

        List<String> warnings =
                LoopStability.check(learning.plan(), learning.initial().get(), inputs, "refuse");

        assertThat(warnings).isEmpty();
    }
}
