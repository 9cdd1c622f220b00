package org.example.plain;

import module io.dfc.api;
import module java.base;

/** The feedforward pass of some samples, one to a row, and its loss where there are targets. */
final class PlainForward implements ForwardResult {
    final Plan plan;
    final double[][][] w;
    final double[][] x;
    final double[][][] v;
    final double[][][] r;
    private final double[][] lossGradient; // of the mean loss, with respect to the outputs
    private double loss;
    private int correct;

    PlainForward(Plan plan, Parameters parameters, Tensor inputs) {
        this.plan = plan;
        x = rows(inputs);
        w = parameters.weights().stream().map(PlainForward::rows).toArray(double[][][]::new);
        v = new double[w.length][x.length][];
        r = new double[w.length][x.length][];
        lossGradient = new double[x.length][plan.network().outputs()];
        for (int i = 0; i < w.length; i++) {
            for (int s = 0; s < x.length; s++) {
                v[i][s] = times(w[i], presynaptic(i)[s]);
                for (int n = 0; plan.network().bias() && n < v[i][s].length; n++) {
                    v[i][s][n] += parameters.biases().get(i).get(n);
                }
                r[i][s] = Arrays.stream(v[i][s]).map(plan.network().activation(i)::value).toArray();
            }
        }
    }

    static double[][] rows(Tensor matrix) {
        int width = matrix.dim(1);
        return IntStream.range(0, matrix.dim(0))
                .mapToObj(i -> IntStream.range(i * width, (i + 1) * width)
                        .mapToDouble(matrix::get).toArray())
                .toArray(double[][]::new);
    }

    static double[] times(double[][] matrix, double[] x) {
        return Arrays.stream(matrix).mapToDouble(row -> dot(row, x)).toArray();
    }

    static double dot(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
    }

    double[][] presynaptic(int layer) { return layer == 0 ? x : r[layer - 1]; }
    double[][] output() { return r[r.length - 1]; }

    void compare(Targets targets) {
        boolean classes = plan.loss() == Loss.CROSS_ENTROPY;
        for (int s = 0; s < x.length; s++) {
            double[] out = output()[s];
            double[] y = new double[out.length];
            switch (targets) {
                case Targets.Labels(int[] labels) -> y[labels[s]] = 1;
                case Targets.Values(Tensor values) -> y = rows(values)[s];
            }
            double top = Arrays.stream(out).max().orElseThrow();
            double logSum = top + Math.log(Arrays.stream(out).map(o -> Math.exp(o - top)).sum());
            for (int j = 0; j < y.length; j++) {
                double d = out[j] - y[j];
                double log = out[j] - logSum;
                loss += (classes ? -y[j] * log : d * d / y.length) / x.length;
                double slope = classes
                        ? Arrays.stream(y).sum() * Math.exp(log) - y[j] : 2 * d / y.length;
                lossGradient[s][j] = slope / x.length;
            }
            correct += classes && largest(out) == largest(y) ? 1 : 0;
        }
    }

    private static int largest(double[] of) {
        return IntStream.range(0, of.length).reduce(0, (best, j) -> of[j] > of[best] ? j : best);
    }

    /** {@code J_i} of a sample, [n_L, n_i] per layer. */
    double[][][] jacobian(int s) {
        double[][][] j = new double[w.length][plan.network().outputs()][];
        for (int i = w.length - 1; i >= 0; i--) {
            for (int o = 0; o < j[i].length; o++) {
                j[i][o] = new double[w[i].length];
                for (int n = 0; n < w[i].length; n++) {
                    double above = i == w.length - 1 && n == o ? 1 : 0;
                    for (int m = 0; i < w.length - 1 && m < w[i + 1].length; m++) {
                        above += j[i + 1][o][m] * w[i + 1][m][n];
                    }
                    j[i][o][n] = above * plan.network().activation(i).derivative(v[i][s][n]);
                }
            }
        }
        return j;
    }

    /** {@code r* - r_L^-} of a sample: of no other targets is there a linearised state. */
    double[] distance(LoopHandle loop, int s) {
        double step = loop.phase().target() instanceof OutputTarget.Nudge(double size, var of)
                ? of == OutputTarget.Nudge.Gradient.OF_SAMPLE ? size * x.length : size : 0;
        return Arrays.stream(lossGradient[s]).map(g -> -step * g).toArray();
    }

    @Override public int samples() { return x.length; }
    @Override public double loss() { return loss; }
    @Override public int correct() { return correct; }
    @Override public Tensor voltage(int layer) { return tensor(v[layer]); }
    @Override public Tensor rate(int layer) { return tensor(r[layer]); }

    private static Tensor tensor(double[][] rows) {
        double[] all = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
        return Tensor.wrap(all, rows.length, rows[0].length);
    }
}
