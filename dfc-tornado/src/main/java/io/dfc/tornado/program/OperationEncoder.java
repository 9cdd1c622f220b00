package io.dfc.tornado.program;

import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Network;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation;
import io.dfc.api.plan.Operation.Coefficients;
import io.dfc.api.plan.Operation.ParameterNoise;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.tornado.kernel.ActivationCode;
import io.dfc.tornado.kernel.OperationLayout;
import io.dfc.tornado.kernel.TableCodes;
import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.memory.MemoryLayout;
import io.dfc.tornado.memory.ProgramMemory;
import io.dfc.tornado.memory.TensorTable;
import io.dfc.tornado.program.ProgramStage.OperationRecord;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Encodes operations of a program as records that kernels read, see {@link OperationLayout}. */
final class OperationEncoder {
    private static final int REALS = 4;

    private final MemoryLayout layout;
    private final Network network;
    private final ProgramHandle handle;
    private final ProgramMemory memory;

    /** Buffers of the feedforward pass. */
    private final Map<String, Integer> feedforward = new HashMap<>();

    /** The repetition that is encoded, or null, and the number of its descents so far. */
    private Operation.Repeat within;

    private int descents;

    OperationEncoder(MemoryLayout layout, ProgramHandle handle) {
        this.layout = layout;
        this.handle = handle;
        network = layout.network;
        memory = layout.memory(handle);
        feedforward.put("r_0", layout.at(TableLayout.INPUT));
        feedforward.put("y", layout.at(TableLayout.TARGET));
        for (int i = 0; i < layout.depth; i++) {
            feedforward.put("v_" + (i + 1), layout.at(TableLayout.VOLTAGE) + layout.layerOffset(i));
            feedforward.put("r_" + (i + 1), layout.at(TableLayout.RATE) + layout.layerOffset(i));
        }
    }

    /** Begins a repetition. */
    void enterRepetition(Operation.Repeat repeat) {
        within = repeat;
        descents = 0;
    }

    /** Ends the repetition. */
    void leaveRepetition() {
        within = null;
    }

    private int address(Buffer buffer) {
        Integer known = feedforward.get(buffer.name());
        return known == null ? memory.buffer(buffer.name()) : known;
    }

    private static OperationRecord record(
            int kind, int out, int x, int y, int width, double... reals) {
        int[] integers = new int[OperationLayout.RECORD];
        integers[OperationLayout.KIND] = kind;
        integers[OperationLayout.OUT] = out;
        integers[OperationLayout.X] = x;
        integers[OperationLayout.Y] = y;
        integers[OperationLayout.WIDTH] = width;
        integers[OperationLayout.IN_WIDTH] = width;
        return new OperationRecord(integers, java.util.Arrays.copyOf(reals, REALS), false, width);
    }

    private static OperationRecord with(OperationRecord record, int position, int value) {
        record.integers()[position] = value;
        return record;
    }

    /** A record of an operation on each sample by itself. */
    OperationRecord of(Operation operation) {
        return switch (operation) {
            case Operation.Product p -> product(p);
            case Operation.AddBias a ->
                    elementwise(
                            OperationLayout.ADD_BIAS, a.out(), address(a.in()), matrix(a.bias()));
            case Operation.Activate a ->
                    with(
                            elementwise(
                                    switch (a.form()) {
                                        case RATE -> OperationLayout.ACTIVATION_RATE;
                                        case SLOPE -> OperationLayout.ACTIVATION_SLOPE;
                                        case INVERSE -> OperationLayout.ACTIVATION_INVERSE;
                                    },
                                    a.out(),
                                    address(a.in()),
                                    address(a.in()),
                                    ActivationCode.slope(a.activation())),
                            OperationLayout.SELECTOR,
                            ActivationCode.of(a.activation()));
            case Operation.Fill f ->
                    elementwise(
                            OperationLayout.FILL,
                            f.out(),
                            address(f.out()),
                            address(f.out()),
                            f.value());
            case Operation.Combine c ->
                    elementwise(
                            OperationLayout.COMBINE,
                            c.out(),
                            address(c.x()),
                            address(c.y()),
                            c.a(),
                            c.b());
            case Operation.Hadamard h ->
                    elementwise(OperationLayout.HADAMARD, h.out(), address(h.x()), address(h.y()));
            case Operation.Select s ->
                    with(
                            with(
                                    elementwise(
                                            OperationLayout.SELECT,
                                            s.out(),
                                            address(s.first()),
                                            address(s.rest())),
                                    OperationLayout.IN_WIDTH,
                                    s.first().width()),
                            OperationLayout.SELECTOR,
                            s.count());
            case Operation.LossGradient g -> lossGradient(g);
            case Operation.SampleLoss l ->
                    elementwise(
                            OperationLayout.SAMPLE_LOSS,
                            l.out(),
                            address(l.outputs()),
                            address(l.out()));
            case Operation.Noise n ->
                    with(
                            elementwise(
                                    OperationLayout.DRAW_NOISE,
                                    n.out(),
                                    address(n.out()),
                                    address(n.out()),
                                    n.sigma()),
                            OperationLayout.SELECTOR,
                            n.stream());
            case Operation.Descend d -> descend(d);
            default -> throw new IllegalArgumentException(operation.toString());
        };
    }

