package io.dfc.api.plan;

import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LayerProgram.Buffer;
import io.dfc.api.plan.LayerProgram.Gradient;
import io.dfc.api.plan.Operation.Activate.Form;
import io.dfc.api.plan.Operation.Coefficients;
import io.dfc.api.plan.Operation.Held;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes a {@link LayerProgram}, operation by operation. Operations that write a buffer take its
 * name and return it; a name used again is the same buffer. Layers count from 0.
 *
 * <pre>{@code
 * ProgramBuilder p = LayerProgram.builder(network).gradient(new Clipping.None(), w, b);
 * Buffer error = p.lossGradient("e", p.rate(last));
 * p.outerInto(w, last, error, p.presynaptic(last)).sumInto(b, last, error);
 * LayerProgram program = p.build();
 * }</pre>
 */
public final class ProgramBuilder extends PassBuffers {
    private final List<Gradient> gradients = new ArrayList<>();
    private List<Operation> operations = new ArrayList<>();

    ProgramBuilder(Network network) {
        super(network);
    }

    /**
     * Declares a gradient.
     *
     * @param clipping how it is bounded at the end
     * @param groups the groups of parameters whose gradient it is
     * @return this builder
     */
    public ProgramBuilder gradient(Clipping clipping, ParameterGroup... groups) {
        gradients.add(new Gradient(Arrays.asList(groups), clipping));
        return this;
    }

    /**
     * {@code out = A in}.
     *
     * @param out name of the result
     * @param group group of the matrix
     * @param layer place of the matrix in the group, from 0
     * @param in factor
     * @return the result
     */
    public Buffer product(String out, ParameterGroup group, int layer, Buffer in) {
        return product(out, new Held(group, layer), false, in);
    }

    /**
     * {@code out = A^T in}.
     *
     * @param out name of the result
     * @param group group of the matrix
     * @param layer place of the matrix in the group, from 0
     * @param in factor
     * @return the result
     */
    public Buffer transposedProduct(String out, ParameterGroup group, int layer, Buffer in) {
        return product(out, new Held(group, layer), true, in);
    }

    /**
     * {@code out = A in} or {@code A^T in}, by parameters or noise.
     *
     * @param out name of the result
     * @param matrix the matrix
     * @param transposed whether by the transposed matrix
     * @param in factor
     * @return the result
     */
    public Buffer product(String out, Coefficients matrix, boolean transposed, Buffer in) {
        Buffer result = new Buffer(out, Widths.ofProduct(matrix, transposed));
        operations.add(new Operation.Product(result, matrix, transposed, in));
        return result;
    }

    /**
     * {@code out = in + b}. The summand itself where the group has no tensors, such as the biases
     * of a network without.
     *
     * @param out name of the result
     * @param in summand
     * @param group group of the biases
     * @param layer place of the vector in the group, from 0
     * @return the result
     */
    public Buffer addBias(String out, Buffer in, ParameterGroup group, int layer) {
        if (group != null && in != null && group.tensors() == 0) {
            return out.equals(in.name()) ? in : scale(out, 1, in);
        }
        return addBias(out, in, new Held(group, layer));
    }

    /**
     * {@code out = in + b}, with parameters or noise.
     *
     * @param out name of the result
     * @param in summand
     * @param bias the vector
     * @return the result
     */
    public Buffer addBias(String out, Buffer in, Coefficients bias) {
        Buffer result = new Buffer(out, Widths.of(in));
        operations.add(new Operation.AddBias(result, in, bias));
        return result;
    }

    /**
     * {@code out = phi(in)}, {@code phi'(in)} or {@code phi^-1(in)}.
     *
     * @param out name of the result
     * @param form which of the three
     * @param activation the rate function {@code phi}
     * @param in argument
     * @return the result
     */
    public Buffer activate(String out, Form form, Activation activation, Buffer in) {
        Buffer result = new Buffer(out, Widths.of(in));
        operations.add(new Operation.Activate(result, form, activation, in));
        return result;
    }

    /**
     * Slopes {@code phi_i'(v_i^-)} of a layer in the feedforward pass.
     *
     * @param out name of the result
     * @param layer layer, from 0
     * @return the result
     */
    public Buffer slope(String out, int layer) {
        return activate(out, Form.SLOPE, network.activation(within(layer)), voltage(layer));
    }

    /**
     * {@code out = e * phi_i'(v_i^-)}: the error of a layer's rates as one of its voltages. A
     * linear layer's is the error itself.
     *
     * @param out name of the result; the slopes are named {@code s_i}
     * @param e error of the rates
     * @param layer layer, from 0
     * @return the result
     */
    public Buffer throughSlope(String out, Buffer e, int layer) {
        return network.activation(within(layer)) instanceof Activation.Linear
                ? scale(out, 1, e)
                : hadamard(out, e, slope("s_" + (layer + 1), layer));
    }

    /**
     * {@code out = value}.
     *
     * @param out name of the result
     * @param width numbers per sample
     * @param value the value of all its numbers
     * @return the result
     */
    public Buffer fill(String out, int width, double value) {
        Buffer result = new Buffer(out, width);
        operations.add(new Operation.Fill(result, value));
        return result;
    }

    /**
     * {@code out = a x + b y}.
     *
     * @param out name of the result
     * @param a factor of {@code x}
     * @param x summand
     * @param b factor of {@code y}
     * @param y summand
     * @return the result
     */
    public Buffer combine(String out, double a, Buffer x, double b, Buffer y) {
        Buffer result = new Buffer(out, Widths.of(x));
        operations.add(new Operation.Combine(result, a, x, b, y));
        return result;
    }

