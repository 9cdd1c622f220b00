package io.dfc.algorithms;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.algorithms.method.LearningMethod;
import io.dfc.algorithms.method.LearningMethods;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.method.dfc.DfcMethods;
import io.dfc.algorithms.method.program.ForwardSettings;
import io.dfc.algorithms.train.LearningPlan;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Supplier;

/** In a package of its own, as methods of others are. */
class LearningMethodsTest {
    /** A method that says what it is told to say. */
    private record Said(
            Supplier<String> named, String summary, Class<ForwardSettings> settings, Object given)
            implements LearningMethod<ForwardSettings> {
        Said(String name) {
            this(() -> name, "says so", ForwardSettings.class, standard());
        }

        private static ForwardSettings standard() {
            return new ForwardSettings(ForwardSection.defaults());
        }

        @Override
        public String name() {
            return named.get();
        }

        @Override
        public ForwardSettings defaults() {
            return (ForwardSettings) given;
        }

        @Override
        public LearningPlan plan(ForwardSettings settings, MethodContext context) {
            throw new AssertionError("a method is found or left out without a plan of it");
        }
    }

    private static String problem(LearningMethod<?> method) {
        LearningMethods methods = LearningMethods.of(List.of(method));
        assertThat(methods.all()).isEmpty();
        assertThat(methods.problems()).hasSize(1);
        return methods.problems().getFirst();
    }

    @Test
    void theMethodsOfThisProjectAreFoundWithoutAProblem() {
        LearningMethods installed = LearningMethods.installed();

        assertThat(installed.names())
                .contains("bp", "dfc", "dfc-ss", "dfc-ssa")
                .contains("dfc-fixed", "dfc-ss-fixed", "dfc-ssa-fixed");
        assertThat(installed.problems()).isEmpty();
        assertThat(installed.find("dfc")).containsInstanceOf(DfcMethods.Dfc.class);
        assertThat(installed.find("dfd")).isEmpty();
        assertThat(installed.all())
                .allSatisfy(m -> assertThat(m.summary()).isNotBlank().doesNotContain("\n"));
    }

    @Test
    void moduleAndClassPathNameTheSameMethods() throws IOException {
        String resource = "/META-INF/services/" + LearningMethod.class.getName();
        List<String> named;
        try (InputStream in = LearningMethod.class.getResourceAsStream(resource)) {
            named = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }

        assertThat(LearningMethods.installed().all())
                .extracting(m -> m.getClass().getName())
                .containsExactlyInAnyOrderElementsOf(named);
        assertThat(ServiceLoader.load(LearningMethod.class).stream().count())
                .isEqualTo(named.size());
    }

    @Test
    void aMethodThatCannotBeUsedIsLeftOutWithTheCause() {
        assertThat(problem(new Said("My Method")))
                .contains("calls itself \"My Method\"")
                .contains("such as dfc-ss");
        assertThat(problem(new Said((String) null))).contains("calls itself \"null\"");
        assertThat(
                        problem(
                                new Said(
                                        () -> {
                                            throw new IllegalStateException("no licence\nfound");
                                        },
                                        "",
                                        ForwardSettings.class,
                                        null)))
                .endsWith("does not tell what it is: java.lang.IllegalStateException: no licence");
        assertThat(problem(new Said(() -> "a", "b", ForwardSettings.class, null)))
                .contains("has defaults that are no")
                .contains("null");
        assertThat(problem(new Said(() -> "a", "b\nc", ForwardSettings.class, Said.standard())))
                .contains("no summary of one line");
    }

    @Test
    void aNameThatIsTakenStaysWithTheMethodOfThisProject() {
        LearningMethods methods =
                LearningMethods.of(List.of(new Said("dfc"), new DfcMethods.Dfc()));

        assertThat(methods.find("dfc")).containsInstanceOf(DfcMethods.Dfc.class);
        assertThat(methods.problems())
                .singleElement()
                .asString()
                .contains("calls itself \"dfc\", which is the name of")
                .contains("DfcMethods$Dfc");
    }
}
