package io.dfc.api.spi.support;

import io.dfc.api.network.Layer;
import io.dfc.api.network.Network;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Recording;
import io.dfc.api.trajectory.Trajectory;
import io.dfc.api.trajectory.Variable;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Collects the trajectory of a minibatch, sample by sample. Threads that write different samples
 * need no lock.
 */
public final class TrajectoryRecorder {
    /** The state of one sample at one time point. */
    public interface State {
        /**
         * A number of a variable, as a deviation from the feedforward pass where it is one of
         * layers' voltages or rates.
         *
         * @param variable the variable
         * @param layer layer, from 0; 0 for variables that have none
         * @param index neuron or output, from 0
         * @return the number
         */
        double value(Variable variable, int layer, int index);

        /**
         * What a deviation is counted from.
         *
         * @param rate whether the rate {@code r_i^-} is wanted, else the voltage {@code v_i^-}
         * @param layer layer, from 0
         * @param index neuron, from 0
         * @return the number
         */
        double feedforward(boolean rate, int layer, int index);
    }

    private final Network network;
    private final Recording recording;
    private final int samples;
    private final Map<Variable, List<double[]>> values = new EnumMap<>(Variable.class);

    /**
     * A recorder of a minibatch.
     *
     * @param network the network
     * @param recording what is recorded
     * @param samples number of samples
     */
    public TrajectoryRecorder(Network network, Recording recording, int samples) {
        this.network = network;
        this.recording = recording;
        this.samples = samples;
        if (recording.isActive()) {
            allocate();
        }
    }

    private void allocate() {
        int points = recording.timePoints().size();
        for (Variable variable : recording.variables()) {
            List<double[]> tensors = new ArrayList<>();
            for (int width : widths(variable)) {
                int rows = Math.multiplyExact(points, samples);
                tensors.add(new double[Math.multiplyExact(rows, width)]);
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

    /**
     * Tells whether a time point is recorded.
     *
     * @param point the point, from 0
     * @return whether it is
     */
    public boolean records(int point) {
        return recording.isActive() && recording.timePoints().contains(point);
    }

    /**
     * Writes one sample at a time point, if the point is recorded.
     *
     * @param point the point, from 0
     * @param sample the sample, from 0
     * @param state its state
     */
    public void record(int point, int sample, State state) {
        int slot = recording.isActive() ? recording.timePoints().indexOf(point) : -1;
        if (slot < 0) {
            return;
        }
        int row = slot * samples + sample;
        values.forEach(
                (variable, tensors) -> {
                    for (int layer = 0; layer < tensors.size(); layer++) {
                        write(variable, layer, row, tensors.get(layer), state);
                    }
                });
    }

    private void write(Variable variable, int layer, int row, double[] out, State state) {
        int width = widths(variable)[layer];
        for (int j = 0; j < width; j++) {
            double origin =
                    recording.deviations()
                            ? 0
                            : switch (variable) {
                                case SOMATIC, BASAL -> state.feedforward(false, layer, j);
                                case RATE -> state.feedforward(true, layer, j);
                                case APICAL, CONTROL, ERROR_NORM -> 0;
                            };
            out[row * width + j] = origin + state.value(variable, layer, j);
        }
    }

    /**
     * What was collected.
     *
     * @param source where it comes from
     * @return the trajectory
     * @throws IllegalStateException if nothing was to be recorded
     */
    public Trajectory trajectory(Recording.Source source) {
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
