package io.dfc.api.plan;

import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Activation;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation.Coefficients;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A program as equations, one operation to a line; what is added to the result of the line before
 * stands in that line. Layers count from 1, {@code *} multiplies number by number, {@code W_2^T} is
 * the transposed matrix, {@code dW_2} the gradient of {@code W_2}.
 */
final class ProgramText {
    private static final String INDENT = "    ";

    /** A reader takes 39.99999999999999 for a riddle. */
    private static final MathContext SHOWN_DIGITS = new MathContext(12);

    private final StringBuilder text = new StringBuilder();

    ProgramText(LayerProgram program) {
        append("", program.operations());
        for (LayerProgram.Gradient gradient : program.gradients()) {
            String groups =
                    gradient.groups().stream()
                            .map(g -> "d" + g.name())
                            .collect(Collectors.joining(", "));
            text.append("gradient ").append(groups);
            text.append(bound(gradient.clipping())).append('\n');
        }
    }

    private static String bound(Clipping clipping) {
        return switch (clipping) {
            case Clipping.None _ -> "";
            case Clipping.PerTensor(double max) -> ", each tensor bounded to norm " + number(max);
            case Clipping.PerLayer(double max) -> ", each layer bounded to norm " + number(max);
            case Clipping.Joint(double max) -> ", bounded to norm " + number(max);
        };
    }

    private void append(String indent, List<Operation> operations) {
        for (int k = 0; k < operations.size(); k++) {
            Operation operation = operations.get(k);
            boolean continues = k > 0 && addsTo(operations.get(k - 1), operation);
            if (continues) {
                text.setLength(text.length() - 1);
                text.append(summand(operation));
            } else {
                text.append(indent).append(line(operation));
            }
            text.append('\n');
            if (operation instanceof Operation.Repeat repeat) {
                append(indent + INDENT, repeat.body());
            }
        }
    }

    /** Whether an operation adds to the sum that the one before it wrote, which is one equation. */
    private static boolean addsTo(Operation before, Operation operation) {
        Buffer sum =
                switch (before) {
                    case Operation.Product p -> p.out();
                    case Operation.AddBias a -> a.out();
                    case Operation.Combine c -> c.out();
                    default -> null;
                };
        return switch (operation) {
            case Operation.AddBias a -> a.out().equals(sum) && a.in().equals(sum);
            case Operation.Combine c ->
                    c.out().equals(sum)
                            && c.x().equals(sum)
                            && c.a() == 1
                            && c.b() != 0
                            && !c.y().equals(sum);
            default -> false;
        };
    }

    private static String summand(Operation operation) {
        return switch (operation) {
            case Operation.AddBias a -> " + " + name(a.bias());
            case Operation.Combine c -> signed(c.b(), c.y());
            default -> throw new IllegalArgumentException("adds nothing: " + operation);
        };
    }

    private static String signed(double factor, Buffer y) {
        return (factor < 0 ? " - " : " + ") + times(Math.abs(factor)) + y;
    }

