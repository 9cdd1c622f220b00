package io.dfc.cpu.simd.model;

import io.dfc.api.network.Activation;
import io.dfc.cpu.simd.kernel.LayerActivity;
import io.dfc.cpu.simd.kernel.Rates;
import io.dfc.cpu.simd.product.Gemm;

/**
 * The rates and slopes of a layer for some samples of the feedforward pass, while their voltages
 * are in the cache; not thread-safe.
 */
final class ForwardStep implements Gemm.Epilogue {
    private final Activation activation;
    private final LayerActivity layer;
    private int first;
    private int rows;

    ForwardStep(Activation activation, LayerActivity layer) {
        this.activation = activation;
        this.layer = layer;
    }

    /** Selects rows, from the first one on. */
    ForwardStep of(int firstRow, int count) {
        first = firstRow;
        rows = count;
        return this;
    }

    @Override
    public void finish(int column, int columns) {
        for (int row = first; row < first + rows; row++) {
            int at = row * layer.stride + column;
            Rates.evaluate(activation, layer.v, layer.r, layer.slope, at, at + columns);
        }
    }
}
