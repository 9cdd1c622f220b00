package io.dfc.algorithms.run;

import io.dfc.algorithms.config.TeacherSection;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Network;
import io.dfc.api.plan.OptimizerHandle;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The memory that training needs at the least, estimated before anything is allocated: what is
 * larger than the heap can only fail. Counted are the initial parameters in float64, an engine in
 * float32 with gradients and optimisers, the two snapshots that exist while the new one replaces
 * the old, and the minibatches; the data themselves are loaded by then.
 *
 * @param parameters bytes for parameters, in all their copies
 * @param minibatches bytes that grow with the size of a minibatch
 */
record MemoryEstimate(BigInteger parameters, BigInteger minibatches) {
    /** The longest array that every virtual machine makes. */
    private static final long MAX_ARRAY = Integer.MAX_VALUE - 8;

    /** Bytes that a checkpoint may have, so that it can be read back. */
    private static final long MAX_CHECKPOINT = Integer.MAX_VALUE - 8;

    private static final int INITIAL = Double.BYTES;
    private static final int SNAPSHOTS = 2;

    /** Rates, voltages, and one more value of each neuron for the loop or backpropagation. */
    private static final int VALUES_PER_NEURON = 3;

    private static final double GIB = 1 << 30;

    /**
     * Estimates what engines of a plan need in training, and makes sure that it fits.
     *
     * @param plan the plan
     * @param heap bytes that the heap may have
     * @throws BadConfigurationException if it needs more, or an array longer than there can be
     */
    static void requireFit(Plan plan, long heap) {
        MemoryEstimate need = of(plan);
        BigInteger total = need.parameters.add(need.minibatches);
        requireArrays(plan, total);
        if (total.compareTo(BigInteger.valueOf(heap)) > 0) {
            boolean wide = need.parameters.compareTo(need.minibatches) >= 0;
            throw tooLarge(
                    wide ? "network.hidden" : "batch",
                    (wide ? "" : "with minibatches of " + plan.maxBatch() + " samples ")
                            + "training "
                            + plan.network()
                            + " takes",
                    total,
                    heap,
                    wide ? "use smaller layers" : "use smaller minibatches");
        }
        BigInteger checkpoint =
                state(plan).add(numbers(plan.groups()).multiply(BigInteger.valueOf(Float.BYTES)));
        if (checkpoint.compareTo(BigInteger.valueOf(MAX_CHECKPOINT)) > 0) {
            throw new BadConfigurationException(
                    "network.hidden",
                    "a checkpoint of "
                            + plan.network()
                            + " takes "
                            + size(checkpoint)
                            + ", and "
                            + size(BigInteger.valueOf(MAX_CHECKPOINT))
                            + " at most can be read back; use smaller layers");
        }
    }

    /**
     * Makes sure that a teacher network fits.
     *
     * @param t a teacher
     * @param heap bytes that the heap may have
     * @throws BadConfigurationException if its weights need more
     */
    static void requireFit(TeacherSection t, long heap) {
        long weights =
                (long) t.inputs() * t.width()
                        + (t.depth() - 1L) * t.width() * t.width()
                        + (long) t.width() * t.outputs();
        BigInteger bytes = BigInteger.valueOf(weights).multiply(BigInteger.valueOf(Double.BYTES));
        if (bytes.compareTo(BigInteger.valueOf(heap)) > 0) {
            throw tooLarge(
                    "teacher.width",
                    "a teacher of " + t.depth() + " layers of " + t.width() + " neurons takes",
                    bytes,
                    heap,
                    "use a smaller width or depth");
        }
    }

