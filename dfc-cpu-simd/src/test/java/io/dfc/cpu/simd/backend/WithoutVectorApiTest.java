package io.dfc.cpu.simd.backend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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
        return ChildProcess.output(options, ProbeMain.class);
    }
}
