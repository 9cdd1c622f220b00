package io.dfc.algorithms.data.synthetic;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.SplitSizes;
import io.dfc.algorithms.data.sampling.CounterRandom;
import io.dfc.api.network.Initialization;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The toy regression of the first Deep Feedback Control paper: a student learns the outputs of a
 * fixed random teacher.
 *
 * <p>Inputs are uniform on [-1, 1). The teacher is a network of ReLU layers with a linear output,
 * zero biases and normal weights of three times the Xavier deviation. Inputs and outputs are used
 * raw.
 *
 * @param inputs length of an input, at least 1
 * @param outputs length of an output, at least 1
 * @param width neurons of each hidden layer of the teacher, at least 1
 * @param depth number of hidden layers of the teacher, at least 1
 * @param sizes number of samples of each part
 * @see <a href="https://arxiv.org/abs/2106.07887">Meulemans et al. 2021</a>
 */
public record StudentTeacher(int inputs, int outputs, int width, int depth, SplitSizes sizes) {
    /**
     * The published setting: 15 inputs, 5 outputs, four hidden layers of 1000, and 5000, 1000 and
     * 1000 samples.
     */
    public static final StudentTeacher PUBLISHED =
            new StudentTeacher(15, 5, 1000, 4, new SplitSizes(5000, 1000, 1000));

    private static final String NAME = "student-teacher";
    private static final int MAX_WIDTH = 10_000;
    private static final int MAX_DEPTH = 20;
    private static final int CHUNK = 32;

    /** Keeps the teacher's weights apart from those of a student with the same seed. */
    private static final long TEACHER_KEY = 0x7EAC_4E72_7EAC_4E72L;

    /** Checks the sizes. */
    public StudentTeacher {
        if (Math.min(Math.min(inputs, outputs), Math.min(width, depth)) < 1
                || Math.max(Math.max(inputs, outputs), width) > MAX_WIDTH
                || depth > MAX_DEPTH) {
            throw new IllegalArgumentException(
                    "teacher: expected 1 to "
                            + MAX_WIDTH
                            + " inputs, outputs and neurons and 1 to "
                            + MAX_DEPTH
                            + " layers, got "
                            + inputs
                            + ", "
                            + outputs
                            + ", "
                            + width
                            + " and "
                            + depth);
        }
    }

    /**
     * Draws a teacher network and computes its outputs.
     *
     * @param seed seed of teacher and inputs, usually that of the run
     * @return the samples
     */
    public DataSplits generate(long seed) {
        double[][] weights = new double[depth + 1][];
        for (int layer = 0; layer <= depth; layer++) {
            weights[layer] =
                    Initialization.TEACHER
                            .draw(rows(layer), columns(layer), seed ^ TEACHER_KEY, layer)
                            .doubles();
        }
        return sizes.assemble((part, size) -> outputs(weights, seed, part, size));
    }

    private int rows(int layer) {
        return layer == depth ? outputs : width;
    }

    private int columns(int layer) {
        return layer == 0 ? inputs : width;
    }

    private DataSet outputs(double[][] weights, long seed, int part, int size) {
        double[] x = new double[Math.multiplyExact(size, inputs)];
        double[] y = new double[Math.multiplyExact(size, outputs)];
        IntStream.range(0, (size + CHUNK - 1) / CHUNK)
                .parallel()
                .forEach(
                        chunk -> {
                            int from = chunk * CHUNK;
                            outputs(weights, seed, part, from, Math.min(CHUNK, size - from), x, y);
                        });
        return DataSet.regression(NAME, x, inputs, y, outputs);
    }

    /**
     * Runs the teacher on some samples, which lie side by side (the sample index runs fastest) for
     * the sake of speed.
     */
    private void outputs(
            double[][] weights, long seed, int part, int from, int count, double[] x, double[] y) {
        double[] rates = new double[inputs * CHUNK];
        for (int b = 0; b < count; b++) {
            CounterRandom random = new CounterRandom(seed, part, from + b);
            for (int i = 0; i < inputs; i++) {
                double value = random.between(-1, 1);
                x[(from + b) * inputs + i] = value;
                rates[i * CHUNK + b] = value;
            }
        }
        for (int layer = 0; layer <= depth; layer++) {
            rates = multiply(weights[layer], rates, rows(layer), columns(layer));
            if (layer < depth) {
                for (int i = 0; i < rates.length; i++) {
                    rates[i] = Math.max(0, rates[i]);
                }
            }
        }
        for (int b = 0; b < count; b++) {
            for (int o = 0; o < outputs; o++) {
                y[(from + b) * outputs + o] = rates[o * CHUNK + b];
            }
        }
    }

    /**
     * The product [rows, columns] x [columns, CHUNK]. The innermost loop runs over samples and
     * takes four columns at once, so that it vectorises and seldom touches the sums.
     */
    private static double[] multiply(double[] weights, double[] rates, int rows, int columns) {
        double[] out = new double[rows * CHUNK];
        double[] sum = new double[CHUNK];
        int quads = columns / 4 * 4;
        for (int row = 0; row < rows; row++) {
            Arrays.fill(sum, 0);
            int w = row * columns;
            for (int column = 0; column < quads; column += 4) {
                addQuad(weights, w + column, rates, column * CHUNK, sum);
            }
            for (int column = quads; column < columns; column++) {
                for (int b = 0; b < CHUNK; b++) {
                    sum[b] += weights[w + column] * rates[column * CHUNK + b];
                }
            }
            System.arraycopy(sum, 0, out, row * CHUNK, CHUNK);
        }
        return out;
    }

    private static void addQuad(double[] weights, int w, double[] rates, int r, double[] sum) {
        double w0 = weights[w];
        double w1 = weights[w + 1];
        double w2 = weights[w + 2];
        double w3 = weights[w + 3];
        for (int b = 0; b < CHUNK; b++) {
            sum[b] +=
                    w0 * rates[r + b]
                            + w1 * rates[r + CHUNK + b]
                            + w2 * rates[r + 2 * CHUNK + b]
                            + w3 * rates[r + 3 * CHUNK + b];
        }
    }
}
