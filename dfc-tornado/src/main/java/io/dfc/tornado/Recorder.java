package io.dfc.tornado;

import io.dfc.api.network.Network;
import io.dfc.api.plan.Recording;
import io.dfc.api.plan.Variable;
import io.dfc.api.spi.Trajectory;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What is recorded of one run: states are read from the device when it stops at a time point. */
final class Recorder {
    private final DeviceShare device;
    private final Layout layout;
    private final Network network;
    private final Recording recording;
    private final int samples;
    private final Map<Variable, List<Tensor>> values = new EnumMap<>(Variable.class);

    /** Voltages and rates of the feedforward pass, to which deviations are added. */
    private final Map<Variable, float[]> feedforward = new EnumMap<>(Variable.class);

    Recorder(DeviceShare device, Layout layout, Recording recording, int samples) {
        this.device = device;
        this.layout = layout;
        this.network = layout.network;
        this.recording = recording.isActive() ? recording : Recording.none();
        this.samples = samples;
        for (Variable variable : this.recording.variables()) {
            values.put(variable, empty(variable));
        }
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
        int slot = recording.timePoints().indexOf(point);
        if (slot < 0) {
            return;
        }
        values.forEach(
                (variable, tensors) -> {
                    switch (variable) {
                        case SOMATIC, RATE, BASAL, APICAL -> layers(variable, tensors, slot);
                        case CONTROL -> control(tensors.getFirst(), slot);
                        case ERROR_NORM -> errors(tensors.getFirst(), slot);
                    }
                });
    }

    /**
     * What was recorded.
     *
     * @param source where it comes from
     */
    Trajectory trajectory(Recording.Source source) {
        return new Trajectory(recording.timePoints(), values, source);
    }

    private List<Tensor> empty(Variable variable) {
        int slots = recording.timePoints().size();
        return switch (variable) {
            case CONTROL -> List.of(zeros(slots, samples, layout.outputs));
            case ERROR_NORM -> List.of(zeros(slots, samples));
            case SOMATIC, RATE, BASAL, APICAL -> {
                List<Tensor> out = new ArrayList<>();
                for (int i = 0; i < layout.depth; i++) {
                    out.add(zeros(slots, samples, network.size(i)));
                }
                yield out;
            }
        };
    }

    private static Tensor zeros(int... shape) {
        int length = 1;
        for (int d : shape) {
            length = Math.multiplyExact(length, d);
        }
        return Tensor.wrap(new double[length], shape);
    }

    private void layers(Variable variable, List<Tensor> tensors, int slot) {
        float[] state = readLayers(slotOf(variable));
        boolean deviation = variable == Variable.APICAL || recording.deviations();
        float[] base = deviation ? null : feedforward(variable);
        for (int i = 0; i < layout.depth; i++) {
            int n = network.size(i);
            Tensor out = tensors.get(i);
            for (int s = 0; s < samples; s++) {
                for (int j = 0; j < n; j++) {
                    int cell = layout.layerOffset(i) + Tiles.at(s, j, n);
                    double x = state[cell];
                    out.set((slot * samples + s) * n + j, deviation ? x : x + base[cell]);
                }
            }
        }
    }

    private static int slotOf(Variable variable) {
        return switch (variable) {
            case SOMATIC -> Slots.SOMATIC;
            case RATE -> Slots.RATE_DEVIATION;
            case BASAL -> Slots.BASAL;
            case APICAL -> Slots.APICAL;
            case CONTROL -> Slots.CONTROL;
            case ERROR_NORM -> Slots.ERROR;
        };
    }

    private float[] feedforward(Variable variable) {
        return feedforward.computeIfAbsent(
                variable == Variable.RATE ? Variable.RATE : Variable.SOMATIC,
                v -> readLayers(v == Variable.RATE ? Slots.RATE : Slots.VOLTAGE));
    }

    private float[] readLayers(int slot) {
        return device.read(layout.at(slot), layout.padded * network.neurons());
    }

    private float[] readOutputs(Variable variable) {
        return device.read(layout.at(slotOf(variable)), layout.padded * layout.outputs);
    }

    private void control(Tensor out, int slot) {
        int n = layout.outputs;
        float[] u = readOutputs(Variable.CONTROL);
        for (int s = 0; s < samples; s++) {
            for (int j = 0; j < n; j++) {
                out.set((slot * samples + s) * n + j, u[Tiles.at(s, j, n)]);
            }
        }
    }

    private void errors(Tensor out, int slot) {
        int n = layout.outputs;
        float[] errors = readOutputs(Variable.ERROR_NORM);
        for (int s = 0; s < samples; s++) {
            double sum = 0;
            for (int j = 0; j < n; j++) {
                double e = errors[Tiles.at(s, j, n)];
                sum += e * e;
            }
            out.set(slot * samples + s, Math.sqrt(sum));
        }
    }
}
