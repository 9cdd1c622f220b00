package io.dfc.api.spi.support;

import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which buffers the operations of a program read and write, for whoever places or orders them. */
public final class OperationBuffers {
    private OperationBuffers() {}

    /**
     * The buffer that an operation writes; none for a repetition, whose body is looked at by
     * itself.
     *
     * @param operation the operation
     * @return the buffer, if it writes one
     */
    public static Optional<Buffer> written(Operation operation) {
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

    /**
     * The buffers that an operation reads; of a repetition those that decide its end.
     *
     * @param operation the operation
     * @return the buffers, once for each time that it names them
     */
    public static Stream<Buffer> read(Operation operation) {
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
