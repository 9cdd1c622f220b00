package io.dfc.api.plan;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Activation;
import io.dfc.api.plan.LayerProgram.Buffer;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * One operation of a {@link LayerProgram}; a closed set, in which every operation is there because
 * a published method needs it. All act on each sample of the minibatch by itself, except those that
 * add to gradients and reports, and the end of a {@link Repeat}. An operation may write the buffer
 * that it reads.
 */
public sealed interface Operation {
    /** A matrix or vector that an operation multiplies by or adds. */
    sealed interface Coefficients {
        /** {@return the group whose shapes these have} */
        ParameterGroup group();

        /** {@return place of the tensor in the group, from 0} */
        int layer();

        /** {@return the shape} */
        default int[] shape() {
            return group().shape(layer());
        }

        /**
         * The same of another group.
         *
         * @param map gives the group that takes the place of this one's
         * @return the coefficients
         */
        Coefficients on(UnaryOperator<ParameterGroup> map);
    }

    /**
     * Parameters of the plan, as they are when the program runs.
     *
     * @param group their group
     * @param layer place of the tensor in the group, from 0
     */
    record Held(ParameterGroup group, int layer) implements Coefficients {
        @Override
        public Held on(UnaryOperator<ParameterGroup> map) {
            return new Held(map.apply(group), layer);
        }
    }

    /**
     * Normal numbers in the shape of parameters, equal for all samples, drawn once per run. In a
     * program every tensor has a stream of its own, for another's would give it the same numbers.
     *
     * @param group the group
     * @param layer place of the tensor in the group, from 0
     * @param stream number of the noise stream, in [0, 256); the same number gives the same noise
     * @param sigma standard deviation, above 0
     */
    record ParameterNoise(ParameterGroup group, int layer, int stream, double sigma)
            implements Coefficients {
        /** Checks the ranges. */
        public ParameterNoise {
            ProgramCompleteness.requireStream(stream, sigma);
        }

        @Override
        public ParameterNoise on(UnaryOperator<ParameterGroup> map) {
            return new ParameterNoise(map.apply(group), layer, stream, sigma);
        }
    }

    /**
     * {@code out = A in}, or {@code A^T in}.
     *
     * @param out as wide as the matrix has rows (columns if transposed)
     * @param matrix {@code A}, of rank 2
     * @param transposed whether by the transposed matrix
     * @param in as wide as the matrix has columns (rows if transposed); not {@code out}
     */
    record Product(Buffer out, Coefficients matrix, boolean transposed, Buffer in)
            implements Operation {}

    /**
     * {@code out = in + b}.
     *
     * @param out result
     * @param in summand
     * @param bias {@code b}, of rank 1
     */
    record AddBias(Buffer out, Buffer in, Coefficients bias) implements Operation {}

    /**
     * A rate function, its derivative or its inverse.
     *
     * @param out result
     * @param form which of the three
     * @param activation the rate function
     * @param in argument
     */
    record Activate(Buffer out, Form form, Activation activation, Buffer in) implements Operation {
        /** What of a rate function is wanted. */
        public enum Form {
            /** {@code phi(x)}. */
            RATE,
            /** {@code phi'(x)}. */
            SLOPE,
            /** {@code phi^-1(x)}. */
            INVERSE
        }
    }

    /**
     * {@code out = value}.
     *
     * @param out result
     * @param value the value of all its numbers, finite
     */
    record Fill(Buffer out, double value) implements Operation {}

    /**
     * {@code out = a x + b y}.
     *
     * @param out result
     * @param a factor of {@code x}, finite
     * @param x summand
     * @param b factor of {@code y}, finite; 0 leaves {@code y} out, whatever it holds
     * @param y summand
     */
    record Combine(Buffer out, double a, Buffer x, double b, Buffer y) implements Operation {}

    /**
     * {@code out_n = x_n y_n}.
     *
     * @param out result
     * @param x factor
     * @param y factor
     */
    record Hadamard(Buffer out, Buffer x, Buffer y) implements Operation {}

    /**
     * The first numbers of one buffer and the others of another.
     *
     * @param out result
     * @param count how many numbers are those of {@code first}, at least 1
     * @param first source of the first numbers, at least that wide
     * @param rest source of the others, as wide as {@code out}
     */
    record Select(Buffer out, int count, Buffer first, Buffer rest) implements Operation {}

