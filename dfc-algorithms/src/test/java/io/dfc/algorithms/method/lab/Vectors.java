package io.dfc.algorithms.method.lab;

import io.dfc.api.network.Activation;
import io.dfc.api.noise.Philox;
import io.dfc.api.tensor.Tensor;

import java.util.Arrays;

/** Arithmetic on plain arrays, to check programs by. */
public final class Vectors {
    private Vectors() {}

    public static double[] row(double[] rows, int sample, int width) {
        return Arrays.copyOfRange(rows, sample * width, (sample + 1) * width);
    }

    public static double[] times(Tensor matrix, double[] x) {
        double[] y = new double[matrix.dim(0)];
        for (int i = 0; i < y.length; i++) {
            for (int j = 0; j < x.length; j++) {
                y[i] += matrix.get(i * x.length + j) * x[j];
            }
        }
        return y;
    }

    public static double[] transposedTimes(Tensor matrix, double[] x) {
        double[] y = new double[matrix.dim(1)];
        for (int j = 0; j < y.length; j++) {
            for (int i = 0; i < x.length; i++) {
                y[j] += matrix.get(i * y.length + j) * x[i];
            }
        }
        return y;
    }

    /** {@code x + factor y}. */
    public static double[] plus(double[] x, double factor, double[] y) {
        double[] sum = x.clone();
        for (int n = 0; n < sum.length; n++) {
            sum[n] += factor * y[n];
        }
        return sum;
    }

    public static double[] plus(double[] x, Tensor y) {
        return plus(x, 1, y.toDoubles());
    }

    public static double[] times(double[] x, double[] y) {
        double[] product = x.clone();
        for (int n = 0; n < product.length; n++) {
            product[n] *= y[n];
        }
        return product;
    }

    public static double[] rates(Activation activation, double[] x) {
        return Arrays.stream(x).map(activation::value).toArray();
    }

    public static double[] slopes(Activation activation, double[] x) {
        return Arrays.stream(x).map(activation::derivative).toArray();
    }

    public static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int n = 0; n < x.length; n++) {
            sum += x[n] * y[n];
        }
        return sum;
    }

    public static double squares(double[] x) {
        return dot(x, x);
    }

    /** What a program draws for a sample, outside repetitions. */
    public static double[] noise(long seed, int minibatch, int stream, int sample, int width) {
        double[] xi = new double[width];
        int place = Philox.place(Philox.PHASE_PROGRAM, stream, sample);
        Philox.normals(seed, place, 0, minibatch, xi, 0, width, new int[4]);
        return xi;
    }
}
