package io.dfc.cpu.simd.program;

import io.dfc.api.network.Network;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation;
import io.dfc.api.plan.Operation.Coefficients;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.support.OperationBuffers;
import io.dfc.cpu.simd.learn.OuterProducts;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.BlockShape;
import io.dfc.cpu.simd.product.OuterKernel;
import io.dfc.cpu.simd.product.PackedMatrix;
import io.dfc.cpu.simd.runtime.Workers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Turns a program into stages. Operations on single samples are gathered, so that a share of the
 * minibatch goes through as many as possible without waiting for the others, and sums over the
 * samples are deferred until one of their buffers is about to be overwritten.
 */
final class ProgramCompiler {
    private final Plan plan;
    private final Network network;
    private final Model model;
    private final Batch batch;
    private final Workers workers;
    private final BufferUse use;
    private final ProgramBuffers buffers;
    private final ProgramNoise noise;
    private final ProgramGradients gradients;
    private final List<String> numberNames;
    private final double[] numbers;
    private final int rowsPerTask;
    private final ThreadLocal<OuterKernel> kernels;

    /** Gradients that an earlier sum has set, so that later sums add to them. */
    private final Set<float[]> formed = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Gradients that sums add to without setting them, so that a run clears them first. */
    private final List<float[]> cleared = new ArrayList<>();

    /** Operations of the current stage, none of which overwrites a buffer of a deferred sum. */
    private List<RowOperation> gathered = new ArrayList<>();

    private final List<Accumulation> sums = new ArrayList<>();

    /** Arrays that the deferred sums read and add to. */
    private final Set<Object> pending = Collections.newSetFromMap(new IdentityHashMap<>());

    private List<ProgramStage> stages = new ArrayList<>();
    private boolean repeating;

    ProgramCompiler(
            Plan plan,
            Model model,
            Batch batch,
            Workers workers,
            LayerProgram program,
            ProgramNoise noise,
            ProgramGradients gradients,
            double[] numbers) {
        this.plan = plan;
        network = plan.network();
        this.model = model;
        this.batch = batch;
        this.workers = workers;
        use = new BufferUse(program);
        buffers = new ProgramBuffers(network, batch, program, use);
        this.noise = noise;
        this.gradients = gradients;
        numberNames = program.numbers();
        this.numbers = numbers;
        int widest =
                Operation.all(program.operations())
                        .filter(Operation.OuterInto.class::isInstance)
                        .mapToInt(o -> ((Operation.OuterInto) o).post().width())
                        .max()
                        .orElse(1);
        rowsPerTask = OuterProducts.rowsPerTask(widest, workers.threads());
        BlockShape blocks = model.blocks.sums();
        int most = rowsPerTask;
        kernels = ThreadLocal.withInitial(() -> new OuterKernel(blocks, most));
        if (use.isRead("y")) {
            Buffer y = new Buffer("y", network.outputs());
            gathered.add(LossOperations.targets(batch, buffers.of(y)));
        }
    }

    /** The stages of the program; called once. */
    List<ProgramStage> compile(List<Operation> operations) {
        compileAll(operations);
        flush();
        return stages;
    }

    /** Gradients to be set to zero before a run. */
    List<float[]> cleared() {
        return cleared;
    }

    private void compileAll(List<Operation> operations) {
        for (int k = 0; k < operations.size(); k++) {
            if (operations.get(k) instanceof Operation.Product product) {
                k = product(product, operations, k);
            } else if (!buffers.isGiven(operations.get(k))) {
                compile(operations.get(k));
            }
        }
    }