    /**
     * Gradient of the mean loss with respect to some outputs {@code x}: with the cross-entropy
     * {@code (softmax(x) sum(y) - y) / B}, where the targets {@code y} of a sample mostly sum to 1,
     * with the squared error {@code 2 (x - y) / (B n_L)}.
     *
     * @param out result, as wide as the network's output
     * @param outputs the outputs {@code x} at which it is taken
     */
    record LossGradient(Buffer out, Buffer outputs) implements Operation {}

    /**
     * Loss of every sample by itself; the mean over the samples is the loss of the minibatch.
     *
     * @param out result, of width 1
     * @param outputs the outputs
     */
    record SampleLoss(Buffer out, Buffer outputs) implements Operation {}

    /**
     * {@code out = sigma xi}, standard normal numbers {@code xi}: others in every round of a {@link
     * Repeat}, otherwise those of the first round.
     *
     * @param out result
     * @param stream number of the noise stream, in [0, 256); the same number gives the same noise
     * @param sigma standard deviation, above 0
     */
    record Noise(Buffer out, int stream, double sigma) implements Operation {
        /** Checks the ranges. */
        public Noise {
            ProgramCompleteness.requireStream(stream, sigma);
        }
    }

    /**
     * {@code G += factor sum_b post pre^T}, or the mean over the samples.
     *
     * @param gradient the parameters whose gradient it is added to, of rank 2
     * @param factor factor, finite
     * @param mean whether the mean over the minibatch is added and not the sum
     * @param post as wide as the matrix has rows
     * @param pre as wide as the matrix has columns
     */
    record OuterInto(Held gradient, double factor, boolean mean, Buffer post, Buffer pre)
            implements Operation {}

    /**
     * {@code G += factor sum_b post}, or the mean over the samples.
     *
     * @param gradient the parameters whose gradient it is added to, of rank 1
     * @param factor factor, finite
     * @param mean whether the mean over the minibatch is added and not the sum
     * @param post as wide as the vector
     */
    record SumInto(Held gradient, double factor, boolean mean, Buffer post) implements Operation {}

    /**
     * {@code G += factor mean_b(scale) Xi}: noise on parameters, weighted by what it did (weight
     * perturbation).
     *
     * @param noise the noise {@code Xi}; the gradient is that of its group and layer
     * @param factor factor, finite
     * @param scale weight of every sample, of width 1
     */
    record NoiseInto(ParameterNoise noise, double factor, Buffer scale) implements Operation {}

    /**
     * {@code G += 4 rho A offdiag(A^T A)}: the gradient of {@code rho sum_(i != j) ((A^T A)_ij)^2},
     * which keeps a matrix near an orthogonal one (GAIT-prop, arXiv 2006.06438).
     *
     * @param gradient the parameters whose gradient it is added to, of rank 2
     * @param rho strength, at least 0
     */
    record OrthogonalityInto(Held gradient, double rho) implements Operation {}

    /**
     * {@code out = A^-1 in} for a square matrix (GAIT-prop, arXiv 2006.06438). Infinite or not a
     * number where elimination meets a pivot of 0.
     *
     * @param out result
     * @param matrix {@code A}
     * @param in right-hand side
     */
    record Solve(Buffer out, Held matrix, Buffer in) implements Operation {}

    /**
     * {@code out = (J J^T + gamma I)^-1 in} with the Jacobian {@code J = dr_L/dr_i} of the
     * feedforward pass, per sample (Gauss-Newton targets, arXiv 2006.14331).
     *
     * @param out result, as wide as the network's output
     * @param layer layer {@code i}, from 0
     * @param damping {@code gamma}, above 0
     * @param in right-hand side
     */
    record SolveGram(Buffer out, int layer, double damping, Buffer in) implements Operation {
        /** Checks the range. */
        public SolveGram {
            if (!(damping > 0) || Double.isInfinite(damping)) {
                throw new BadConfigurationException(
                        "program", "damping must be a finite number above 0, got " + damping);
            }
        }
    }

    /**
     * A step of gradient descent of a buffer, not of parameters; within a {@link Repeat}, whose
     * rounds Adam counts from 1 (energy-based inversion, arXiv 2207.01332). Momentum and moments
     * begin at zero with the repetition, and are each operation's own.
     *
     * @param state the buffer that is stepped; written before
     * @param gradient its gradient
     * @param optimizer arithmetic of the step; Adam with one epsilon
     * @param rate learning rate, at least 0
     */
    record Descend(Buffer state, Buffer gradient, Optimizer optimizer, double rate)
            implements Operation {}

