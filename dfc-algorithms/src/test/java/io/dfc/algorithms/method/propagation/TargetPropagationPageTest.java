package io.dfc.algorithms.method.propagation;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.method.lab.Lab;
import io.dfc.api.learn.Clipping;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.plan.ParameterGroup;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The page on programs shows target propagation as it prints itself. */
class TargetPropagationPageTest {
    @Test
    void showsBothPrograms() throws IOException {
        try (Lab lab = new Lab(Loss.CROSS_ENTROPY, 1, Lab.tanh(4, 5, 3, 2))) {
            ParameterGroup v = lab.group("V", new int[] {5, 3}, new int[] {3, 2});
            ParameterGroup c = lab.group("c", new int[] {5}, new int[] {3});
            TargetPropagation method =
                    new TargetPropagation(
                            lab.network,
                            lab.w,
                            lab.b,
                            v,
                            c,
                            new Activation.Tanh(),
                            new Clipping.None());
            assertThat(Files.readString(Path.of("../docs/programs.md")))
                    .contains(
                            "```text\n" + method.targets(0.1) + "```\n",
                            "```text\n" + method.reconstruction(0.1) + "```\n");
        }
    }
}
