package io.dfc.tornado.memory;

import io.dfc.api.learn.Optimizer;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation;
import io.dfc.api.plan.Operation.ParameterNoise;
import io.dfc.api.spi.support.OperationBuffers;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Addresses of a program's buffers, moments, noise and numbers in device memory. */
public final class ProgramMemory {
    private final long padded;
    private final long first;
    private final Map<String, Long> buffers = new HashMap<>();
    private final Map<Descent, Long> moments = new HashMap<>();
    private final Map<Descent, Long> corrections = new HashMap<>();
    private final Map<ParameterNoise, Long> noises = new LinkedHashMap<>();
    private final List<String> numbers;
    private final long firstNumber;
    private long next;

    /**
     * A descent of a buffer, whose state begins anew with every repetition.
     *
     * @param within the repetition
     * @param number its number among the descents there
     */
    public record Descent(Operation.Repeat within, int number) {
        /** The operation that descends. */
        public Operation.Descend operation() {
            return descents(within).get(number);
        }

        private static List<Operation.Descend> descents(Operation.Repeat within) {
            return within.body().stream()
                    .filter(Operation.Descend.class::isInstance)
                    .map(Operation.Descend.class::cast)
                    .toList();
        }
    }

    /**
     * The memory of a program.
     *
     * @param padded samples that buffers have room for
     * @param first where it begins
     */
    ProgramMemory(LayerProgram program, long padded, long first) {
        this.padded = padded;
        this.first = first;
        next = first;
        numbers = program.numbers();
        firstNumber = next;
        next += numbers.size();
        place(program.operations());
    }

    private void place(List<Operation> operations) {
        for (Operation operation : operations) {
            OperationBuffers.written(operation).ifPresent(b -> placeBuffer(b.name(), b.width()));
            switch (operation) {
                case Operation.Product p -> placeNoise(p.matrix());
                case Operation.AddBias a -> placeNoise(a.bias());
                case Operation.NoiseInto n -> placeNoise(n.noise());
                case Operation.Repeat r -> {
                    place(r.body());
                    placeDescents(r);
                    r.until().ifPresent(this::placeBefore);
                }
                default -> {}
            }
        }
    }

    /**
     * Name of the buffer that holds the value of another before a round; no program has such names.
     */
    public static String before(Buffer buffer) {
        return "before " + buffer;
    }

    /** Name of the buffer of changes; no program has such names. */
    public static String change() {
        return "change of states";
    }

    private void placeBefore(Operation.Until until) {
        until.states().forEach(b -> placeBuffer(before(b), b.width()));
        placeBuffer(change(), 2);
    }

    private void placeBuffer(String name, int width) {
        if (buffers.putIfAbsent(name, next) == null) {
            next += padded * width;
        }
    }

    private void placeNoise(Operation.Coefficients of) {
        if (of instanceof ParameterNoise noise && noises.putIfAbsent(noise, next) == null) {
            next += TensorTable.elements(noise.shape());
        }
    }

    private void placeDescents(Operation.Repeat within) {
        for (int n = 0; n < Descent.descents(within).size(); n++) {
            Descent descent = new Descent(within, n);
            if (moments.putIfAbsent(descent, next) == null) {
                next += 2L * padded * descent.operation().state().width();
                if (descent.operation().optimizer() instanceof Optimizer.Adam) {
                    corrections.put(descent, next);
                    next += 2L * within.times();
                }
            }
        }
    }

    /** All descents by Adam. */
    public Iterable<Descent> corrected() {
        return corrections.keySet();
    }

    /** Number of floats. */
    long length() {
        return next - first;
    }

    /** Where a buffer that the program writes begins. */
    public int buffer(String name) {
        return Math.toIntExact(buffers.get(name));
    }

    /** Where the first moments of a descent begin; the second ones follow. */
    public int moments(Descent descent) {
        return Math.toIntExact(moments.get(descent));
    }

    /** Where the corrections of a descent by Adam begin, two to a step; 0 for other optimisers. */
    public int corrections(Descent descent) {
        return Math.toIntExact(corrections.getOrDefault(descent, 0L));
    }

    /** Where noise in the shape of parameters begins. */
    public int noise(ParameterNoise noise) {
        return Math.toIntExact(noises.get(noise));
    }

    /** All noise in the shape of parameters. */
    public Iterable<ParameterNoise> noises() {
        return noises.keySet();
    }

    /** Where a number that the program reports lies. */
    public int number(String name) {
        return Math.toIntExact(firstNumber) + numbers.indexOf(name);
    }
}
