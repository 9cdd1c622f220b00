package io.dfc.cpu.simd;

/** Feedforward pass of one layer: padded [samples, n_i] arrays. */
final class LayerActivity {
    final int size;
    final int stride;
    final float[] v;
    final float[] r;
    final float[] slope;

    LayerActivity(int size, int rows) {
        this.size = size;
        stride = Simd.stride(size);
        v = new float[Math.multiplyExact(rows, stride)];
        r = new float[v.length];
        slope = new float[v.length];
    }
}
