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
import io.dfc.tornado.kernel.ProgramSlots;
import io.dfc.tornado.kernel.Slots;
import io.dfc.tornado.memory.Layout;
import io.dfc.tornado.memory.ProgramMemory;
import io.dfc.tornado.memory.TensorTable;
import io.dfc.tornado.program.ProgramStage.Code;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Records of a program's operations, see {@link ProgramSlots}. */
final class OperationCodes {
    private static final int OTHERS = 4;

    private final Layout layout;
    private final Network network;
    private final ProgramHandle handle;
    private final ProgramMemory memory;

    /** Buffers of the feedforward pass. */
    private final Map<String, Integer> given = new HashMap<>();

    /** The repetition in work, or null, and how many of its descents have been coded. */
    private Operation.Repeat within;

    private int descents;

    OperationCodes(Layout layout, ProgramHandle handle) {
        this.layout = layout;
        this.handle = handle;
        network = layout.network;
        memory = layout.memory(handle);
        given.put("r_0", layout.at(Slots.INPUT));
        given.put("y", layout.at(Slots.TARGET));
        for (int i = 0; i < layout.depth; i++) {
            given.put("v_" + (i + 1), layout.at(Slots.VOLTAGE) + layout.layerOffset(i));
            given.put("r_" + (i + 1), layout.at(Slots.RATE) + layout.layerOffset(i));
        }
    }

    /** From now on operations are those of a repetition. */
    void enter(Operation.Repeat repeat) {
        within = repeat;
        descents = 0;
    }

    /** The repetition ends. */
    void leave() {
        within = null;
    }

    private int place(Buffer buffer) {
        Integer known = given.get(buffer.name());
        return known == null ? memory.buffer(buffer.name()) : known;
    }

    private static Code code(int kind, int out, int x, int y, int width, double... others) {
        int[] whole = new int[ProgramSlots.RECORD];
        whole[ProgramSlots.KIND] = kind;
        whole[ProgramSlots.OUT] = out;
        whole[ProgramSlots.X] = x;
        whole[ProgramSlots.Y] = y;
        whole[ProgramSlots.WIDTH] = width;
        whole[ProgramSlots.IN_WIDTH] = width;
        return new Code(whole, java.util.Arrays.copyOf(others, OTHERS), false, width);
    }

    private static Code with(Code code, int slot, int value) {
        code.whole()[slot] = value;
        return code;
    }

    /** A code of an operation on each sample by itself. */
    Code of(Operation operation) {
        return switch (operation) {
            case Operation.Product p -> product(p);
            case Operation.AddBias a ->
                    each(ProgramSlots.ADD_BIAS, a.out(), place(a.in()), matrix(a.bias()));
            case Operation.Activate a ->
                    with(
                            each(
                                    switch (a.form()) {
                                        case RATE -> ProgramSlots.ACTIVATE;
                                        case SLOPE -> ProgramSlots.DIFFERENTIATE;
                                        case INVERSE -> ProgramSlots.INVERT;
                                    },
                                    a.out(),
                                    place(a.in()),
                                    place(a.in()),
                                    ActivationCode.slope(a.activation())),
                            ProgramSlots.CODE,
                            ActivationCode.of(a.activation()));
            case Operation.Fill f ->
                    each(ProgramSlots.FILL, f.out(), place(f.out()), place(f.out()), f.value());
            case Operation.Combine c ->
                    each(ProgramSlots.COMBINE, c.out(), place(c.x()), place(c.y()), c.a(), c.b());
            case Operation.Hadamard h ->
                    each(ProgramSlots.MULTIPLY, h.out(), place(h.x()), place(h.y()));
            case Operation.Select s ->
                    with(
                            with(
                                    each(
                                            ProgramSlots.CHOOSE,
                                            s.out(),
                                            place(s.first()),
                                            place(s.rest())),
                                    ProgramSlots.IN_WIDTH,
                                    s.first().width()),
                            ProgramSlots.CODE,
                            s.count());
            case Operation.LossGradient g -> lossGradient(g);
            case Operation.SampleLoss l ->
                    each(ProgramSlots.SAMPLE_LOSS, l.out(), place(l.outputs()), place(l.out()));
            case Operation.Noise n ->
                    with(
                            each(
                                    ProgramSlots.DRAW,
                                    n.out(),
                                    place(n.out()),
                                    place(n.out()),
                                    n.sigma()),
                            ProgramSlots.CODE,
                            n.stream());
            case Operation.Descend d -> descend(d);
            default -> throw new IllegalArgumentException(operation.toString());
        };
    }

    private Code each(int kind, Buffer out, int x, int y, double... others) {
        return code(kind, place(out), x, y, out.width(), others);
    }

    private Code product(Operation.Product p) {
        Code code = each(ProgramSlots.PRODUCT, p.out(), place(p.in()), matrix(p.matrix()));
        int columns = p.matrix().shape()[1];
        int row = p.transposed() ? 1 : columns;
        int column = p.transposed() ? columns : 1;
        if (!p.transposed() && layout.isWeights(p.matrix())) {
            int layer = p.matrix().layer();
            with(code, ProgramSlots.Y, layout.at(layer, Slots.WEIGHTS_READ));
            row = layout.at(layer, Slots.WEIGHT_ROW);
            column = layout.at(layer, Slots.WEIGHT_STEP);
        }
        with(code, ProgramSlots.IN_WIDTH, p.in().width());
        with(code, ProgramSlots.ROW, row);
        return with(code, ProgramSlots.COLUMN, column);
    }

