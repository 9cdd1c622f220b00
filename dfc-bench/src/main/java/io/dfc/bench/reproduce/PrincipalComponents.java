package io.dfc.bench.reproduce;

import org.ojalgo.matrix.decomposition.Eigenvalue;
import org.ojalgo.matrix.store.R064Store;

import java.util.List;

/**
 * Principal components of some points.
 *
 * @param mean mean of the points
 * @param axes unit vectors of the components, that of the largest variance first
 * @param shares share of each component in the variance
 */
@SuppressWarnings("ArrayRecordComponent")
record PrincipalComponents(double[] mean, double[][] axes, double[] shares) {
    /**
     * Fits components.
     *
     * @param points points of equal length, at least two
     * @param count number of components
     * @return the components
     */
    static PrincipalComponents of(List<double[]> points, int count) {
        int n = points.getFirst().length;
        double[] mean = new double[n];
        for (double[] p : points) {
            for (int i = 0; i < n; i++) {
                mean[i] += p[i] / points.size();
            }
        }
        R064Store covariance = R064Store.FACTORY.make(n, n);
        for (double[] p : points) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    covariance.add(i, j, (p[i] - mean[i]) * (p[j] - mean[j]) / points.size());
                }
            }
        }
        Eigenvalue<Double> spectrum = Eigenvalue.R064.make(n, true);
        spectrum.decompose(covariance);
        double total = 0;
        for (int i = 0; i < n; i++) {
            total += spectrum.getD().doubleValue(i, i);
        }
        double[][] axes = new double[count][n];
        double[] shares = new double[count];
        for (int c = 0; c < count; c++) {
            // Sorted from the largest on.
            shares[c] = spectrum.getD().doubleValue(c, c) / total;
            for (int i = 0; i < n; i++) {
                axes[c][i] = spectrum.getV().doubleValue(i, c);
            }
        }
        return new PrincipalComponents(mean, axes, shares);
    }

    /**
     * Coordinates of a point.
     *
     * @param point the point
     * @return one coordinate for each component
     */
    double[] project(double[] point) {
        double[] at = new double[axes.length];
        for (int c = 0; c < at.length; c++) {
            for (int i = 0; i < point.length; i++) {
                at[c] += axes[c][i] * (point[i] - mean[i]);
            }
        }
        return at;
    }
}
