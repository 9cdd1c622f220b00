package io.dfc.cpu.simd;

import io.dfc.api.network.Activation;

/**
 * The rates and slopes of a layer for a tile of the feedforward pass, while its voltages are near.
 */
final class ForwardStep implements Gemm.Epilogue {
    private final Activation activation;
    private final LayerActivity layer;
    private final int from;

    ForwardStep(Activation activation, LayerActivity layer, int tile) {
        this.activation = activation;
        this.layer = layer;
        from = tile * Batch.TILE * layer.stride;
    }

    @Override
    public void finish(int column, int columns) {
        for (int row = 0; row < Batch.TILE; row++) {
            int at = from + row * layer.stride + column;
            Rates.evaluate(activation, layer.v, layer.r, layer.slope, at, at + columns);
        }
    }
}
