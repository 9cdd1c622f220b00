package io.dfc.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BenchCompilerWatchTest {
    private static final double TIMEOUT_SECONDS = 60;

    @Test
    void aTaskInAnyQueueCounts() {
        String idle =
                """
                Current compiles:\s

                C1 compile queue:
                Empty

                C2 compile queue:
                Empty

                """;

        assertThat(CompilerWatch.namesTask(idle)).isFalse();
        assertThat(
                        CompilerWatch.namesTask(
                                idle.replace(
                                        "compiles: ",
                                        "compiles: \nC2 CompilerThread0  718 9  4  a.B::c (1 bytes)")))
                .isTrue();
        assertThat(CompilerWatch.namesTask(idle.replace("C2 compile queue:\nEmpty", "9 4 a.B::c")))
                .isTrue();
    }

    @Test
    void waitingEndsWithTheTasks() {
        CompilerWatch watch = new CompilerWatch();
        watch.await(TIMEOUT_SECONDS);

        assertThat(watch.await(0)).isFalse();
    }
}
