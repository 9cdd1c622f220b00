package io.dfc.cpu.simd.phase;

import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopPhase;
import io.dfc.cpu.simd.kernel.NoiseSource;
import io.dfc.cpu.simd.learn.FeedbackCorrelation;
import io.dfc.cpu.simd.loop.ControlError;
import io.dfc.cpu.simd.loop.Recorder;
import io.dfc.cpu.simd.loop.StoredVoltages;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.loop.TileSimulation;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;

/**
 * Working memory of a task that simulates the noisy loop of some tiles, from which feedback weights
 * alone learn. Used by one thread at a time.
 */
final class FeedbackWorkspace {
    private final Network network;
    private final Tile tile;
    private final TileSimulation simulation;
    private final FeedbackCorrelation correlation;
    private final TileSimulation.Observer observer =
            new TileSimulation.Observer() {
                @Override
                public void observe(int point, Tile t) {
                    if (inLanes()) {
                        correlation.gather(point, simulation.lanes());
                    } else {
                        correlation.gather(point);
                    }
                    recording.record(point, t);
                }

                @Override
                public StoredVoltages reads(int point) {
                    if (recording.records(point)) {
                        return StoredVoltages.ALL;
                    }
                    return inLanes() ? StoredVoltages.NONE : StoredVoltages.APICAL;
                }
            };
    private Recorder recording;

    /**
     * A workspace.
     *
     * @param rows most samples that are simulated at once
     */
    FeedbackWorkspace(LoopPhase phase, Model model, int rows) {
        network = model.network;
        tile = new Tile(network, rows);
        correlation = new FeedbackCorrelation(phase, model, tile);
        simulation = new TileSimulation(model, phase.controller(), phase.dynamics(), phase.noise());
    }

    private boolean inLanes() {
        return FeedbackCorrelation.sumsDirectly(network, simulation.lanes());
    }

    void begin() {
        correlation.begin();
    }

    void end() {
        correlation.end();
    }

    /** Padded [n_i, n_L] sums over the samples between {@link #begin} and {@link #end}. */
    float[][] sums() {
        return correlation.sums();
    }

    /** Simulates the loop of some samples and adds to the sums. */
    void run(
            Batch batch,
            int first,
            int count,
            ControlError target,
            NoiseSource noise,
            Recorder recorder) {
        recording = recorder;
        simulation.run(tile, batch, first, count, target, noise, observer);
        correlation.flush();
    }
}