    /**
     * {@code out = factor x}.
     *
     * @param out name of the result
     * @param factor factor
     * @param x what is scaled
     * @return the result
     */
    public Buffer scale(String out, double factor, Buffer x) {
        return combine(out, factor, x, 0, x);
    }

    /**
     * {@code out_n = x_n y_n}.
     *
     * @param out name of the result
     * @param x factor
     * @param y factor
     * @return the result
     */
    public Buffer hadamard(String out, Buffer x, Buffer y) {
        Buffer result = new Buffer(out, Widths.of(x));
        operations.add(new Operation.Hadamard(result, x, y));
        return result;
    }

    /**
     * The first numbers of one buffer and the others of another.
     *
     * @param out name of the result
     * @param count how many numbers are those of {@code first}
     * @param first source of the first numbers
     * @param rest source of the others, at their places
     * @return the result
     */
    public Buffer select(String out, int count, Buffer first, Buffer rest) {
        Buffer result = new Buffer(out, Widths.of(rest));
        operations.add(new Operation.Select(result, count, first, rest));
        return result;
    }

    /**
     * Gradient of the mean loss with respect to some outputs.
     *
     * @param out name of the result
     * @param outputs the outputs
     * @return the result
     */
    public Buffer lossGradient(String out, Buffer outputs) {
        Buffer result = new Buffer(out, network.outputs());
        operations.add(new Operation.LossGradient(result, outputs));
        return result;
    }

    /**
     * Loss of every sample by itself.
     *
     * @param out name of the result, of width 1
     * @param outputs the outputs
     * @return the result
     */
    public Buffer sampleLoss(String out, Buffer outputs) {
        Buffer result = new Buffer(out, 1);
        operations.add(new Operation.SampleLoss(result, outputs));
        return result;
    }

    /**
     * Normal noise.
     *
     * @param out name of the result
     * @param width numbers per sample
     * @param stream number of the noise stream, in [0, 256)
     * @param sigma standard deviation, above 0
     * @return the result
     */
    public Buffer noise(String out, int width, int stream, double sigma) {
        Buffer result = new Buffer(out, width);
        operations.add(new Operation.Noise(result, stream, sigma));
        return result;
    }

    /**
     * {@code dA += sum_b post pre^T}.
     *
     * @param group group of the matrix
     * @param layer place of the matrix in the group, from 0
     * @param post what its rows belong to
     * @param pre what its columns belong to
     * @return this builder
     */
    public ProgramBuilder outerInto(ParameterGroup group, int layer, Buffer post, Buffer pre) {
        return add(new Operation.OuterInto(new Held(group, layer), 1, false, post, pre));
    }

    /**
     * {@code db += sum_b post}. Nothing where the group has no tensors, such as absent biases.
     *
     * @param group group of the vector
     * @param layer place of the vector in the group, from 0
     * @param post what is added
     * @return this builder
     */
    public ProgramBuilder sumInto(ParameterGroup group, int layer, Buffer post) {
        return group != null && group.tensors() == 0
                ? this
                : add(new Operation.SumInto(new Held(group, layer), 1, false, post));
    }

    /**
     * {@code out = A^-1 in}.
     *
     * @param out name of the result
     * @param group group of the square matrix
     * @param layer place of the matrix in the group, from 0
     * @param in right-hand side
     * @return the result
     */
    public Buffer solve(String out, ParameterGroup group, int layer, Buffer in) {
        Buffer result = new Buffer(out, Widths.of(in));
        operations.add(new Operation.Solve(result, new Held(group, layer), in));
        return result;
    }

    /**
     * A step of gradient descent of a buffer within a repetition.
     *
     * @param state the buffer
     * @param gradient its gradient
     * @param optimizer arithmetic of the step
     * @param rate learning rate
     * @return this builder
     */
    public ProgramBuilder descend(Buffer state, Buffer gradient, Optimizer optimizer, double rate) {
        return add(new Operation.Descend(state, gradient, optimizer, rate));
    }

    /**
     * Hands out the mean of a buffer over the minibatch.
     *
     * @param name name of the number
     * @param in a buffer of width 1
     * @return this builder
     */
    public ProgramBuilder report(String name, Buffer in) {
        return add(new Operation.Report(name, in));
    }

    /**
     * Repeats operations.
     *
     * @param times how often, at least 1
     * @param body adds the operations
     * @return this builder
     */
    public ProgramBuilder repeat(int times, Consumer<ProgramBuilder> body) {
        return add(new Operation.Repeat(times, Optional.empty(), collect(body)));
    }

    /**
     * Repeats operations until some buffers hardly change.
     *
     * @param times how often at most, at least 1
     * @param threshold relative change at which it ends
     * @param states the buffers
     * @param body adds the operations
     * @return this builder
     */
    public ProgramBuilder repeatUntil(
            int times, double threshold, List<Buffer> states, Consumer<ProgramBuilder> body) {
        return add(
                new Operation.Repeat(
                        times, Optional.of(new Operation.Until(threshold, states)), collect(body)));
    }

    private List<Operation> collect(Consumer<ProgramBuilder> body) {
        List<Operation> outer = operations;
        operations = new ArrayList<>();
        try {
            body.accept(this);
            return operations;
        } finally {
            operations = outer;
        }
    }

    /**
     * Adds any operation.
     *
     * @param operation the operation
     * @return this builder
     */
    public ProgramBuilder add(Operation operation) {
        operations.add(operation);
        return this;
    }

    /**
     * Ends the program.
     *
     * @return the program
     * @throws io.dfc.api.error.BadConfigurationException if it could not be run; see {@link
     *     LayerProgram}
     */
    public LayerProgram build() {
        return new LayerProgram(network, gradients, operations);
    }
}
