package io.dfc.cpu.simd.loop;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.ControlTile;
import io.dfc.api.control.Controller;
import io.dfc.api.control.Dynamics;
import io.dfc.api.network.Network;
import io.dfc.api.spi.support.UserCode;
import io.dfc.cpu.simd.kernel.NoiseSource;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.Gemm;

import java.util.Arrays;
import java.util.Optional;

/** Simulates a tile over all time steps of {@link Dynamics}, on one thread. */
public final class TileSimulation {
    /** Sees every time point, 0 included, once its state and error are complete. */
    public interface Observer {
        void observe(int point, Tile tile);

        /** Voltages that {@link #observe} reads at a time point. */
        default StoredVoltages reads(int point) {
            return StoredVoltages.ALL;
        }
    }

    private final Model model;
    private final Network network;
    private final Controller controller;
    private final Dynamics dynamics;
    private final LayerStep[] steps;

    /** Whether apical voltages are instantaneous but for noise. */
    private final boolean instantApical;

    /** The tile that was run last with samples side by side, and its steps. */
    private LaneTile lanes;

    private int lanesCapacity;
    private final LaneStep[] laneSteps;

    /** Whether the current run has samples side by side. */
    private boolean inLanes;

    /** Factor of a standard normal number in an apical voltage, or in filtered noise, per layer. */
    private final float[] noiseFactor;

    /** Whether noise is filtered and added to the apical voltages. */
    private final boolean filters;

    /** The tile of the last run, and the controller's views of it, by number of samples. */
    private Tile viewed;

    private ControlTile[] views;

    /** State of the controller, [samples, stateSize]. */
    private double[] state;

    public TileSimulation(
            Model model,
            Controller controller,
            Dynamics dynamics,
            Optional<ApicalNoise> apicalNoise) {
        this.model = model;
        this.network = model.network;
        this.controller = controller;
        this.dynamics = dynamics;
        noiseFactor = new float[network.depth()];
        apicalNoise.ifPresent(
                noise -> {
                    for (int i = 0; i < noiseFactor.length; i++) {
                        noiseFactor[i] = (float) noise.step(i, noiseFactor.length, dynamics);
                    }
                });
        filters = apicalNoise.filter(ApicalNoise::isFiltered).isPresent();
        float retention = filters ? (float) apicalNoise.orElseThrow().retention(dynamics) : 0;
        steps = new LayerStep[network.depth()];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = new LayerStep(model, i, dynamics, noiseFactor[i], filters, retention);
        }
        instantApical = dynamics.apicalTimeConstant() == dynamics.timeStep();
        laneSteps = new LaneStep[instantApical ? steps.length : 0];
        for (int i = 0; i < laneSteps.length; i++) {
            laneSteps[i] = new LaneStep(model, i, dynamics);
        }
    }

    /**
     * Somatic and basal voltages and rates of the current run, where the tile itself gets them only
     * for observers that read everything; null if the tile always has them.
     */
    public LaneTile lanes() {
        return inLanes ? lanes : null;
    }

    /** Runs all time points of some samples; the tile then holds all voltages of the last. */
    public void run(
            Tile tile,
            Batch batch,
            int first,
            int count,
            ControlError target,
            NoiseSource noise,
            Observer observer) {
        tile.reset(batch, first, count);
        for (int i = 0; i < noiseFactor.length; i++) {
            if (isNoisy(i, noise)) {
                // Numbers are drawn for samples and neurons alone, not for padding.
                Arrays.fill(tile.scratch[i], 0f);
            }
        }
        if (filters) {
            tile.clearFilteredNoise();
        }
        inLanes = instantApical && !isNoisy(noise);
        if (inLanes) {
            prepareLanes(tile, batch);
        }
        ControlTile view = view(tile);
        tile.evaluateError(target);
        observer.observe(0, tile);
        int depth = network.depth();
        for (int step = 0; step < dynamics.steps(); step++) {
            System.arraycopy(tile.u, 0, tile.previousU, 0, count * tile.outputs);
            controller.step(view, dynamics.timeStep());
            UserCode.requireFinite(controller, view, step);
            tile.apply(dynamics.proactive() ? tile.u : tile.previousU);
            boolean last = step + 1 == dynamics.steps();
            StoredVoltages stored = last ? StoredVoltages.ALL : observer.reads(step + 1);
            if (inLanes) {
                advanceLanes(tile, stored);
                tile.compare(target);
            } else {
                for (int n = 0; n < depth; n++) {
                    advance(tile, batch, layer(n), step, noise, stored);
                }
                tile.evaluateError(target);
            }
            observer.observe(step + 1, tile);
        }
    }

    /** The layer that comes next: downwards, every layer still finds the old rates below. */
    private int layer(int n) {
        return dynamics.instantTransmission() ? n : network.depth() - 1 - n;
    }

    private void prepareLanes(Tile tile, Batch batch) {
        if (lanes == null || lanesCapacity != tile.capacity) {
            lanes = new LaneTile(network, model.blocks.lanes(), tile.capacity);
            lanesCapacity = tile.capacity;
        }
        lanes.reset(tile, batch);
    }

    private void advanceLanes(Tile tile, StoredVoltages stored) {
        int panels = lanes.panels(tile.count);
        lanes.applyControl(tile);
        for (int n = 0; n < laneSteps.length; n++) {
            laneSteps[layer(n)].run(lanes, panels, stored.basal);
        }
        lanes.writeOutputs(tile);
        if (stored.apical) {
            lanes.writeState(tile);
            for (int i = 0; i < laneSteps.length; i++) {
                int stride = tile.strides[i];
                Gemm.multiply(
                        tile.applied,
                        0,
                        tile.outputs,
                        tile.rows,
                        model.feedback[i],
                        tile.apical[i],
                        0,
                        stride);
            }
        }
    }

    /** The controller's view of a tile, with its state cleared. */
    private ControlTile view(Tile tile) {
        if (viewed != tile) {
            viewed = tile;
            views = new ControlTile[tile.capacity + 1];
            state = new double[tile.capacity * controller.stateSize(tile.outputs)];
        }
        if (views[tile.count] == null) {
            views[tile.count] =
                    new ControlTile(
                            0,
                            tile.count,
                            tile.outputs,
                            tile.error,
                            tile.feedforwardRate,
                            tile.outputDeviation,
                            tile.u,
                            state);
        }
        Arrays.fill(state, 0);
        return views[tile.count];
    }

    private void advance(
            Tile tile, Batch batch, int i, int step, NoiseSource noise, StoredVoltages stored) {
        boolean noisy = isNoisy(i, noise);
        if (noisy) {
            draw(tile, i, step, noise);
        }
        steps[i].run(tile, batch.layers[i], noisy, stored);
    }

    private boolean isNoisy(NoiseSource noise) {
        for (int i = 0; i < noiseFactor.length; i++) {
            if (isNoisy(i, noise)) {
                return true;
            }
        }
        return false;
    }

    private boolean isNoisy(int i, NoiseSource noise) {
        return noiseFactor[i] != 0 && !noise.isSilent();
    }

    private void draw(Tile tile, int i, int step, NoiseSource noise) {
        for (int s = 0; s < tile.count; s++) {
            int at = s * tile.strides[i];
            noise.fill(step, i, tile.first + s, tile.scratch[i], at, tile.normals);
        }
    }
}
