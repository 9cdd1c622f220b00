package io.dfc.tornado.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;

/** Users see that kernels are compiled, at once and then now and again. */
class CompilationProgressTest {
    private final List<String> lines = new ArrayList<>();
    private long now;

    private final class Lines implements System.Logger {
        @Override
        public String getName() {
            return "test";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String text, Throwable thrown) {
            lines.add(level + " " + text);
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... values) {
            lines.add(level + " " + format);
        }
    }

    private void launch(CompilationProgress progress, Kernel kernel, long seconds) {
        progress.begin(kernel);
        now += Duration.ofSeconds(seconds).toNanos();
        progress.end(kernel);
    }

    @Test
    void theFirstCompilationIsSaidAtOnceAndLaterOnesNowAndAgain() {
        CompilationProgress progress =
                new CompilationProgress("some device", new Lines(), () -> now);
        progress.begin(Kernel.COPY_IN);
        assertThat(lines)
                .singleElement()
                .asString()
                .startsWith("INFO backend \"tornado\" compiles its kernels for some device");
        progress.end(Kernel.COPY_IN);

        launch(progress, Kernel.FORWARD, 3);
        launch(progress, Kernel.LOSS, 1);
        assertThat(lines).hasSize(1);
        launch(progress, Kernel.BACKWARD, 2);
        assertThat(lines).hasSize(1);
        launch(progress, Kernel.SIMULATE_16, 1);
        assertThat(lines)
                .hasSize(2)
                .last()
                .asString()
                .isEqualTo(
                        "INFO backend \"tornado\" has compiled 4 kernels in 6.0 s, next:"
                                + " simulate_16");
    }

    @Test
    void whatIsCompiledIsSilent() {
        CompilationProgress progress =
                new CompilationProgress("some device", new Lines(), () -> now);
        launch(progress, Kernel.FORWARD, 1);
        for (int n = 0; n < 20; n++) {
            launch(progress, Kernel.FORWARD, 1);
        }
        assertThat(lines).hasSize(1);
    }
}
