package io.dfc.tornado.loop;

import io.dfc.api.spi.support.TrajectoryRecorder;
import io.dfc.api.trajectory.Recording;
import io.dfc.api.trajectory.Trajectory;
import io.dfc.api.trajectory.Variable;
import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.memory.MemoryLayout;
import io.dfc.tornado.memory.Tiles;
import io.dfc.tornado.runtime.DeviceShare;

import java.util.EnumMap;
import java.util.Map;

/** Recording of one run; states are read from the device when a launch ends at a time point. */
final class Recorder {
    private final DeviceShare device;
    private final MemoryLayout layout;
    private final Recording recording;
    private final int samples;
    private final TrajectoryRecorder records;

    /** Voltages and rates of the feedforward pass, once they are needed. */
    private float[] voltages;

    private float[] rates;

    Recorder(DeviceShare device, MemoryLayout layout, Recording recording, int samples) {
        this.device = device;
        this.layout = layout;
        this.recording = recording;
        this.samples = samples;
        records = new TrajectoryRecorder(layout.network, recording, samples);
    }

    /** Whether anything is recorded. */
    boolean isActive() {
        return recording.isActive();
    }

    /** The first time point after another at which there is something to record. */
    int nextAfter(int point) {
        return recording.timePoints().stream()
                .filter(p -> p > point)
                .findFirst()
                .orElse(Integer.MAX_VALUE);
    }

    /** Records the state on the device, if this time point is asked for. */
    void record(int point) {
        if (!records.records(point)) {
            return;
        }
        Map<Variable, float[]> blocks = new EnumMap<>(Variable.class);
        for (Variable variable : recording.variables()) {
            blocks.put(
                    variable,
                    switch (variable) {
                        case SOMATIC -> readLayers(TableLayout.SOMATIC);
                        case RATE -> readLayers(TableLayout.RATE_DEVIATION);
                        case BASAL -> readLayers(TableLayout.BASAL);
                        case APICAL -> readLayers(TableLayout.APICAL);
                        case CONTROL -> readOutputs(TableLayout.CONTROL);
                        case ERROR_NORM -> readOutputs(TableLayout.ERROR);
                    });
        }
        for (int s = 0; s < samples; s++) {
            records.record(point, s, new Sample(s, blocks));
        }
    }

    /**
     * What was recorded.
     *
     * @param source where it comes from
     */
    Trajectory trajectory(Recording.Source source) {
        return records.trajectory(source);
    }

    private float[] readLayers(int position) {
        return device.read(layout.at(position), layout.padded * layout.network.neurons());
    }

    private float[] readOutputs(int position) {
        return device.read(layout.at(position), layout.padded * layout.outputs);
    }

    /** One sample of the state that was read, a block of tiles to each variable. */
    private final class Sample implements TrajectoryRecorder.State {
        private final int sample;
        private final Map<Variable, float[]> blocks;

        Sample(int sample, Map<Variable, float[]> blocks) {
            this.sample = sample;
            this.blocks = blocks;
        }

        @Override
        public double value(Variable variable, int layer, int index) {
            float[] block = blocks.get(variable);
            return switch (variable) {
                case SOMATIC, RATE, BASAL, APICAL -> block[cell(layer, index)];
                case CONTROL -> block[Tiles.at(sample, index, layout.outputs)];
                case ERROR_NORM -> norm(block);
            };
        }

        private double norm(float[] error) {
            double sum = 0;
            for (int j = 0; j < layout.outputs; j++) {
                double e = error[Tiles.at(sample, j, layout.outputs)];
                sum += e * e;
            }
            return Math.sqrt(sum);
        }

        @Override
        public double feedforward(boolean rate, int layer, int index) {
            if (rate && rates == null) {
                rates = readLayers(TableLayout.RATE);
            }
            if (!rate && voltages == null) {
                voltages = readLayers(TableLayout.VOLTAGE);
            }
            return (rate ? rates : voltages)[cell(layer, index)];
        }

        private int cell(int layer, int index) {
            return layout.layerOffset(layer) + Tiles.at(sample, index, layout.network.size(layer));
        }
    }
}
