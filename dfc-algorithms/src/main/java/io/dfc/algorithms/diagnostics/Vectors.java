package io.dfc.algorithms.diagnostics;

/** Sums over arrays. */
final class Vectors {
    /** Cosines so little above 1 come from rounding. */
    private static final double ROUNDED_TO_ONE = 1 + 1e-5;

    private Vectors() {}

    static double dot(double[] a, double[] b) {
        return dot(a, 0, b, 0, a.length);
    }

    /** Four sums, which do not wait for each other. */
    static double dot(double[] a, int atA, double[] b, int atB, int length) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i < length - 3; i += 4) {
            s0 += a[atA + i] * b[atB + i];
            s1 += a[atA + i + 1] * b[atB + i + 1];
            s2 += a[atA + i + 2] * b[atB + i + 2];
            s3 += a[atA + i + 3] * b[atB + i + 3];
        }
        for (; i < length; i++) {
            s0 += a[atA + i] * b[atB + i];
        }
        return s0 + s1 + (s2 + s3);
    }

    static double norm(double[] a) {
        return norm(a, 0, a.length);
    }

    /** Scaled by the largest element, so that small updates do not vanish when squared. */
    static double norm(double[] a, int at, int length) {
        double largest = 0;
        for (int i = at; i < at + length; i++) {
            largest = Math.max(largest, Math.abs(a[i]));
        }
        if (largest == 0 || !Double.isFinite(largest)) {
            return largest;
        }
        double sum = 0;
        for (int i = at; i < at + length; i++) {
            double x = a[i] / largest;
            sum += x * x;
        }
        return largest * Math.sqrt(sum);
    }

    /** Degrees from a cosine; NaN where there is no angle because a vector is zero. */
    static double degrees(double cosine) {
        return Math.toDegrees(
                Math.acos(
                        cosine > 1 && cosine < ROUNDED_TO_ONE
                                ? 1
                                : cosine < -1 && cosine > -ROUNDED_TO_ONE ? -1 : cosine));
    }

    /** The angle between two vectors in degrees. */
    static double angle(double[] a, double[] b) {
        double normA = norm(a);
        double normB = norm(b);
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] / normA * (b[i] / normB);
        }
        return degrees(sum);
    }

    static double distance(double[] a, int atA, double[] b, int atB, int length) {
        double[] difference = new double[length];
        for (int i = 0; i < length; i++) {
            difference[i] = a[atA + i] - b[atB + i];
        }
        return norm(difference);
    }

    static boolean isFinite(double[] a) {
        for (double x : a) {
            if (!Double.isFinite(x)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Adds {@code factor x} to a vector. Elements of both are at one index, without offsets, so
     * that the compiler may use vectors of the machine.
     */
    static void addScaled(double[] sum, double factor, double[] x) {
        for (int j = 0; j < sum.length; j++) {
            sum[j] += factor * x[j];
        }
    }
}
