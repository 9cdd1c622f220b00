package io.dfc.bench.reproduce;

import io.dfc.bench.plot.Curve;
import io.dfc.bench.plot.Look;

import java.util.List;
import java.util.Optional;

/** Mean of several seeds, and the band from the lowest to the highest. */
final class Spread {
    private Spread() {}

    /**
     * The curve of several seeds.
     *
     * @param label what it is
     * @param look how it looks
     * @param x abscissae
     * @param seeds ordinates of each seed, at least one
     * @return the mean, with a band from the lowest to the highest seed if there are several
     */
    static Curve curve(String label, Look look, double[] x, List<double[]> seeds) {
        int n = x.length;
        double[] mean = new double[n];
        double[] low = seeds.getFirst().clone();
        double[] high = seeds.getFirst().clone();
        for (double[] y : seeds) {
            for (int i = 0; i < n; i++) {
                mean[i] += y[i] / seeds.size();
                low[i] = Math.min(low[i], y[i]);
                high[i] = Math.max(high[i], y[i]);
            }
        }
        return new Curve(
                label,
                look,
                x,
                mean,
                seeds.size() > 1 ? Optional.of(new Curve.Band(low, high)) : Optional.empty());
    }
}