    /** An operation as an equation. */
    static String line(Operation operation) {
        return switch (operation) {
            case Operation.Product(var out, var matrix, boolean transposed, var in) ->
                    out + " = " + name(matrix) + (transposed ? "^T " : " ") + in;
            case Operation.AddBias(var out, var in, var bias) ->
                    out + " = " + in + " + " + name(bias);
            case Operation.Activate(var out, var form, var activation, var in) ->
                    out + " = " + name(activation) + suffix(form) + "(" + in + ")";
            case Operation.Fill(var out, double value) -> out + " = " + number(value);
            case Operation.Combine c -> c.out() + " = " + sum(c);
            case Operation.Hadamard(var out, var x, var y) -> out + " = " + x + " * " + y;
            case Operation.Select(var out, int count, var first, var rest) -> {
                String start = "%s = (%s[1..%d]".formatted(out, first, count);
                yield count >= out.width()
                        ? start + ")"
                        : start + ", %s[%d..%d])".formatted(rest, count + 1, out.width());
            }
            case Operation.LossGradient(var out, var outputs) -> out + " = dLoss/d" + outputs;
            case Operation.SampleLoss(var out, var outputs) -> out + " = loss(" + outputs + ")";
            case Operation.Noise(var out, int stream, double sigma) ->
                    out + " = " + times(sigma) + "xi#" + stream;
            case Operation.OuterInto o ->
                    "d%s += %s%s %s %s^T"
                            .formatted(
                                    name(o.gradient()),
                                    times(o.factor()),
                                    over(o.mean()),
                                    o.post(),
                                    o.pre());
            case Operation.SumInto s ->
                    "d%s += %s%s %s"
                            .formatted(
                                    name(s.gradient()),
                                    times(s.factor()),
                                    over(s.mean()),
                                    s.post());
            case Operation.NoiseInto n ->
                    "d%s += %smean %s %s"
                            .formatted(
                                    tensor(n.noise()),
                                    times(n.factor()),
                                    n.scale(),
                                    name(n.noise()));
            case Operation.OrthogonalityInto(var of, double rho) ->
                    "d%s += %s%s offdiag(%s^T %s)"
                            .formatted(name(of), times(4 * rho), name(of), name(of), name(of));
            case Operation.Solve(var out, var matrix, var in) ->
                    out + " = " + name(matrix) + "^-1 " + in;
            case Operation.SolveGram(var out, int layer, double damping, var in) ->
                    "%s = (J_%d J_%d^T + %s I)^-1 %s"
                            .formatted(out, layer + 1, layer + 1, number(damping), in);
            case Operation.Descend(var state, var gradient, var optimizer, double rate) ->
                    "%s descends %s by %s at rate %s"
                            .formatted(state, gradient, name(optimizer), number(rate));
            case Operation.Report(String name, var in) -> "report " + name + " = mean " + in;
            case Operation.Repeat r -> repeat(r);
        };
    }

    private static String repeat(Operation.Repeat repeat) {
        String until =
                repeat.until()
                        .map(
                                u ->
                                        ", until %s change by less than %s"
                                                .formatted(
                                                        u.states().stream()
                                                                .map(Buffer::name)
                                                                .collect(Collectors.joining(", ")),
                                                        number(u.threshold())))
                        .orElse("");
        return "repeat "
                + (until.isEmpty() ? "" : "at most ")
                + repeat.times()
                + " times"
                + until
                + ":";
    }

    /** The tensor of a group. */
    static String tensor(Coefficients of) {
        return of.group().name() + "_" + (of.layer() + 1);
    }

    /** The tensor of a group, or noise of its shape. */
    static String name(Coefficients of) {
        String tensor = tensor(of);
        return switch (of) {
            case Operation.Held _ -> tensor;
            case Operation.ParameterNoise noise ->
                    "(" + times(noise.sigma()) + "Xi#" + noise.stream() + "[" + tensor + "])";
        };
    }

    private static String sum(Operation.Combine c) {
        String first = times(c.a()) + c.x();
        if (c.b() == 0) {
            return first;
        }
        return first + signed(c.b(), c.y());
    }

    private static String over(boolean mean) {
        return mean ? "mean" : "sum";
    }

    private static String times(double factor) {
        return factor == 1 ? "" : factor == -1 ? "-" : number(factor) + " ";
    }

    private static String number(double x) {
        double rounded = Double.isFinite(x) ? new BigDecimal(x, SHOWN_DIGITS).doubleValue() : x;
        return rounded == Math.rint(rounded) && Math.abs(rounded) < 1e9
                ? Long.toString((long) rounded)
                : Double.toString(rounded);
    }

    private static String suffix(Operation.Activate.Form form) {
        return switch (form) {
            case RATE -> "";
            case SLOPE -> "'";
            case INVERSE -> "^-1";
        };
    }

    private static String name(Activation activation) {
        return switch (activation) {
            case Activation.Tanh _ -> "tanh";
            case Activation.Relu _ -> "relu";
            case Activation.LeakyRelu leaky -> "leakyrelu[" + number(leaky.slope()) + "]";
            case Activation.Sigmoid _ -> "sigmoid";
            case Activation.Linear _ -> "linear";
        };
    }

    private static String name(Optimizer optimizer) {
        return switch (optimizer) {
            case Optimizer.Sgd(double momentum) -> "SGD(momentum " + number(momentum) + ")";
            case Optimizer.Adam(double beta1, double beta2, var epsilons) ->
                    "Adam("
                            + Arrays.asList(beta1, beta2).stream()
                                    .map(ProgramText::number)
                                    .collect(Collectors.joining(", "))
                            + ", "
                            + epsilons.stream()
                                    .map(ProgramText::number)
                                    .collect(Collectors.joining(", "))
                            + ")";
        };
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