    /**
     * The mean of a buffer over the minibatch, handed out with the results.
     *
     * @param name name of the number
     * @param in of width 1
     */
    record Report(String name, Buffer in) implements Operation {}

    /**
     * Operations done again and again, for all samples alike.
     *
     * @param times how often at most, at least 1
     * @param until when to end earlier, if ever
     * @param body the operations; not a Repeat or Report among them
     */
    record Repeat(int times, Optional<Until> until, List<Operation> body) implements Operation {
        /** Copies the list and checks the range. */
        public Repeat {
            Objects.requireNonNull(until, "until");
            body = ProgramCompleteness.copy("a repetition", body);
            if (times < 1) {
                throw new BadConfigurationException(
                        "program", "a repetition is done at least once, got " + times);
            }
        }
    }

    /**
     * The end of a repetition: after a round in which, for every sample, {@code ||ds|| / (1e-5 +
     * ||s||)} is below a threshold, {@code s} the numbers of some buffers before the round and
     * {@code ds} what it changed.
     *
     * @param threshold the threshold, above 0
     * @param states the buffers, written before the repetition
     */
    record Until(double threshold, List<Buffer> states) {
        /** Added to the norm, as in the published program. */
        public static final double NORM_OFFSET = 1e-5;

        /** Copies the list and checks the range. */
        public Until {
            states = ProgramCompleteness.copy("the end of a repetition", states);
            if (!(threshold > 0) || Double.isInfinite(threshold) || states.isEmpty()) {
                throw new BadConfigurationException(
                        "program",
                        "a repetition ends at a finite threshold above 0 of the change of at least one buffer, got "
                                + threshold
                                + " of "
                                + states);
            }
        }
    }

    /** {@return the groups of parameters that it reads, or whose gradient it adds to} */
    default List<ParameterGroup> groups() {
        return switch (this) {
            case Product o -> List.of(o.matrix().group());
            case AddBias o -> List.of(o.bias().group());
            case OuterInto o -> List.of(o.gradient().group());
            case SumInto o -> List.of(o.gradient().group());
            case NoiseInto o -> List.of(o.noise().group());
            case OrthogonalityInto o -> List.of(o.gradient().group());
            case Solve o -> List.of(o.matrix().group());
            default -> List.of();
        };
    }

    /**
     * This operation on other groups of the same shapes.
     *
     * @param map gives the group that takes the place of each
     * @return the operation
     */
    default Operation on(UnaryOperator<ParameterGroup> map) {
        return switch (this) {
            case Product o -> new Product(o.out(), o.matrix().on(map), o.transposed(), o.in());
            case AddBias o -> new AddBias(o.out(), o.in(), o.bias().on(map));
            case OuterInto o ->
                    new OuterInto(o.gradient().on(map), o.factor(), o.mean(), o.post(), o.pre());
            case SumInto o -> new SumInto(o.gradient().on(map), o.factor(), o.mean(), o.post());
            case NoiseInto o -> new NoiseInto(o.noise().on(map), o.factor(), o.scale());
            case OrthogonalityInto o -> new OrthogonalityInto(o.gradient().on(map), o.rho());
            case Solve o -> new Solve(o.out(), o.matrix().on(map), o.in());
            case Repeat o ->
                    new Repeat(
                            o.times(), o.until(), o.body().stream().map(b -> b.on(map)).toList());
            default -> this;
        };
    }

    /** {@return the noise on parameters that it draws, if it does} */
    default Optional<ParameterNoise> parameterNoise() {
        return switch (this) {
            case NoiseInto o -> Optional.of(o.noise());
            case Product o when o.matrix() instanceof ParameterNoise xi -> Optional.of(xi);
            case AddBias o when o.bias() instanceof ParameterNoise xi -> Optional.of(xi);
            default -> Optional.empty();
        };
    }

    /** {@return whether a run of it draws noise} */
    default boolean isNoisy() {
        return this instanceof Noise || parameterNoise().isPresent();
    }

    /**
     * Operations with those that they repeat.
     *
     * @param operations operations
     * @return they and, after each Repeat, its body
     */
    static Stream<Operation> all(List<Operation> operations) {
        return operations.stream()
                .flatMap(
                        o ->
                                o instanceof Repeat repeat
                                        ? Stream.concat(Stream.of(o), all(repeat.body()))
                                        : Stream.of(o));
    }
}