    private OperationRecord elementwise(int kind, Buffer out, int x, int y, double... reals) {
        return record(kind, address(out), x, y, out.width(), reals);
    }

    private OperationRecord product(Operation.Product p) {
        OperationRecord record =
                elementwise(OperationLayout.PRODUCT, p.out(), address(p.in()), matrix(p.matrix()));
        int columns = p.matrix().shape()[1];
        int row = p.transposed() ? 1 : columns;
        int column = p.transposed() ? columns : 1;
        if (!p.transposed() && layout.isWeights(p.matrix())) {
            int layer = p.matrix().layer();
            with(record, OperationLayout.Y, layout.at(layer, TableLayout.WEIGHTS_READ));
            row = layout.at(layer, TableLayout.WEIGHT_ROW);
            column = layout.at(layer, TableLayout.WEIGHT_STEP);
        }
        with(record, OperationLayout.IN_WIDTH, p.in().width());
        with(record, OperationLayout.ROW, row);
        return with(record, OperationLayout.COLUMN, column);
    }

    /** Where a matrix or vector lies. */
    private int matrix(Coefficients of) {
        return switch (of) {
            case Operation.Held held ->
                    layout.parameters + layout.tensors.start(held.group(), held.layer());
            case ParameterNoise noise -> memory.noise(noise);
        };
    }

    /**
     * The loss gradient of a buffer; that of the network's output is copied from the forward pass.
     */
    private OperationRecord lossGradient(Operation.LossGradient g) {
        if (g.outputs().name().equals("r_" + network.depth())) {
            int known = layout.at(TableLayout.LOSS_GRADIENT);
            return elementwise(OperationLayout.COMBINE, g.out(), known, known, 1, 0);
        }
        return elementwise(
                OperationLayout.GRADIENT_OF_LOSS, g.out(), address(g.outputs()), address(g.out()));
    }

    private OperationRecord descend(Operation.Descend d) {
        ProgramMemory.Descent descent = new ProgramMemory.Descent(within, descents);
        descents++;
        OperationRecord record =
                switch (d.optimizer()) {
                    case Optimizer.Sgd(double momentum) ->
                            with(
                                    elementwise(
                                            OperationLayout.DESCEND,
                                            d.state(),
                                            address(d.gradient()),
                                            0,
                                            d.rate(),
                                            momentum),
                                    OperationLayout.SELECTOR,
                                    momentum > 0 ? TableCodes.MOMENTUM : TableCodes.SGD);
                    case Optimizer.Adam adam ->
                            with(
                                    elementwise(
                                            OperationLayout.DESCEND,
                                            d.state(),
                                            address(d.gradient()),
                                            0,
                                            d.rate(),
                                            adam.beta1(),
                                            adam.beta2(),
                                            adam.epsilons().getFirst()),
                                    OperationLayout.SELECTOR,
                                    TableCodes.ADAM);
                };
        with(record, OperationLayout.OPTIMIZER_STATE, memory.moments(descent));
        with(record, OperationLayout.ROW, layout.padded * d.state().width());
        return with(record, OperationLayout.CORRECTIONS, memory.corrections(descent));
    }

    /** Copies the value of a buffer before a round. */
    OperationRecord copyState(Buffer state) {
        int from = address(state);
        int to = memory.buffer(ProgramMemory.before(state));
        return record(OperationLayout.COMBINE, to, from, from, state.width(), 1, 0);
    }

