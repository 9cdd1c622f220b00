package io.dfc.cpu.simd.loop;

import io.dfc.api.network.Network;
import io.dfc.api.spi.support.TrajectoryRecorder;
import io.dfc.api.trajectory.Recording;
import io.dfc.api.trajectory.Trajectory;
import io.dfc.api.trajectory.Variable;
import io.dfc.cpu.simd.kernel.LayerActivity;
import io.dfc.cpu.simd.model.Batch;

/** Collects the trajectory of a minibatch from tiles; those of several threads need no lock. */
public final class Recorder {
    private final Network network;
    private final Batch batch;
    private TrajectoryRecorder records;

    public Recorder(Network network, Batch batch) {
        this.network = network;
        this.batch = batch;
    }

    /** Prepares for the current minibatch. */
    public void begin(Recording wanted) {
        records = wanted.isActive() ? new TrajectoryRecorder(network, wanted, batch.samples) : null;
    }

    /** Whether a time point is recorded. */
    public boolean records(int point) {
        return records != null && records.records(point);
    }

    public void record(int point, Tile tile) {
        if (records(point)) {
            for (int s = 0; s < tile.count; s++) {
                record(point, tile, s);
            }
        }
    }

    /** Writes one sample of a tile. */
    public void record(int point, Tile tile, int s) {
        if (records != null) {
            records.record(point, tile.first + s, new Sample(tile, s, batch));
        }
    }

    /** One sample of a tile. */
    private record Sample(Tile tile, int s, Batch batch) implements TrajectoryRecorder.State {
        @Override
        public double value(Variable variable, int layer, int index) {
            int at = s * tile.strides[layer] + index;
            return switch (variable) {
                case CONTROL -> tile.u[s * tile.outputs + index];
                case ERROR_NORM -> tile.errorNorm(s);
                case SOMATIC -> tile.dv[layer][at];
                case RATE -> tile.dr[layer][at];
                case BASAL -> tile.db[layer][at];
                case APICAL -> tile.apical[layer][at];
            };
        }

        @Override
        public double feedforward(boolean rate, int layer, int index) {
            LayerActivity activity = batch.layers[layer];
            int at = (tile.first + s) * activity.stride + index;
            return rate ? activity.r[at] : activity.v[at];
        }
    }

    /**
     * The trajectory.
     *
     * @param source where it comes from
     */
    public Trajectory trajectory(Recording.Source source) {
        if (records == null) {
            throw new IllegalStateException(
                    "the loop was not asked to record; run it with a recording");
        }
        return records.trajectory(source);
    }
}
