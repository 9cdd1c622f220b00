package io.dfc.tornado.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Failures are told in one line without a driver's colours and tags. */
class FailureReasonsTest {
    @Test
    void theRootsFirstLineWithoutColoursAndTags() {
        Throwable root =
                new IllegalStateException(
                        "\u001b[31m[ERROR] \u001b[0m\n [TornadoVM-OCL-JNI] out of memory\nat x");
        assertThat(FailureReasons.reason(new RuntimeException("wrapped", root)))
                .isEqualTo("out of memory");
        assertThat(FailureReasons.reason(new IllegalStateException()))
                .isEqualTo("IllegalStateException");
    }
}
