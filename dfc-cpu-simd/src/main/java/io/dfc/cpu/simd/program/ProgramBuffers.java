package io.dfc.cpu.simd.program;

import io.dfc.api.network.Network;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation;
import io.dfc.api.spi.support.OperationBuffers;
import io.dfc.cpu.simd.kernel.LayerActivity;
import io.dfc.cpu.simd.model.Batch;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Memory of the buffers of a program. Buffers that equal a result of the feedforward pass, such as
 * the slopes at its voltages, and copies of other buffers share the memory of the original.
 */
final class ProgramBuffers {
    private final Network network;
    private final Batch batch;
    private final BufferUse use;
    private final Map<String, BufferRows> rows = new HashMap<>();

    /** Buffers whose numbers need no operation. */
    private final Set<String> given = new HashSet<>();

    ProgramBuffers(Network network, Batch batch, LayerProgram program, BufferUse use) {
        this.network = network;
        this.batch = batch;
        this.use = use;
        rows.put("r_0", new BufferRows(batch.x, batch.stride0, network.inputs()));
        for (int i = 0; i < network.depth(); i++) {
            LayerActivity layer = batch.layers[i];
            rows.put("v_" + (i + 1), new BufferRows(layer.v, layer.stride, layer.size));
            rows.put("r_" + (i + 1), new BufferRows(layer.r, layer.stride, layer.size));
        }
        Operation.all(program.operations()).forEach(this::take);
    }

    private void take(Operation operation) {
        switch (operation) {
            case Operation.Activate a when use.isFixed(a.out()) -> takeFromPass(a);
            case Operation.Combine c
                    when c.a() == 1 && c.b() == 0 && use.isFixed(c.out()) && use.isFixed(c.x()) -> {
                rows.put(c.out().name(), of(c.x()));
                given.add(c.out().name());
            }
            default -> {}
        }
    }

    @SuppressWarnings("ReferenceEquality") // asks whether it is the very array of the pass
    private void takeFromPass(Operation.Activate operation) {
        for (int i = 0; i < network.depth(); i++) {
            LayerActivity layer = batch.layers[i];
            if (of(operation.in()).data() == layer.v
                    && operation.activation().equals(network.activation(i))
                    && operation.form() != Operation.Activate.Form.INVERSE) {
                boolean slope = operation.form() == Operation.Activate.Form.SLOPE;
                rows.put(
                        operation.out().name(),
                        new BufferRows(slope ? layer.slope : layer.r, layer.stride, layer.size));
                given.add(operation.out().name());
            }
        }
    }

    /** Memory of a buffer. */
    BufferRows of(Buffer buffer) {
        return rows.computeIfAbsent(
                buffer.name(), _ -> BufferRows.zeros(batch.capacity, buffer.width()));
    }

    /** Whether an operation is superfluous, since its buffer shares the numbers of another. */
    boolean isGiven(Operation operation) {
        return OperationBuffers.written(operation)
                .filter(b -> given.contains(b.name()))
                .isPresent();
    }
}