    /** Sums the squared change of a buffer over a round. */
    OperationRecord change(Buffer state, boolean adds) {
        return with(
                record(
                        OperationLayout.CHANGE,
                        memory.buffer(ProgramMemory.change()),
                        address(state),
                        memory.buffer(ProgramMemory.before(state)),
                        state.width()),
                OperationLayout.ADDS,
                adds ? 1 : 0);
    }

    /** A sum of products. */
    OperationRecord of(Operation.OuterInto o) {
        OperationRecord record =
                sum(
                        OperationLayout.OUTER,
                        gradient(o.gradient()),
                        o.post(),
                        o.mean(),
                        o.factor(),
                        o.post().width() * o.pre().width());
        with(record, OperationLayout.Y, address(o.pre()));
        return with(record, OperationLayout.IN_WIDTH, o.pre().width());
    }

    /** A sum of a buffer. */
    OperationRecord of(Operation.SumInto s) {
        return sum(
                OperationLayout.SUM,
                gradient(s.gradient()),
                s.post(),
                s.mean(),
                s.factor(),
                s.post().width());
    }

    /** A number that the program reports. */
    OperationRecord of(Operation.Report r) {
        return sum(OperationLayout.SUM, memory.number(r.name()), r.in(), true, 1, 1);
    }

    /** A sum of noise. */
    OperationRecord of(Operation.NoiseInto n) {
        int length = (int) TensorTable.elements(n.noise().shape());
        return record(
                OperationLayout.WEIGHTED_NOISE,
                gradient(n.noise()),
                memory.noise(n.noise()),
                address(n.scale()),
                length,
                n.factor());
    }

    private OperationRecord sum(
            int kind, int out, Buffer post, boolean mean, double factor, int elements) {
        OperationRecord record =
                record(kind, out, address(post), address(post), post.width(), factor);
        return new OperationRecord(record.integers(), record.reals(), mean, elements);
    }

    private int gradient(Coefficients of) {
        for (GradientHandle gradient : handle.gradients()) {
            int at = gradient.groups().indexOf(of.group());
            if (at >= 0) {
                int start = 0;
                for (int g = 0; g < at; g++) {
                    start += gradient.groups().get(g).tensors();
                }
                return layout.at(gradient)
                        + layout.tensors.table(gradient.groups()).start(start + of.layer());
            }
        }
        throw new IllegalArgumentException("no gradient of " + of.group());
    }

    /** Clears the destination of an operation that adds to it; none for others. */
    Optional<OperationRecord> target(Operation operation) {
        return switch (operation) {
            case Operation.OuterInto o -> Optional.of(clear(o.gradient()));
            case Operation.SumInto s -> Optional.of(clear(s.gradient()));
            case Operation.NoiseInto n -> Optional.of(clear(n.noise()));
            default -> Optional.empty();
        };
    }

    private OperationRecord clear(Coefficients of) {
        int length = (int) TensorTable.elements(of.shape());
        return record(OperationLayout.CLEAR, gradient(of), 0, 0, length);
    }

    /** Clears each tensor of a gradient. */
    List<OperationRecord> clear(GradientHandle gradient) {
        TensorTable tensors = layout.tensors.table(gradient.groups());
        List<OperationRecord> clears = new ArrayList<>();
        for (int t = 0; t < tensors.tensors(); t++) {
            clears.add(
                    record(
                            OperationLayout.CLEAR,
                            layout.at(gradient) + tensors.start(t),
                            0,
                            0,
                            tensors.start(t + 1) - tensors.start(t)));
        }
        return clears;
    }

    /** Draws all noise in the shape of parameters. */
    List<OperationRecord> noises() {
        List<OperationRecord> draws = new ArrayList<>();
        for (ParameterNoise noise : memory.noises()) {
            int length = (int) TensorTable.elements(noise.shape());
            draws.add(
                    with(
                            record(
                                    OperationLayout.DRAW_PARAMETER_NOISE,
                                    memory.noise(noise),
                                    0,
                                    0,
                                    length,
                                    noise.sigma()),
                            OperationLayout.SELECTOR,
                            noise.stream()));
        }
        return draws;
    }
}
