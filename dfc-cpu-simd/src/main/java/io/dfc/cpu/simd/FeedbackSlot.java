package io.dfc.cpu.simd;

import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopPhase;

/**
 * Working memory and loop of one share of the tiles of a noisy loop that teaches feedback weights;
 * used by one thread at a time.
 */
final class FeedbackSlot {
    private static final int STEPS = 8;

    private final Network network;
    private final Tile tile;
    private final TileSimulation simulation;
    private final FeedbackSums products;

    /** Apical voltages of up to {@link #STEPS} points and the control that follows each. */
    private final float[][] voltages;

    private final float[] controls;
    private final float[][] previous;
    private int gathered;
    private final TileSimulation.Observer observer =
            new TileSimulation.Observer() {
                @Override
                public void observe(int point, Tile t) {
                    gather(point);
                    recording.record(point, t);
                }

                @Override
                public Kept reads(int point) {
                    return recording.records(point) ? Kept.ALL : Kept.APICAL;
                }
            };
    private Recorder recording;

    /**
     * A slot.
     *
     * @param rows most samples that are simulated at once
     */
    FeedbackSlot(LoopPhase phase, Model model, int rows) {
        this.network = model.network;
        tile = new Tile(network, rows);
        products = new FeedbackSums(model, tile);
        int depth = network.depth();
        voltages = new float[depth][];
        previous = new float[depth][];
        for (int i = 0; i < depth; i++) {
            voltages[i] = new float[STEPS * tile.capacity * tile.strides[i]];
            previous[i] = new float[tile.capacity * tile.strides[i]];
        }
        controls = new float[STEPS * tile.capacity * products.stride];
        simulation = new TileSimulation(model, phase.controller(), phase.dynamics(), phase.noise());
    }

    void begin() {
        products.clear();
    }

    /** Padded [n_i, n_L] sums over the samples since {@link #begin}. */
    float[][] sums() {
        return products.sums;
    }

    /** Simulates the loop of some samples and adds their statistic. */
    void run(
            Batch batch,
            int first,
            int count,
            ControlError target,
            NoiseSource noise,
            Recorder recorder) {
        gathered = 0;
        recording = recorder;
        simulation.run(tile, batch, first, count, target, noise, observer);
        flush();
    }

    /**
     * Pairs the apical voltages of a point with the control at the next, the first that has seen
     * them.
     */
    private void gather(int point) {
        // At point 0 the apical voltages are zero, so the first pair is left out.
        if (point > 1) {
            int row = gathered * tile.rows;
            for (int i = 0; i < network.depth(); i++) {
                int n = tile.rows * tile.strides[i];
                System.arraycopy(previous[i], 0, voltages[i], row * tile.strides[i], n);
            }
            for (int s = 0; s < tile.count; s++) {
                int to = (row + s) * products.stride;
                for (int j = 0; j < tile.outputs; j++) {
                    controls[to + j] = (float) tile.u[s * tile.outputs + j];
                }
            }
            if (++gathered == STEPS) {
                flush();
            }
        }
        for (int i = 0; i < network.depth(); i++) {
            System.arraycopy(tile.apical[i], 0, previous[i], 0, previous[i].length);
        }
    }

    private void flush() {
        for (int i = 0; i < network.depth(); i++) {
            products.add(i, voltages[i], controls, gathered * tile.rows);
        }
        gathered = 0;
    }
}
