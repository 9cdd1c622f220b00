package io.dfc.cpu.simd.kernel;

/** Feedforward pass of one layer: padded [samples, n_i] arrays. */
public final class LayerActivity {
    public final int size;
    public final int stride;
    public final float[] v;
    public final float[] r;
    public final float[] slope;

    public LayerActivity(int size, int rows) {
        this(size, Simd.stride(size), Math.multiplyExact(rows, Simd.stride(size)));
    }

    private LayerActivity(int size, int stride, int numbers) {
        this.size = size;
        this.stride = stride;
        v = new float[numbers];
        r = new float[v.length];
        slope = new float[v.length];
    }

    /** One of so many numbers, all in a single row. */
    public static LayerActivity ofNumbers(int size, int numbers) {
        return new LayerActivity(size, numbers, numbers);
    }
}
