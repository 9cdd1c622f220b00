package io.dfc.cpu.simd.program;

import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation;
import io.dfc.api.spi.support.OperationBuffers;

import java.util.HashMap;
import java.util.Map;

/** How many operations of a program read and write each buffer. */
final class BufferUse {
    private final Map<String, Integer> reads = new HashMap<>();
    private final Map<String, Integer> writes = new HashMap<>();

    BufferUse(LayerProgram program) {
        Operation.all(program.operations())
                .forEach(
                        operation -> {
                            OperationBuffers.read(operation)
                                    .forEach(b -> reads.merge(b.name(), 1, Integer::sum));
                            OperationBuffers.written(operation)
                                    .ifPresent(b -> writes.merge(b.name(), 1, Integer::sum));
                        });
    }

    /**
     * Whether at most one operation writes the buffer; none writes results of the feedforward pass.
     */
    boolean isFixed(Buffer buffer) {
        return writes.getOrDefault(buffer.name(), 0) <= 1;
    }

    /** Whether one operation writes the buffer and one other reads it. */
    boolean isPassedOn(Buffer buffer) {
        return isFixed(buffer) && reads.getOrDefault(buffer.name(), 0) == 1;
    }

    boolean isRead(String name) {
        return reads.containsKey(name);
    }
}
