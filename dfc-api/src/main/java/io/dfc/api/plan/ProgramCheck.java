package io.dfc.api.plan;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation.Coefficients;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Goes through a program once and refuses what could not be run. */
final class ProgramCheck {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_']{0,31}");
    private static final int MATRIX = 2;

    private final Network network;
    private final List<LayerProgram.Gradient> gradients;

    /** Widths of the buffers of the feedforward pass. */
    private final Map<String, Integer> given;

    /** Widths of the buffers that are written so far. */
    private final Map<String, Integer> written = new HashMap<>();

    private final Set<String> reports = new HashSet<>();

    /** Tensors that noise is drawn for, by the number of the stream. */
    private final Map<Integer, String> streams = new HashMap<>();

    /** The operation in work, for messages. */
    private String at = "";

    private boolean repeating;

    ProgramCheck(Network network, List<LayerProgram.Gradient> gradients) {
        this.network = network;
        this.gradients = gradients;
        given = given(network);
    }

    /** Buffers of the feedforward pass, with their widths. */
    static Map<String, Integer> given(Network network) {
        Map<String, Integer> widths = new HashMap<>();
        widths.put("r_0", network.inputs());
        for (int i = 0; i < network.depth(); i++) {
            widths.put("v_" + (i + 1), network.size(i));
            widths.put("r_" + (i + 1), network.size(i));
        }
        widths.put("y", network.outputs());
        return widths;
    }

    void check(List<Operation> operations) {
        Set<ParameterGroup> taken = new HashSet<>();
        for (LayerProgram.Gradient gradient : gradients) {
            require(!gradient.groups().isEmpty(), "forms a gradient of no group; name one");
            for (ParameterGroup group : gradient.groups()) {
                require(
                        taken.add(group),
                        "forms two gradients of group " + group + "; a group has one");
            }
        }
        operations.forEach(this::check);
    }

    private void check(Operation operation) {
        ProgramCompleteness.require(operation);
        at = " by \"" + ProgramText.line(operation) + "\"";
        operation.parameterNoise().ifPresent(this::ownStream);
        switch (operation) {
            case Operation.Product p -> product(p);
            case Operation.AddBias a -> {
                vector(a.bias(), width(a.in()));
                write(a.out(), width(a.in()));
            }
            case Operation.Activate a -> {
                require(
                        a.form() != Operation.Activate.Form.INVERSE
                                || a.activation().isInvertible(),
                        "inverts" + at + " a rate function that maps many voltages to one rate");
                write(a.out(), width(a.in()));
            }
            case Operation.Fill f -> {
                finite(f.value());
                write(f.out(), f.out().width());
            }
            case Operation.Combine c -> {
                finite(c.a());
                finite(c.b());
                write(c.out(), equal(c.x(), c.y()));
            }
            case Operation.Hadamard h -> write(h.out(), equal(h.x(), h.y()));
            case Operation.Select s -> {
                int rest = width(s.rest());
                require(
                        s.count() >= 1 && s.count() <= Math.min(width(s.first()), rest),
                        "takes %d numbers of %s%s, which has %d"
                                .formatted(s.count(), s.first(), at, s.first().width()));
                write(s.out(), rest);
            }
            case Operation.LossGradient g -> {
                wide(g.outputs(), network.outputs());
                write(g.out(), network.outputs());
            }
            case Operation.SampleLoss l -> {
                wide(l.outputs(), network.outputs());
                write(l.out(), 1);
            }
            case Operation.Noise n -> write(n.out(), n.out().width());
            case Operation.OuterInto o -> {
                finite(o.factor());
                declared(o.gradient());
                matrix(o.gradient(), width(o.post()), width(o.pre()));
            }
            case Operation.SumInto s -> {
                finite(s.factor());
                declared(s.gradient());
                vector(s.gradient(), width(s.post()));
            }
            case Operation.NoiseInto n -> {
                finite(n.factor());
                declared(n.noise());
                wide(n.scale(), 1);
            }
            case Operation.OrthogonalityInto o -> {
                require(
                        o.rho() >= 0 && o.rho() < Double.POSITIVE_INFINITY,
                        "needs a finite strength of at least 0" + at);
                declared(o.gradient());
                rank(o.gradient(), MATRIX);
            }
            case Operation.Solve s -> {
                matrix(s.matrix(), width(s.in()), width(s.in()));
                write(s.out(), width(s.in()));
            }
            case Operation.SolveGram s -> {
                require(
                        s.layer() >= 0 && s.layer() < network.depth(),
                        "names layer " + s.layer() + at + ", which is not in 0.." + last());
                wide(s.in(), network.outputs());
                write(s.out(), network.outputs());
            }
            case Operation.Descend d -> {
                require(repeating, "descends" + at + " outside a repetition; put it into one");
                require(
                        d.rate() >= 0 && d.rate() < Double.POSITIVE_INFINITY,
                        "needs a finite learning rate of at least 0" + at);
                require(
                        !(d.optimizer() instanceof Optimizer.Adam adam)
                                || adam.epsilons().size() == 1,
                        "needs one epsilon" + at + ", for a buffer is of no layer");
                write(d.state(), equal(d.state(), d.gradient()));
            }
            case Operation.Report r -> {
                require(!repeating, "reports" + at + " within a repetition; do it after it");
                require(
                        NAME.matcher(r.name()).matches(),
                        "reports a number named \"%s\"; a name has 1 to 32 letters, digits, _ or ' and begins with a letter"
                                .formatted(r.name()));
                require(reports.add(r.name()), "reports two numbers named \"" + r.name() + "\"");
                wide(r.in(), 1);
            }
            case Operation.Repeat r -> repeat(r);
        }
    }

