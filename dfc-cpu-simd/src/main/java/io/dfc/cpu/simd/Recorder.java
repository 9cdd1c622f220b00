package io.dfc.cpu.simd;

import io.dfc.api.network.Layer;
import io.dfc.api.network.Network;
import io.dfc.api.plan.Recording;
import io.dfc.api.plan.Variable;
import io.dfc.api.spi.Trajectory;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects a trajectory; tiles write disjoint samples, so threads need no lock. */
final class Recorder {
    private final Network network;
    private Recording recording = Recording.none();
    private final Batch batch;
    private int samples;
    private final Map<Variable, List<double[]>> values = new EnumMap<>(Variable.class);

    Recorder(Network network, Batch batch) {
        this.network = network;
        this.batch = batch;
    }

    /** Makes ready for the current minibatch. */
    void begin(Recording wanted) {
        samples = batch.samples;
        recording = wanted;
        values.clear();
        if (recording.isActive()) {
            allocate();
        }
    }

    private void allocate() {
        int points = recording.timePoints().size();
        for (Variable variable : recording.variables()) {
            List<double[]> tensors = new ArrayList<>();
            for (int width : widths(variable)) {
                tensors.add(new double[points * samples * width]);
            }
            values.put(variable, tensors);
        }
    }

    private int[] widths(Variable variable) {
        return switch (variable) {
            case CONTROL -> new int[] {network.outputs()};
            case ERROR_NORM -> new int[] {1};
            case SOMATIC, RATE, BASAL, APICAL ->
                    network.layers().stream().mapToInt(Layer::size).toArray();
        };
    }

    void record(int point, Tile tile) {
        if (!recording.isActive()) {
            return;
        }
        for (int s = 0; s < tile.count; s++) {
            record(point, tile, s);
        }
    }

    /** Whether a time point is recorded. */
    boolean records(int point) {
        return recording.isActive() && recording.timePoints().contains(point);
    }

    /** Writes one sample of a tile. */
    void record(int point, Tile tile, int s) {
        int slot = recording.isActive() ? recording.timePoints().indexOf(point) : -1;
        if (slot < 0) {
            return;
        }
        int row = slot * samples + tile.first + s;
        values.forEach(
                (variable, tensors) -> {
                    switch (variable) {
                        case CONTROL ->
                                System.arraycopy(
                                        tile.u,
                                        s * tile.outputs,
                                        tensors.getFirst(),
                                        row * tile.outputs,
                                        tile.outputs);
                        case ERROR_NORM -> tensors.getFirst()[row] = tile.errorNorm(s);
                        case SOMATIC -> write(tensors, row, tile, s, tile.dv, Base.VOLTAGE);
                        case RATE -> write(tensors, row, tile, s, tile.dr, Base.RATE);
                        case BASAL -> write(tensors, row, tile, s, tile.db, Base.VOLTAGE);
                        case APICAL -> write(tensors, row, tile, s, tile.apical, Base.ZERO);
                    }
                });
    }

    /** What a deviation is counted from. */
    private enum Base {
        ZERO,
        VOLTAGE,
        RATE
    }

    private void write(
            List<double[]> out, int row, Tile tile, int s, float[][] deviation, Base base) {
        for (int i = 0; i < deviation.length; i++) {
            int size = network.size(i);
            int from = s * tile.strides[i];
            int at = (tile.first + s) * tile.strides[i];
            LayerActivity layer = batch.layers[i];
            for (int j = 0; j < size; j++) {
                double origin =
                        recording.deviations()
                                ? 0
                                : switch (base) {
                                    case ZERO -> 0;
                                    case VOLTAGE -> layer.v[at + j];
                                    case RATE -> layer.r[at + j];
                                };
                out.get(i)[row * size + j] = origin + deviation[i][from + j];
            }
        }
    }

    /**
     * The trajectory.
     *
     * @param source where it comes from
     */
    Trajectory trajectory(Recording.Source source) {
        if (!recording.isActive()) {
            throw new IllegalStateException(
                    "the loop was not asked to record; run it with a recording");
        }
        int points = recording.timePoints().size();
        Map<Variable, List<Tensor>> tensors = new EnumMap<>(Variable.class);
        values.forEach(
                (variable, arrays) -> {
                    int[] widths = widths(variable);
                    List<Tensor> list = new ArrayList<>();
                    for (int i = 0; i < widths.length; i++) {
                        list.add(
                                variable == Variable.ERROR_NORM
                                        ? Tensor.of(arrays.get(i), points, samples)
                                        : Tensor.of(arrays.get(i), points, samples, widths[i]));
                    }
                    tensors.put(variable, list);
                });
        return new Trajectory(recording.timePoints(), tensors, source);
    }
}