    /** Where a matrix or vector lies. */
    private int matrix(Coefficients of) {
        return switch (of) {
            case Operation.Held held ->
                    layout.parameters + layout.tensors.start(held.group(), held.layer());
            case ParameterNoise noise -> memory.noise(noise);
        };
    }

    /** That of the network's own output is there already. */
    private Code lossGradient(Operation.LossGradient g) {
        if (g.outputs().name().equals("r_" + network.depth())) {
            int known = layout.at(Slots.LOSS_GRADIENT);
            return each(ProgramSlots.COMBINE, g.out(), known, known, 1, 0);
        }
        return each(ProgramSlots.LOSS_SLOPE, g.out(), place(g.outputs()), place(g.out()));
    }

    private Code descend(Operation.Descend d) {
        ProgramMemory.Descent descent = new ProgramMemory.Descent(within, descents);
        descents++;
        Code code =
                switch (d.optimizer()) {
                    case Optimizer.Sgd(double momentum) ->
                            with(
                                    each(
                                            ProgramSlots.DESCEND,
                                            d.state(),
                                            place(d.gradient()),
                                            0,
                                            d.rate(),
                                            momentum),
                                    ProgramSlots.CODE,
                                    momentum > 0 ? Slots.MOMENTUM : Slots.SGD);
                    case Optimizer.Adam adam ->
                            with(
                                    each(
                                            ProgramSlots.DESCEND,
                                            d.state(),
                                            place(d.gradient()),
                                            0,
                                            d.rate(),
                                            adam.beta1(),
                                            adam.beta2(),
                                            adam.epsilons().getFirst()),
                                    ProgramSlots.CODE,
                                    Slots.ADAM);
                };
        with(code, ProgramSlots.STATE, memory.moments(descent));
        with(code, ProgramSlots.ROW, layout.padded * d.state().width());
        return with(code, ProgramSlots.CORRECTIONS, memory.corrections(descent));
    }

    /** Keeps what a buffer is before a round. */
    Code keep(Buffer state) {
        int from = place(state);
        int to = memory.buffer(ProgramMemory.before(state));
        return code(ProgramSlots.COMBINE, to, from, from, state.width(), 1, 0);
    }

    /** Sums up how a buffer has changed in a round. */
    Code change(Buffer state, boolean adds) {
        return with(
                code(
                        ProgramSlots.CHANGE,
                        memory.buffer(ProgramMemory.change()),
                        place(state),
                        memory.buffer(ProgramMemory.before(state)),
                        state.width()),
                ProgramSlots.ADDS,
                adds ? 1 : 0);
    }

    /** A sum of products. */
    Code of(Operation.OuterInto o) {
        Code code =
                sum(
                        ProgramSlots.OUTER,
                        gradient(o.gradient()),
                        o.post(),
                        o.mean(),
                        o.factor(),
                        o.post().width() * o.pre().width());
        with(code, ProgramSlots.Y, place(o.pre()));
        return with(code, ProgramSlots.IN_WIDTH, o.pre().width());
    }

    /** A sum of a buffer. */
    Code of(Operation.SumInto s) {
        return sum(
                ProgramSlots.SUM,
                gradient(s.gradient()),
                s.post(),
                s.mean(),
                s.factor(),
                s.post().width());
    }

    /** A number that is told. */
    Code of(Operation.Report r) {
        return sum(ProgramSlots.SUM, memory.number(r.name()), r.in(), true, 1, 1);
    }

    /** A sum of noise. */
    Code of(Operation.NoiseInto n) {
        int length = (int) TensorTable.elements(n.noise().shape());
        return code(
                ProgramSlots.WEIGH,
                gradient(n.noise()),
                memory.noise(n.noise()),
                place(n.scale()),
                length,
                n.factor());
    }

    private Code sum(int kind, int out, Buffer post, boolean mean, double factor, int elements) {
        Code code = code(kind, out, place(post), place(post), post.width(), factor);
        return new Code(code.whole(), code.others(), mean, elements);
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

    /** Clears what an operation adds to, if it is one that does. */
    Optional<Code> target(Operation operation) {
        return switch (operation) {
            case Operation.OuterInto o -> Optional.of(clear(o.gradient()));
            case Operation.SumInto s -> Optional.of(clear(s.gradient()));
            case Operation.NoiseInto n -> Optional.of(clear(n.noise()));
            default -> Optional.empty();
        };
    }

    private Code clear(Coefficients of) {
        int length = (int) TensorTable.elements(of.shape());
        return code(ProgramSlots.CLEAR, gradient(of), 0, 0, length);
    }

    /** Clears each tensor of a gradient. */
    List<Code> clear(GradientHandle gradient) {
        TensorTable tensors = layout.tensors.table(gradient.groups());
        List<Code> clears = new ArrayList<>();
        for (int t = 0; t < tensors.tensors(); t++) {
            clears.add(
                    code(
                            ProgramSlots.CLEAR,
                            layout.at(gradient) + tensors.start(t),
                            0,
                            0,
                            tensors.start(t + 1) - tensors.start(t)));
        }
        return clears;
    }

    /** Draws all noise in the shape of parameters. */
    List<Code> noises() {
        List<Code> draws = new ArrayList<>();
        for (ParameterNoise noise : memory.noises()) {
            int length = (int) TensorTable.elements(noise.shape());
            draws.add(
                    with(
                            code(
                                    ProgramSlots.DRAW_PARAMETERS,
                                    memory.noise(noise),
                                    0,
                                    0,
                                    length,
                                    noise.sigma()),
                            ProgramSlots.CODE,
                            noise.stream()));
        }
        return draws;
    }
}
