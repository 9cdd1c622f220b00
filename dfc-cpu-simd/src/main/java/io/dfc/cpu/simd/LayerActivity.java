package io.dfc.cpu.simd;

/** Feedforward pass of one layer: padded [samples, n_i] arrays. */
final class LayerActivity {
    final int size;
    final int stride;
    final float[] v;
    final float[] r;
    final float[] slope;

    LayerActivity(int size, int rows) {
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
    static LayerActivity ofNumbers(int size, int numbers) {
        return new LayerActivity(size, numbers, numbers);
    }
}
