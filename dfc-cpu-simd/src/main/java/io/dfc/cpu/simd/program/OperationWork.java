package io.dfc.cpu.simd.program;

import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation;
import io.dfc.api.spi.support.OperationBuffers;

/** Work of operations, counted in multiply-adds for each sample of the minibatch. */
final class OperationWork {
    /** What a number costs that is no sum of products. */
    private static final double ELEMENT = 4;

    /** What a normal number costs. */
    private static final double NORMAL = 32;

    private OperationWork() {}

    /** Work of an operation; of a repetition that of a round. */
    static double perSample(Operation operation) {
        return switch (operation) {
            case Operation.Product(var out, var _, boolean _, var in) -> product(out, in);
            case Operation.OuterInto(var _, double _, boolean _, var post, var pre) ->
                    product(post, pre);
            case Operation.Noise(var out, int _, double _) -> NORMAL * out.width();
            // A system of equations for every sample.
            case Operation.SolveGram(var out, int _, double _, var in) ->
                    product(out, in) * Math.max(out.width(), in.width());
            case Operation.Repeat repeat ->
                    repeat.body().stream().mapToDouble(OperationWork::perSample).sum();
            default ->
                    ELEMENT
                            * OperationBuffers.written(operation)
                                    .or(() -> OperationBuffers.read(operation).findFirst())
                                    .map(Buffer::width)
                                    .orElse(0);
        };
    }

    private static double product(Buffer a, Buffer b) {
        return (double) a.width() * b.width();
    }
}