    /** Noise of two tensors from one stream would be the same. */
    private void ownStream(Operation.ParameterNoise noise) {
        exists(noise);
        String tensor = ProgramText.tensor(noise);
        String other = streams.putIfAbsent(noise.stream(), tensor);
        require(
                other == null || other.equals(tensor),
                "draws noise of %s and of %s from stream %d, which gives both the same; give each its own"
                        .formatted(other, tensor, noise.stream()));
    }

    private void product(Operation.Product p) {
        int in = width(p.in());
        rank(p.matrix(), MATRIX);
        int[] shape = p.matrix().shape();
        int columns = p.transposed() ? shape[0] : shape[1];
        int rows = p.transposed() ? shape[1] : shape[0];
        require(
                in == columns,
                "multiplies %s of width %d%s, which takes width %d"
                        .formatted(p.in(), in, at, columns));
        require(!p.in().name().equals(p.out().name()), "writes what it multiplies" + at);
        write(p.out(), rows);
    }

    private void repeat(Operation.Repeat r) {
        require(!repeating, "repeats within a repetition; put the operations into one");
        r.until().ifPresent(until -> until.states().forEach(this::width));
        repeating = true;
        r.body().forEach(this::check);
        repeating = false;
    }

    /** The width of a buffer that is read. */
    private int width(Buffer buffer) {
        Integer known = given.getOrDefault(buffer.name(), written.get(buffer.name()));
        if (known == null) {
            throw new BadConfigurationException(
                    "program",
                    "reads %s%s before it is written; write it first".formatted(buffer, at));
        }
        require(
                known == buffer.width(),
                "reads %s of width %d%s, but its width is %d"
                        .formatted(buffer, buffer.width(), at, known));
        return known;
    }

    private void wide(Buffer buffer, int width) {
        require(
                width(buffer) == width,
                "reads %s of width %d%s, which takes width %d"
                        .formatted(buffer, buffer.width(), at, width));
    }

    private int equal(Buffer x, Buffer y) {
        int width = width(x);
        wide(y, width);
        return width;
    }

    private void write(Buffer buffer, int width) {
        require(
                NAME.matcher(buffer.name()).matches(),
                "names a buffer \"%s\"; a name has 1 to 32 letters, digits, _ or ' and begins with a letter"
                        .formatted(buffer.name()));
        require(
                !given.containsKey(buffer.name()),
                "writes %s%s, which is the feedforward pass's; choose another name"
                        .formatted(buffer, at));
        require(
                buffer.width() == width && width >= 1,
                "writes %d numbers to %s of width %d%s"
                        .formatted(width, buffer, buffer.width(), at));
        Integer before = written.put(buffer.name(), width);
        require(
                before == null || before == width,
                "writes %s of width %d%s, whose width was %d before"
                        .formatted(buffer, width, at, before));
    }

    private void matrix(Coefficients a, int rows, int columns) {
        rank(a, MATRIX);
        int[] shape = a.shape();
        require(
                shape[0] == rows && shape[1] == columns,
                "needs shape [%d, %d]%s, but %s has [%d, %d]"
                        .formatted(rows, columns, at, ProgramText.name(a), shape[0], shape[1]));
    }

    private void vector(Coefficients a, int width) {
        rank(a, 1);
        require(
                a.shape()[0] == width,
                "needs %d numbers%s, but %s has %d"
                        .formatted(width, at, ProgramText.name(a), a.shape()[0]));
    }

    private void exists(Coefficients a) {
        require(
                a.layer() >= 0 && a.layer() < a.group().tensors(),
                "names tensor %d%s of group %s, which has %d"
                        .formatted(a.layer(), at, a.group(), a.group().tensors()));
    }

    private void rank(Coefficients a, int rank) {
        exists(a);
        require(
                a.shape().length == rank,
                "takes a %s%s, and %s is none"
                        .formatted(rank == 1 ? "vector" : "matrix", at, ProgramText.name(a)));
    }

    private void declared(Coefficients of) {
        require(
                gradients.stream().anyMatch(g -> g.groups().contains(of.group())),
                "adds to the gradient of group %s%s, which it does not declare; declare one with gradient(...)"
                        .formatted(of.group(), at));
        exists(of);
    }

    private void finite(double factor) {
        require(Double.isFinite(factor), "has the factor " + factor + at + "; it must be finite");
    }

    private int last() {
        return network.depth() - 1;
    }

    private static void require(boolean sound, String problem) {
        if (!sound) {
            throw new BadConfigurationException("program", problem);
        }
    }
}
