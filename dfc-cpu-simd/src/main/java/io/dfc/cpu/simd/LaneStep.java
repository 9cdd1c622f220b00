package io.dfc.cpu.simd;

import io.dfc.api.control.Dynamics;

/**
 * What a time step does to a layer of a {@link LaneTile} whose apical voltages are at once where
 * the control drives them: some rows of the product that drives the somatic voltages, and their
 * voltages and rates while those rows are near. Used by one thread at a time.
 */
final class LaneStep {
    /** Numbers of a product to finish at once, about. */
    private static final int FINISHED = 1024;

    private final LaneWeights weights;
    private final int index;
    private final SomaticStep somatic;

    /** Blocks of rows that are finished at once. */
    private final int group;

    /** What drives the somatic voltages of those rows. */
    private final float[] window;

    LaneStep(Model model, int index, Dynamics dynamics) {
        weights = model.lanes(index);
        this.index = index;
        somatic =
                new SomaticStep(
                        model.network.activation(index),
                        dynamics.instantSystem(),
                        (float) dynamics.somaticRate());
        int ofBlock = weights.shape.rows() * weights.shape.width();
        group = Math.max(1, FINISHED / ofBlock);
        window = new float[group * ofBlock];
    }

    /**
     * Advances the layer.
     *
     * @param panels number of panels that have samples
     * @param keepsBasal whether the tile must hold the basal voltages afterwards
     */
    void run(LaneTile tile, int panels, boolean keepsBasal) {
        boolean input = index == 0;
        int below = input ? 0 : index - 1;
        int firstRow = input ? tile.sizes[0] : 0;
        // The first layer's input is constant: its basal voltages do not deviate.
        float[] kept = keepsBasal && !input ? tile.db[index] : null;
        for (int b = 0; b < weights.blocks; b += group) {
            int end = Math.min(b + group, weights.blocks);
            int row = weights.row(b);
            int numbers = (weights.row(end) - row) * tile.width;
            for (int p = 0; p < panels; p++) {
                int at = tile.at(index, p, row);
                weights.multiply(
                        b, end, tile.dr[below], tile.rateAt(below, p, firstRow), kept, at, window);
                somatic.advance(
                        tile.layers[index],
                        at,
                        window,
                        0,
                        tile.dv[index],
                        at,
                        tile.dr[index],
                        tile.rateAt(index, p, row),
                        1,
                        numbers);
            }
        }
    }
}
