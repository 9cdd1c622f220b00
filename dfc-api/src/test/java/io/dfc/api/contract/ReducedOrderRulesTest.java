package io.dfc.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.spi.BackendProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The same as {@link BrokenBackendsTest} for backends that run loops in output space. */
@Execution(ExecutionMode.CONCURRENT)
class ReducedOrderRulesTest {
    static class Sound extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new ReducedOrderBackend();
        }
    }

    @Test
    void aSoundReducedOrderLoopIsGreen() {
        RedRules.Verdict verdict = RedRules.verdict(Sound.class);
        assertThat(verdict.red()).isEmpty();
        assertThat(verdict.kept()).contains("2_15", "2_17");
    }

    /** Errs by a part of the error that it states, so that only the kit's own loop can tell. */
    static class CarelessUpdates extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new ReducedOrderBackend() {
                @Override
                double[][] given(double[][] gradient, double estimate) {
                    return scaled(gradient, 1 + estimate / 4);
                }
            };
        }
    }

    @Test
    void anAutoThatErrsWithinWhatItStatesIsSeenByTheKitsOwnLoop() {
        assertThat(RedRules.of(CarelessUpdates.class)).containsExactly("2_17");
    }

    static class CarelessFeedback extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new ReducedOrderBackend() {
                @Override
                double[][] given(double[][] gradient, double estimate) {
                    return estimate == 0 ? scaled(gradient, 1 + 1e-5) : gradient;
                }
            };
        }
    }

    @Test
    void aSmallErrorOfFeedbackLearningInOutputSpaceIsSeen() {
        assertThat(RedRules.of(CarelessFeedback.class)).containsExactly("2_17");
    }
}
