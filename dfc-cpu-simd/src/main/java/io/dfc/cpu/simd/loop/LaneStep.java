package io.dfc.cpu.simd.loop;

import io.dfc.api.control.Dynamics;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.LaneBlock;
import io.dfc.cpu.simd.product.LaneWeights;

/**
 * The time step of a layer of a {@link LaneTile}: a block of rows of the products that drive apical
 * and somatic voltages, then these voltages and the rates while those rows are in the cache. Used
 * by one thread at a time.
 */
final class LaneStep {
    /** Numbers of a product to finish at once, about. */
    private static final int FINISHED = 1024;

    /** Null for the first layer, whose input is constant: its basal voltages have no deviation. */
    private final LaneWeights weights;

    private final LaneWeights feedback;
    private final int index;
    private final SomaticStep somatic;

    /** Null if the apical voltages are instantaneous and without noise, hence {@code Q_i u}. */
    private final LaneApical apical;

    /** Blocks of rows that are finished at once. */
    private final int group;

    /** Input of the somatic voltages of those rows. */
    private final float[] block;

    /**
     * The step of a layer.
     *
     * @param apical step of its apical voltages; null if they are instantaneous
     */
    LaneStep(Model model, int index, Dynamics dynamics, LaneApical apical) {
        this.apical = apical;
        weights = index == 0 ? null : model.laneWeights(index);
        feedback = model.laneFeedback(index);
        this.index = index;
        somatic =
                new SomaticStep(
                        model.network.activation(index),
                        dynamics.instantSystem(),
                        (float) dynamics.somaticRate());
        int ofBlock = feedback.shape.rows() * feedback.shape.width();
        group = Math.max(1, FINISHED / ofBlock);
        block = new float[group * ofBlock];
    }

    /**
     * Advances the layer.
     *
     * @param panels number of panels that have samples
     * @param storesBasal whether the tile must hold the basal voltages afterwards
     * @param noisy whether the tile holds normal numbers for this step
     */
    void run(LaneTile tile, int panels, boolean storesBasal, boolean noisy) {
        LaneBlock.Form form = storesBasal ? LaneBlock.Form.STORED_AND_ADDED : LaneBlock.Form.ADDED;
        for (int b = 0; b < feedback.blocks; b += group) {
            int end = Math.min(b + group, feedback.blocks);
            int row = feedback.row(b);
            int numbers = (feedback.row(end) - row) * tile.width;
            for (int p = 0; p < panels; p++) {
                int at = tile.at(index, p, row);
                feedback.multiply(
                        LaneBlock.Form.PLAIN,
                        b,
                        end,
                        tile.control,
                        tile.controlAt(p),
                        null,
                        0,
                        block);
                if (apical != null && noisy) {
                    int noiseAt = tile.noiseAt(index, p) + row * tile.width;
                    apical.advance(
                            tile.apical[index], at, block, tile.noise[index], noiseAt, numbers);
                } else if (apical != null) {
                    apical.advance(tile.apical[index], at, block, numbers);
                }
                if (index > 0) {
                    float[] below = tile.dr[index - 1];
                    int belowAt = tile.at(index - 1, p, 0);
                    weights.multiply(form, b, end, below, belowAt, tile.db[index], at, block);
                }
                somatic.advance(
                        tile.layers[index],
                        at,
                        block,
                        0,
                        tile.dv[index],
                        at,
                        tile.dr[index],
                        at,
                        1,
                        numbers);
            }
        }
    }
}