    static MemoryEstimate of(Plan plan) {
        Network network = plan.network();
        BigInteger all = numbers(plan.groups());
        BigInteger state = state(plan);
        // The engine holds the same state, and a gradient.
        BigInteger engine = state.add(all.multiply(BigInteger.valueOf(Float.BYTES)));
        BigInteger parameters =
                all.multiply(BigInteger.valueOf(INITIAL))
                        .add(engine)
                        .add(state.multiply(BigInteger.valueOf(SNAPSHOTS)));
        long sample =
                (long) network.inputs() * 2 * Float.BYTES
                        + (long) network.neurons() * VALUES_PER_NEURON * Float.BYTES;
        return new MemoryEstimate(
                parameters,
                BigInteger.valueOf(sample).multiply(BigInteger.valueOf(plan.maxBatch())));
    }

    /** Bytes of parameters and optimisers, once, in float32. */
    private static BigInteger state(Plan plan) {
        BigInteger numbers = numbers(plan.groups());
        for (OptimizerHandle optimizer : plan.optimizers()) {
            if (optimizer.optimization().optimizer() instanceof Optimizer.Adam) {
                numbers = numbers.add(numbers(optimizer.groups()).multiply(BigInteger.TWO));
            }
        }
        return numbers.multiply(BigInteger.valueOf(Float.BYTES));
    }

    private static BigInteger numbers(List<ParameterGroup> groups) {
        BigInteger numbers = BigInteger.ZERO;
        for (ParameterGroup group : groups) {
            for (int i = 0; i < group.tensors(); i++) {
                numbers = numbers.add(numbers(group.shape(i)));
            }
        }
        return numbers;
    }

    private static BigInteger numbers(int[] shape) {
        BigInteger product = BigInteger.ONE;
        for (int size : shape) {
            product = product.multiply(BigInteger.valueOf(size));
        }
        return product;
    }

    private static void requireArrays(Plan plan, BigInteger total) {
        for (ParameterGroup group : plan.groups()) {
            for (int i = 0; i < group.tensors(); i++) {
                BigInteger weights = numbers(group.shape(i));
                if (weights.compareTo(BigInteger.valueOf(MAX_ARRAY)) > 0) {
                    throw new BadConfigurationException(
                            "network.hidden",
                            "training "
                                    + plan.network()
                                    + " takes at least "
                                    + size(total)
                                    + " of memory, and its layer "
                                    + (i + 1)
                                    + " has "
                                    + Arrays.stream(group.shape(i))
                                            .mapToObj(Integer::toString)
                                            .collect(Collectors.joining(" x "))
                                    + " = "
                                    + weights
                                    + " weights "
                                    + group.name()
                                    + ", of which a layer may have "
                                    + MAX_ARRAY
                                    + "; use smaller layers");
                }
            }
        }
        Network network = plan.network();
        int batch = plan.maxBatch();
        long widest = network.inputs();
        for (int i = 0; i < network.depth(); i++) {
            widest = Math.max(widest, network.size(i));
        }
        if (widest * batch > MAX_ARRAY) {
            throw new BadConfigurationException(
                    "batch",
                    batch
                            + " samples of "
                            + widest
                            + " numbers take "
                            + size(total)
                            + " of memory; with this network a minibatch may have "
                            + MAX_ARRAY / widest
                            + " samples at most");
        }
    }

    private static BadConfigurationException tooLarge(
            String key, String what, BigInteger bytes, long heap, String remedy) {
        return new BadConfigurationException(
                key,
                what
                        + " at least "
                        + size(bytes)
                        + " of memory, and the Java heap may have "
                        + size(BigInteger.valueOf(heap))
                        + "; "
                        + remedy
                        + ", or allow more, as with DFC_JAVA_OPTS=-Xmx"
                        + Math.max(1, (long) Math.ceil(bytes.doubleValue() * 1.25 / GIB))
                        + "g");
    }

    private static String size(BigInteger bytes) {
        double gib = bytes.doubleValue() / GIB;
        return gib >= 1
                ? String.format(Locale.ROOT, "%.1f GiB", gib)
                : String.format(Locale.ROOT, "%.0f MiB", gib * 1024);
    }
}
