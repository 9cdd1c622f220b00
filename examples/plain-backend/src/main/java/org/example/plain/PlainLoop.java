package org.example.plain;

import module io.dfc.api;
import module java.base;

/** The analytic steady state: (J Q + alpha I) u = e, then a pass with Q u added to every voltage. */
final class PlainLoop implements LoopResult {
    private final LoopHandle loop;
    private final PlainForward pass;
    private final Map<GradientHandle, Parameters> gradients = new HashMap<>();
    private final double[] ratio;

    PlainLoop(LoopHandle loop, Parameters parameters, PlainForward pass) {
        this.loop = loop;
        this.pass = pass;
        ratio = new double[pass.samples()];
        loop.gradients().forEach(g -> gradients.put(g, PlainEngine.zeros(g.groups())));
        double[][][] q = parameters.group(loop.phase().feedback().name()).stream()
                .map(PlainForward::rows).toArray(double[][][]::new);
        for (int s = 0; s < ratio.length; s++) {
            run(q, s);
        }
    }

    private void run(double[][][] q, int s) {
        double[] distance = pass.distance(loop, s);
        double[] u = control(q, pass.jacobian(s), distance);
        double[] below = new double[pass.x[s].length]; // deviation of the rates
        for (int i = 0; i < q.length; i++) {
            double[] basal = PlainForward.times(pass.w[i], below);
            double[] apical = PlainForward.times(q[i], u);
            for (GradientHandle gradient : loop.gradients()) {
                learn(gradient, s, i, below, basal, apical);
            }
            Activation phi = pass.plan.network().activation(i);
            double[] v = pass.v[i][s];
            below = new double[v.length];
            Arrays.setAll(below, n -> phi.difference(v[n], basal[n] + apical[n]));
        }
        double rest = 0;
        for (int j = 0; j < u.length; j++) {
            double e = distance[j] - below[j];
            rest += Math.pow(e - loop.phase().controller().leakage() * u[j], 2);
        }
        double[] output = pass.output()[s];
        ratio[s] = Math.sqrt(rest / PlainForward.dot(output, output));
    }

    /** Solves by Gaussian elimination. */
    private double[] control(double[][][] q, double[][][] jacobian, double[] e) {
        int size = e.length;
        double[][] a = new double[size][size + 1];
        for (int j = 0; j < size; j++) {
            a[j][j] = loop.phase().controller().leakage();
            a[j][size] = e[j];
            for (int i = 0; i < q.length; i++) {
                for (int n = 0; n < q[i].length; n++) {
                    for (int k = 0; k < size; k++) {
                        a[j][k] += jacobian[i][j][n] * q[i][n][k];
                    }
                }
            }
        }
        for (int k = 0; k < size; k++) {
            int column = k;
            Arrays.sort(a, k, size, Comparator.comparingDouble(row -> -Math.abs(row[column])));
            for (int j = 0; j < size; j++) {
                double factor = j == k ? 0 : a[j][k] / a[k][k];
                for (int m = k; factor != 0 && m <= size; m++) {
                    a[j][m] -= factor * a[k][m];
                }
            }
        }
        return IntStream.range(0, size).mapToDouble(k -> a[k][size] / a[k][k]).toArray();
    }

    private void learn(
            GradientHandle gradient, int s, int i, double[] below, double[] basal, double[] apical) {
        var plasticity = (ForwardPlasticity) loop.phase().plasticities().get(loop.indexOf(gradient));
        boolean controlled = plasticity.presynaptic() == ForwardPlasticity.Presynaptic.CONTROLLED;
        int width = basal.length;
        double[] signal = new double[width];
        double[] seen = controlled ? basal : new double[width];
        double[] state = new double[plasticity.rule().stateSize(width)];
        plasticity.rule().postsynapticFactor(pass.plan.network().activation(i),
                new LayerTile(0, 1, width, pass.v[i][s], seen, apical, signal, state));
        Parameters sum = gradients.get(gradient);
        for (int n = 0; n < width; n++) {
            double step = -2.0 / ratio.length * signal[n];
            if (pass.plan.network().bias()) {
                sum.biases().get(i).doubles()[n] += step;
            }
            for (int m = 0; m < below.length; m++) {
                double rate = pass.presynaptic(i)[s][m] + (controlled ? below[m] : 0);
                sum.weights().get(i).doubles()[n * below.length + m] += step * rate;
            }
        }
    }

    @Override public int samples() { return ratio.length; }
    @Override public Tensor distanceRatio() { return Tensor.of(ratio, ratio.length); }

    @Override
    public Parameters gradient(GradientHandle gradient) {
        loop.indexOf(gradient);
        return gradients.get(gradient).copy();
    }
}