    private void compile(Operation operation) {
        OperationBuffers.written(operation).ifPresent(this::formPendingSums);
        switch (operation) {
            case Operation.Product _ -> throw new AssertionError("compiled with what follows it");
            case Operation.AddBias(var out, var in, var bias) ->
                    gathered.add(ElementOperations.addRow(of(out), of(in), row(bias)));
            case Operation.Activate(var out, var form, var activation, var in) ->
                    gathered.add(
                            ElementOperations.activate(
                                    of(out),
                                    form,
                                    activation,
                                    of(in),
                                    BufferRows.zeros(batch.capacity, out.width())));
            case Operation.Fill(var out, double value) ->
                    gathered.add(ElementOperations.fill(of(out), (float) value));
            case Operation.Combine(var out, double a, var x, double b, var y) ->
                    gathered.add(
                            ElementOperations.combine(of(out), (float) a, of(x), (float) b, of(y)));
            case Operation.Hadamard(var out, var x, var y) ->
                    gathered.add(ElementOperations.multiply(of(out), of(x), of(y)));
            case Operation.Select(var out, int count, var first, var rest) ->
                    gathered.add(ElementOperations.select(of(out), count, of(first), of(rest)));
            case Operation.LossGradient(var out, var outputs) ->
                    gathered.add(LossOperations.gradient(batch, plan.loss(), of(out), of(outputs)));
            case Operation.SampleLoss(var out, var outputs) ->
                    gathered.add(
                            LossOperations.perSample(batch, plan.loss(), of(out), of(outputs)));
            case Operation.Noise(var out, int stream, double sigma) ->
                    gathered.add(noise.fill(batch, of(out), stream, sigma));
            case Operation.Descend d ->
                    gathered.add(
                            new DescentOperation(
                                    d, of(d.state()), of(d.gradient()), batch.capacity));
            case Operation.Repeat r -> repeat(r);
            case Operation.OuterInto o -> {
                float[] to = gradients.of(o.gradient());
                add(
                        new OuterSum(
                                batch,
                                o,
                                of(o.post()),
                                of(o.pre()),
                                to,
                                sets(to),
                                kernels,
                                rowsPerTask),
                        operation,
                        to);
            }
            case Operation.SumInto o -> {
                float[] to = gradients.of(o.gradient());
                add(
                        SingleTaskSums.rows(
                                batch, o.factor(), o.mean(), of(o.post()), to, sets(to)),
                        operation,
                        to);
            }
            case Operation.NoiseInto o -> {
                float[] to = gradients.of(o.noise());
                float[] xi = noise.numbers(o.noise());
                add(
                        SingleTaskSums.noise(batch, o.factor(), of(o.scale()), xi, to, sets(to)),
                        operation,
                        to);
            }
            case Operation.Report(String name, var in) ->
                    add(
                            SingleTaskSums.report(
                                    batch, of(in), numbers, numberNames.indexOf(name)),
                            operation,
                            name);
            case Operation.SolveGram s ->
                    gathered.add(new GramOperation(model, batch, s, of(s.out()), of(s.in())));
            case Operation.OrthogonalityInto _, Operation.Solve _ ->
                    throw new AssertionError("declined: " + operation);
        }
    }

    /**
     * A product with the bias that is added to it and the buffer that it is multiplied by, where no
     * other operation reads the intermediate buffers.
     *
     * @param at place of the product
     * @return place of the last operation that is done with it
     */
    private int product(Operation.Product product, List<Operation> operations, int at) {
        Buffer out = product.out();
        Coefficients bias = null;
        Buffer factor = null;
        int end = at;
        for (int k = at + 1; k < operations.size() && use.isPassedOn(out); k++) {
            Operation next = operations.get(k);
            if (buffers.isGiven(next)) {
                continue;
            }
            if (next instanceof Operation.AddBias(var sum, var in, var b)
                    && in.equals(out)
                    && bias == null
                    && !of(sum).sharesWith(of(product.in()))) {
                bias = b;
                out = sum;
                end = k;
                continue;
            }
            Optional<Buffer> other = otherFactor(next, out, product.in());
            if (other.isPresent()) {
                factor = other.get();
                out = OperationBuffers.written(next).orElseThrow();
                end = k;
            }
            break;
        }
        formPendingSums(out);
        gathered.add(
                new ProductOperation(
                        batch,
                        of(out),
                        matrix(product.matrix(), product.transposed()),
                        of(product.in()),
                        bias == null ? null : row(bias),
                        factor == null ? null : of(factor)));
        return end;
    }

