package io.dfc.cpu.simd;

import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** In how many places a program reads and writes its buffers. */
final class BufferUse {
    private final Map<String, Integer> reads = new HashMap<>();
    private final Map<String, Integer> writes = new HashMap<>();

    BufferUse(LayerProgram program) {
        Operation.all(program.operations())
                .forEach(
                        operation -> {
                            read(operation).forEach(b -> reads.merge(b.name(), 1, Integer::sum));
                            written(operation)
                                    .ifPresent(b -> writes.merge(b.name(), 1, Integer::sum));
                        });
    }

    /** Whether it is written in one place alone, or in none as the feedforward pass. */
    boolean isFixed(Buffer buffer) {
        return writes.getOrDefault(buffer.name(), 0) <= 1;
    }

    /** Whether what one place writes is read in one other place alone. */
    boolean isPassedOn(Buffer buffer) {
        return isFixed(buffer) && reads.getOrDefault(buffer.name(), 0) == 1;
    }

    boolean isRead(String name) {
        return reads.containsKey(name);
    }

    /** The buffer that an operation writes, apart from the body of a repetition. */
    static Optional<Buffer> written(Operation operation) {
        return switch (operation) {
            case Operation.Product o -> Optional.of(o.out());
            case Operation.AddBias o -> Optional.of(o.out());
            case Operation.Activate o -> Optional.of(o.out());
            case Operation.Fill o -> Optional.of(o.out());
            case Operation.Combine o -> Optional.of(o.out());
            case Operation.Hadamard o -> Optional.of(o.out());
            case Operation.Select o -> Optional.of(o.out());
            case Operation.LossGradient o -> Optional.of(o.out());
            case Operation.SampleLoss o -> Optional.of(o.out());
            case Operation.Noise o -> Optional.of(o.out());
            case Operation.Solve o -> Optional.of(o.out());
            case Operation.SolveGram o -> Optional.of(o.out());
            case Operation.Descend o -> Optional.of(o.state());
            case Operation.OuterInto _,
                    Operation.SumInto _,
                    Operation.NoiseInto _,
                    Operation.OrthogonalityInto _,
                    Operation.Report _,
                    Operation.Repeat _ ->
                    Optional.empty();
        };
    }

    /** The buffers that an operation reads, once for each time that it names them. */
    static Stream<Buffer> read(Operation operation) {
        return switch (operation) {
            case Operation.Product o -> Stream.of(o.in());
            case Operation.AddBias o -> Stream.of(o.in());
            case Operation.Activate o -> Stream.of(o.in());
            case Operation.Combine o -> o.b() == 0 ? Stream.of(o.x()) : Stream.of(o.x(), o.y());
            case Operation.Hadamard o -> Stream.of(o.x(), o.y());
            case Operation.Select o -> Stream.of(o.first(), o.rest());
            case Operation.LossGradient o -> Stream.of(o.outputs());
            case Operation.SampleLoss o -> Stream.of(o.outputs());
            case Operation.Solve o -> Stream.of(o.in());
            case Operation.SolveGram o -> Stream.of(o.in());
            case Operation.Descend o -> Stream.of(o.state(), o.gradient());
            case Operation.OuterInto o -> Stream.of(o.post(), o.pre());
            case Operation.SumInto o -> Stream.of(o.post());
            case Operation.NoiseInto o -> Stream.of(o.scale());
            case Operation.Report o -> Stream.of(o.in());
            case Operation.Repeat o ->
                    o.until().map(Operation.Until::states).orElse(List.of()).stream();
            case Operation.Fill _, Operation.Noise _, Operation.OrthogonalityInto _ ->
                    Stream.empty();
        };
    }
}
