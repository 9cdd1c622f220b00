package io.dfc.algorithms.formats.onnx;

import io.dfc.api.error.BadDataException;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Computes what a model says, by the definitions of its operations and not by how the model came to
 * be. It is there to check a file that was written, and is in no hurry.
 */
public final class OnnxEvaluator {
    private final OnnxModel model;
    private final Map<String, Rows> rows = new HashMap<>();
    private final Map<String, long[]> indices = new HashMap<>();
    private final Map<String, List<String>> texts = new HashMap<>();

    /**
     * Numbers in rows, rounded to float32 after each operation as a runtime does.
     *
     * @param values the numbers
     * @param width length of a row
     */
    private record Rows(float[] values, int width) {
        int count() {
            return values.length / width;
        }
    }

    /** One number of the result from those at its place in both arguments. */
    @FunctionalInterface
    private interface Pairwise {
        double of(double left, double right);
    }

    /** One number from another. */
    @FunctionalInterface
    private interface Each {
        double of(double value);
    }

    private OnnxEvaluator(OnnxModel model, Tensor input) {
        this.model = model;
        model.constants()
                .forEach(
                        (name, tensor) -> {
                            switch (tensor) {
                                case OnnxTensor.Floats(Tensor t) ->
                                        rows.put(name, new Rows(t.toFloats(), t.dim(t.rank() - 1)));
                                case OnnxTensor.Integers(List<Long> values) ->
                                        indices.put(
                                                name, values.stream().mapToLong(v -> v).toArray());
                                case OnnxTensor.Texts(List<String> values) ->
                                        texts.put(name, values);
                            }
                        });
        rows.put(model.input().name(), new Rows(input.toFloats(), input.dim(1)));
        model.nodes().forEach(this::run);
    }

    /**
     * The results of a model.
     *
     * @param numbers outputs that are numbers, by name, shape [samples, width]
     * @param texts outputs that are texts, by name, one for each sample
     */
    public record Results(Map<String, Tensor> numbers, Map<String, List<String>> texts) {}

    /**
     * Evaluates a model.
     *
     * @param model the model
     * @param input its input, shape [samples, width]
     * @return its outputs
     * @throws BadDataException if it has an operation that {@link OnnxNetwork} does not use
     */
    public static Results evaluate(OnnxModel model, Tensor input) {
        OnnxEvaluator done = new OnnxEvaluator(model, input);
        Map<String, Tensor> numbers = new HashMap<>();
        Map<String, List<String>> texts = new HashMap<>();
        for (OnnxValue output : model.outputs()) {
            String name = output.name();
            if (done.rows.containsKey(name)) {
                Rows r = done.rows.get(name);
                numbers.put(name, Tensor.wrap(r.values, r.count(), r.width));
            } else {
                texts.put(name, done.known(done.texts, name));
            }
        }
        return new Results(numbers, texts);
    }

    private void run(OnnxNode node) {
        String out = node.output();
        switch (node.operation()) {
            case "Gather" -> texts.put(out, gather(node));
            case "ArgMax" -> indices.put(out, argMax(known(rows, node.inputs().getFirst())));
            case "Gemm" -> rows.put(out, gemm(node));
            case "Sub" -> rows.put(out, pairwise(node, (a, b) -> a - b));
            case "Add" -> rows.put(out, pairwise(node, Double::sum));
            case "Mul" -> rows.put(out, pairwise(node, (a, b) -> a * b));
            case "Div" -> rows.put(out, pairwise(node, (a, b) -> a / b));
            case "Identity" -> rows.put(out, each(node, v -> v));
            case "Tanh" -> rows.put(out, each(node, Math::tanh));
            case "Relu" -> rows.put(out, each(node, v -> Math.max(v, 0)));
            case "Sigmoid" -> rows.put(out, each(node, v -> 1 / (1 + Math.exp(-v))));
            case "LeakyRelu" -> {
                float alpha = known(node.attributes(), "alpha").floatValue();
                rows.put(out, each(node, v -> v < 0 ? alpha * v : v));
            }
            case "Softmax" -> rows.put(out, softmax(known(rows, node.inputs().getFirst())));
            case "Slice" -> rows.put(out, slice(node));
            default ->
                    throw new BadDataException(
                            model.name(), "has the operation " + node.operation());
        }
    }

    private <T> T known(Map<String, T> values, String name) {
        T value = values.get(name);
        if (value == null) {
            throw new BadDataException(model.name(), "lacks what an operation reads: " + name);
        }
        return value;
    }

    private Rows each(OnnxNode node, Each each) {
        Rows in = known(rows, node.inputs().getFirst());
        float[] out = new float[in.values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) each.of(in.values[i]);
        }
        return new Rows(out, in.width);
    }

    /** The second argument is a row, or one number, for all samples. */
    private Rows pairwise(OnnxNode node, Pairwise pairwise) {
        Rows in = known(rows, node.inputs().getFirst());
        Rows row = known(rows, node.inputs().getLast());
        float[] out = new float[in.values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] =
                    (float)
                            pairwise.of(
                                    in.values[i], row.values[row.width == 1 ? 0 : i % in.width]);
        }
        return new Rows(out, in.width);
    }

    private Rows gemm(OnnxNode node) {
        Rows in = known(rows, node.inputs().getFirst());
        Rows weights = known(rows, node.inputs().get(1));
        Rows bias = node.inputs().size() > 2 ? known(rows, node.inputs().get(2)) : null;
        int units = weights.count();
        float[] out = new float[in.count() * units];
        for (int sample = 0; sample < in.count(); sample++) {
            for (int unit = 0; unit < units; unit++) {
                double sum = bias == null ? 0 : bias.values[unit];
                for (int k = 0; k < in.width; k++) {
                    sum +=
                            (double) weights.values[unit * in.width + k]
                                    * in.values[sample * in.width + k];
                }
                out[sample * units + unit] = (float) sum;
            }
        }
        return new Rows(out, units);
    }

    private static long[] argMax(Rows in) {
        long[] best = new long[in.count()];
        for (int sample = 0; sample < best.length; sample++) {
            int at = 0;
            for (int k = 1; k < in.width; k++) {
                at = in.values[sample * in.width + k] > in.values[sample * in.width + at] ? k : at;
            }
            best[sample] = at;
        }
        return best;
    }

    private static Rows softmax(Rows in) {
        float[] out = new float[in.values.length];
        long[] best = argMax(in);
        for (int sample = 0; sample < in.count(); sample++) {
            int from = sample * in.width;
            double most = in.values[from + (int) best[sample]];
            double sum = 0;
            for (int k = 0; k < in.width; k++) {
                sum += Math.exp(in.values[from + k] - most);
            }
            for (int k = 0; k < in.width; k++) {
                out[from + k] = (float) (Math.exp(in.values[from + k] - most) / sum);
            }
        }
        return new Rows(out, in.width);
    }

    private Rows slice(OnnxNode node) {
        Rows in = known(rows, node.inputs().getFirst());
        int from = (int) known(indices, node.inputs().get(1))[0];
        int width = (int) known(indices, node.inputs().get(2))[0] - from;
        float[] out = new float[in.count() * width];
        for (int sample = 0; sample < in.count(); sample++) {
            System.arraycopy(in.values, sample * in.width + from, out, sample * width, width);
        }
        return new Rows(out, width);
    }

    private List<String> gather(OnnxNode node) {
        List<String> from = known(texts, node.inputs().getFirst());
        List<String> out = new ArrayList<>();
        for (long index : known(indices, node.inputs().getLast())) {
            out.add(from.get((int) index));
        }
        return out;
    }
}
