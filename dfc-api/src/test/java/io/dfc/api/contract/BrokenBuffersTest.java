package io.dfc.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.error.BadDataException;
import io.dfc.api.error.MisuseException;
import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.SampleBuffer;
import io.dfc.api.tensor.Rows;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The same as {@link BrokenBackendsTest} for samples that are written where an engine reads. */
@Execution(ExecutionMode.CONCURRENT)
class BrokenBuffersTest {
    /** A pass of a buffer; faults override it. */
    private abstract static class BufferFault extends BrokenBackend {
        @Override
        Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
            return method.getName().equals("forward") && arguments[0] instanceof SampleBuffer buffer
                    ? forward(engine, buffer)
                    : call(engine, method, arguments);
        }

        abstract Object forward(Engine engine, SampleBuffer buffer);
    }

    /** Reads the first sample of the pass before it where a plan trains. */
    static class ReadsTheLastSamples extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BufferFault() {
                private final Map<Engine, double[]> last = new ConcurrentHashMap<>();

                @Override
                Object forward(Engine engine, SampleBuffer buffer) {
                    if (engine.plan().steps().isEmpty()) {
                        return engine.forward(buffer);
                    }
                    double[] values = ((Rows.F64) buffer.inputs()).values();
                    double[] before = last.put(engine, values.clone());
                    if (before != null) {
                        System.arraycopy(before, 0, values, 0, buffer.inputs().length());
                    }
                    return engine.forward(buffer);
                }
            };
        }
    }

    @Test
    void samplesOfThePassBeforeAreSeen() {
        assertThat(RedRules.of(ReadsTheLastSamples.class)).containsExactly("5_15");
    }

    static class TakesAnyBuffer extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BufferFault() {
                @Override
                Object forward(Engine engine, SampleBuffer buffer) {
                    try {
                        return engine.forward(buffer);
                    } catch (MisuseException e) {
                        return engine.forward(buffer.copy());
                    }
                }
            };
        }
    }

    @Test
    void anEngineThatReadsTheBufferOfAnotherIsSeen() {
        assertThat(RedRules.of(TakesAnyBuffer.class)).containsExactly("5_16");
    }

    static class SwallowsNumbers extends BrokenContract {
        @Override
        protected BackendProvider provider() {
            return new BufferFault() {
                @Override
                Object forward(Engine engine, SampleBuffer buffer) {
                    try {
                        return engine.forward(buffer);
                    } catch (BadDataException e) {
                        Minibatch given = buffer.copy();
                        Tensor zeros = Tensor.zeros(given.inputs().type(), given.inputs().shape());
                        return engine.forward(new Minibatch(zeros, given.targets()));
                    }
                }
            };
        }
    }

    @Test
    void numbersInABufferThatAreNoneAreSeenWhereTheyAreTaken() {
        assertThat(RedRules.of(SwallowsNumbers.class)).containsExactly("5_17");
    }
}
