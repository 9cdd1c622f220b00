package io.dfc.cpu.simd.backend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A JVM on the class path does not load the incubating module by itself. */
class WithoutVectorApiTest {
    /** Prints what the provider says of its JVM. */
    static final class ProbeMain {
        private ProbeMain() {}

        public static void main(String[] arguments) {
            System.out.println(new SimdBackendProvider().probe());
        }
    }

    @Test
    void theProviderSaysWhatIsMissingAndWhatToDo() throws Exception {
        assertThat(probe(List.of()))
                .contains("Unavailable")
                .contains("jdk.incubator.vector is not loaded")
                .contains("--add-modules jdk.incubator.vector")
                .doesNotContain("Exception");
    }

    @Test
    void withTheModuleItNamesTheVectors() throws Exception {
        assertThat(probe(List.of("--add-modules", "jdk.incubator.vector")))
                .contains("Available")
                .contains("-bit vectors in float32");
    }

    @Test
    void withoutFusedMultiplyAddItSaysThatPlainLoopsAreFaster() throws Exception {
        assertThat(probe(List.of("--add-modules", "jdk.incubator.vector", "-XX:-UseFMA")))
                .contains("Unavailable")
                .contains("no fused multiply-add")
                .contains("-XX:-UseFMA");
    }

    private static String probe(List<String> options) throws Exception {
        String classes =
                String.join(
                        System.getProperty("path.separator"),
                        Path.of("target", "classes").toString(),
                        Path.of("target", "test-classes").toString(),
                        Path.of("..", "dfc-api", "target", "classes").toString());
        List<String> command = new java.util.ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classes, ProbeMain.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly();
        }
    }
}
