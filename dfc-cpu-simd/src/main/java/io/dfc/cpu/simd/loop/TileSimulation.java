package io.dfc.cpu.simd.loop;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.ControlTile;
import io.dfc.api.control.Controller;
import io.dfc.api.control.Dynamics;
import io.dfc.api.network.Network;
import io.dfc.api.spi.support.UserCode;
import io.dfc.cpu.simd.kernel.NoiseSource;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.Gemm;
import io.dfc.cpu.simd.product.LaneProducts;

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

    /** Whether samples lie side by side also where apical voltages are not instantaneous. */
    private final boolean narrow;

    /** The tile that was run last with samples side by side, and its steps. */
    private LaneTile lanes;

    private int lanesCapacity;
    private final LaneStep[] laneSteps;

    /** The same where apical voltages are not instantaneous. */
    private final LaneStep[] apicalSteps;

    /** Samples to be excluded from the next run. */
    private boolean[] excluded = new boolean[0];

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
            laneSteps[i] = new LaneStep(model, i, dynamics, null);
        }
        narrow = !filters && isNarrow(network);
        apicalSteps = new LaneStep[narrow ? steps.length : 0];
        float rate = (float) dynamics.apicalRate();
        for (int i = 0; i < apicalSteps.length; i++) {
            LaneApical apical = new LaneApical(rate, noiseFactor[i]);
            apicalSteps[i] = new LaneStep(model, i, dynamics, apical);
        }
    }

    /**
     * Whether a network has so few neurons that sums of products with its outputs stay in the
     * first-level cache: it is simulated with samples side by side whatever its apical voltages do.
     */
    public static boolean isNarrow(Network network) {
        boolean narrow = true;
        for (int i = 0; i < network.depth(); i++) {
            narrow &= LaneProducts.fits(network.size(i), network.outputs());
        }
        return narrow;
    }

    /**
     * Somatic and basal voltages and rates of the current run, where the tile itself gets them only
     * for observers that read everything; null if the tile always has them.
     */
    public LaneTile lanes() {
        return inLanes ? lanes : null;
    }

    /**
     * Excludes a sample of the last run's tile from the next run of it, where that leaves it at the
     * feedforward pass (see {@link LaneTile#holdsExcluded}).
     */
    public void exclude(int sample) {
        excluded[sample] = true;
    }

    /**
     * Adds one for every sample whose distance ratio is above a limit at the current time point.
     *
     * @param counts of all samples of the minibatch
     */
    public void countBeyond(double limit, Tile tile, int[] counts) {
        double leakage = controller.leakage();
        if (inLanes && lanes.controlled) {
            lanes.controller.countBeyond(limit, leakage, tile.first, counts);
            return;
        }
        for (int s = 0; s < tile.count; s++) {
            if (tile.distanceRatio(s, leakage) > limit) {
                counts[tile.first + s]++;
            }
        }
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
        if (excluded.length < tile.capacity) {
            excluded = new boolean[tile.capacity];
        }
        boolean plain = instantApical && !isNoisy(noise);
        inLanes = plain || narrow && LaneControl.covers(controller, target);
        if (inLanes) {
            prepareLanes(tile, batch, target);
            lanes.withApical = !plain;
        }
        Arrays.fill(excluded, false);
        ControlTile view = view(tile);
        tile.evaluateError(target);
        observer.observe(0, tile);
        int depth = network.depth();
        for (int step = 0; step < dynamics.steps(); step++) {
            boolean last = step + 1 == dynamics.steps();
            StoredVoltages stored = last ? StoredVoltages.ALL : observer.reads(step + 1);
            if (inLanes && lanes.controlled) {
                advanceControlled(tile, stored, step, plain ? null : noise);
                observer.observe(step + 1, tile);
                continue;
            }
            System.arraycopy(tile.u, 0, tile.previousU, 0, count * tile.outputs);
            controller.step(view, dynamics.timeStep());
            UserCode.requireFinite(controller, view, step);
            tile.apply(dynamics.proactive() ? tile.u : tile.previousU);
            if (inLanes) {
                lanes.applyControl(tile);
                advanceLanes(stored, tile, step, null);
                lanes.writeOutputs(tile);
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

    private void prepareLanes(Tile tile, Batch batch, ControlError target) {
        if (lanes == null || lanesCapacity != tile.capacity) {
            int width = model.blocks.lanes().width();
            lanes = new LaneTile(network, model.blocks.lanes(), Simd.roundUp(tile.capacity, width));
            lanesCapacity = tile.capacity;
        }
        lanes.reset(tile, batch);
        lanes.controlled = LaneControl.covers(controller, target);
        if (lanes.controlled) {
            lanes.controller.reset(tile, target);
            for (int s = 0; s < tile.count; s++) {
                if (excluded[s]) {
                    lanes.controller.exclude(s);
                }
            }
        }
    }

    /** A time step in which nothing leaves the lanes that no observer reads. */
    private void advanceControlled(Tile tile, StoredVoltages stored, int step, NoiseSource noise) {
        LaneControl control = lanes.controller;
        control.step(controller, dynamics.timeStep(), dynamics.proactive(), lanes.control);
        boolean rows = stored.apical;
        if (rows) {
            control.write(tile);
            tile.apply(dynamics.proactive() ? tile.u : tile.previousU);
        }
        advanceLanes(stored, tile, step, noise);
        control.compare(lanes.dr[network.depth() - 1]);
        if (rows) {
            control.write(tile);
        }
    }

    /**
     * Advances all layers.
     *
     * @param noise null if the apical voltages are instantaneous and without noise
     */
    private void advanceLanes(StoredVoltages stored, Tile tile, int step, NoiseSource noise) {
        int panels = lanes.panels(tile.count);
        for (int n = 0; n < network.depth(); n++) {
            int i = layer(n);
            boolean noisy = noise != null && isNoisy(i, noise);
            if (noisy) {
                lanes.draw(tile, i, step, noise);
            }
            (noise == null ? laneSteps : apicalSteps)[i].run(lanes, panels, stored.basal, noisy);
        }
        if (stored.apical) {
            lanes.writeState(tile);
            for (int i = 0; i < network.depth(); i++) {
                if (noise != null) {
                    lanes.writeRows(lanes.apical[i], i, tile, tile.apical[i]);
                    continue;
                }
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