    /**
     * The factor by which an operation multiplies a buffer, if the product may apply it at once.
     */
    private Optional<Buffer> otherFactor(Operation operation, Buffer buffer, Buffer source) {
        if (!(operation instanceof Operation.Hadamard(var out, var x, var y))
                || x.equals(buffer) == y.equals(buffer)) {
            return Optional.empty();
        }
        Buffer other = x.equals(buffer) ? y : x;
        return Optional.of(other)
                .filter(o -> !of(out).sharesWith(of(o)) && !of(out).sharesWith(of(source)));
    }

    private PackedMatrix matrix(Coefficients of, boolean transposed) {
        return switch (of) {
            case Operation.Held(var group, int layer) -> model.product(group, layer, transposed);
            case Operation.ParameterNoise xi -> noise.product(xi, transposed);
        };
    }

    private float[] row(Coefficients of) {
        return switch (of) {
            case Operation.Held(var group, int layer) -> model.row(group, layer);
            case Operation.ParameterNoise xi -> noise.row(xi);
        };
    }

    private void repeat(Operation.Repeat repeat) {
        boolean independent =
                repeat.until().isEmpty()
                        && repeat.body().stream()
                                .allMatch(o -> OperationBuffers.written(o).isPresent());
        if (independent) {
            repeat.body()
                    .forEach(o -> OperationBuffers.written(o).ifPresent(this::formPendingSums));
            List<RowOperation> before = gathered;
            gathered = new ArrayList<>();
            compileAll(repeat.body());
            before.add(RowStage.repeated(repeat.times(), gathered));
            gathered = before;
        } else {
            repeatInRounds(repeat);
        }
    }

    /** A repetition whose rounds end for all samples at the same time. */
    private void repeatInRounds(Operation.Repeat repeat) {
        flush();
        List<ProgramStage> before = stages;
        stages = new ArrayList<>();
        repeating = true;
        RoundChange change =
                repeat.until()
                        .map(
                                u ->
                                        new RoundChange(
                                                u.threshold(),
                                                batch,
                                                u.states().stream().map(this::of).toList()))
                        .orElse(null);
        if (change != null) {
            gathered.add(change::remember);
        }
        compileAll(repeat.body());
        if (change != null) {
            gathered.add(change::compare);
        }
        flush();
        repeating = false;
        before.add(new RepetitionStage(repeat.times(), change, stages));
        stages = before;
    }

    /** Whether the next sum sets a gradient instead of adding to it. */
    private boolean sets(float[] gradient) {
        boolean first = formed.add(gradient);
        if (first && repeating) {
            cleared.add(gradient);
        }
        return first && !repeating;
    }

    /** Defers a sum. */
    private void add(Accumulation sum, Operation operation, Object to) {
        if (pending.contains(to)) {
            flush();
        }
        sums.add(sum);
        pending.add(to);
        OperationBuffers.read(operation).forEach(b -> pending.add(of(b).data()));
    }

    /** Forms the pending sums first if they read a buffer that is about to be written. */
    private void formPendingSums(Buffer written) {
        if (pending.contains(of(written).data())) {
            flush();
        }
    }

    /** Ends the current stage. */
    private void flush() {
        if (!gathered.isEmpty()) {
            stages.add(new RowStage(batch, workers, gathered));
            gathered = new ArrayList<>();
        }
        if (!sums.isEmpty()) {
            stages.add(new AccumulationStage(workers, sums));
            sums.clear();
        }
        pending.clear();
    }

    private BufferRows of(Buffer buffer) {
        return buffers.of(buffer);
    }
}
