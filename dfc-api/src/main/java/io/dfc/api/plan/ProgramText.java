package io.dfc.api.plan;

import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Activation;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.Operation.Coefficients;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A program as equations, one operation to a line. Layers count from 1, {@code *} multiplies number
 * by number, {@code W_2^T} is the transposed matrix, {@code dW_2} the gradient of {@code W_2}.
 */
final class ProgramText {
    private static final String INDENT = "    ";

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
        for (Operation operation : operations) {
            text.append(indent).append(line(operation)).append('\n');
            if (operation instanceof Operation.Repeat repeat) {
                append(indent + INDENT, repeat.body());
            }
        }
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
            case Operation.Select(var out, int count, var first, var rest) ->
                    "%s = (%s[1..%d], %s[%d..%d])"
                            .formatted(
                                    out,
                                    first,
                                    count,
                                    rest,
                                    Math.min(count + 1, out.width()),
                                    out.width());
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
        return first + (c.b() < 0 ? " - " : " + ") + times(Math.abs(c.b())) + c.y();
    }

    private static String over(boolean mean) {
        return mean ? "mean" : "sum";
    }

    private static String times(double factor) {
        return factor == 1 ? "" : factor == -1 ? "-" : number(factor) + " ";
    }

    private static String number(double x) {
        return x == Math.rint(x) && Math.abs(x) < 1e9
                ? Long.toString((long) x)
                : Double.toString(x);
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
