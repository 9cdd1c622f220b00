package io.dfc.tornado;

import io.dfc.api.network.Network;
import io.dfc.api.spi.Recording;
import io.dfc.api.spi.Trajectory;
import io.dfc.api.spi.Variable;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What the loop has recorded on the device. */
final class Recordings {
    private final DeviceShare device;
    private final Layout layout;
    private final Network network;
    private final Recording recording;
    private final int at;
    private final int points;

    /**
     * Recordings of a phase.
     *
     * @param at where they lie
     * @param points where the table of time points begins
     */
    Recordings(DeviceShare device, Layout layout, Recording recording, int at, int points) {
        this.device = device;
        this.layout = layout;
        this.network = layout.network;
        this.recording = recording;
        this.at = at;
        this.points = points;
    }

    /** Tells the kernels what to record. */
    void configure() {
        device.set(Slots.RECORDS, recording.isActive() ? recording.timePoints().size() : 0);
        device.set(Slots.RECORD_AT, at);
        device.set(Slots.RECORD_SPAN, layout.recordSpan);
        device.set(Slots.RECORD_POINTS, points);
    }

    Trajectory read(int samples) {
        int slots = recording.timePoints().size();
        Map<Variable, List<Tensor>> values = new EnumMap<>(Variable.class);
        for (Variable variable : recording.variables()) {
            values.put(variable, empty(variable, slots, samples));
        }
        if (recording.isActive()) {
            int block = layout.padded * network.neurons();
            float[] voltages = device.read(layout.at(Slots.VOLTAGE), block);
            float[] rates = device.read(layout.at(Slots.RATE), block);
            for (int slot = 0; slot < slots; slot++) {
                float[] state = device.read(at + slot * layout.recordSpan, layout.recordSpan);
                int place = slot;
                values.forEach(
                        (variable, tensors) -> {
                            switch (variable) {
                                case SOMATIC -> layers(tensors, place, samples, state, 0, voltages);
                                case RATE -> layers(tensors, place, samples, state, 1, rates);
                                case BASAL -> layers(tensors, place, samples, state, 2, voltages);
                                case APICAL -> layers(tensors, place, samples, state, 3, null);
                                case CONTROL ->
                                        control(tensors.getFirst(), place, samples, state, block);
                                case ERROR_NORM ->
                                        errors(tensors.getFirst(), place, samples, state, block);
                            }
                        });
            }
        }
        return new Trajectory(recording.timePoints(), values);
    }

    private List<Tensor> empty(Variable variable, int slots, int samples) {
        return switch (variable) {
            case CONTROL ->
                    List.of(
                            Tensor.wrap(
                                    new double[slots * samples * layout.outputs],
                                    slots,
                                    samples,
                                    layout.outputs));
            case ERROR_NORM -> List.of(Tensor.wrap(new double[slots * samples], slots, samples));
            case SOMATIC, RATE, BASAL, APICAL -> {
                List<Tensor> out = new ArrayList<>();
                for (int i = 0; i < layout.depth; i++) {
                    int n = network.size(i);
                    out.add(Tensor.wrap(new double[slots * samples * n], slots, samples, n));
                }
                yield out;
            }
        };
    }

    private void layers(
            List<Tensor> tensors,
            int slot,
            int samples,
            float[] state,
            int variable,
            float[] feedforward) {
        int block = layout.padded * network.neurons();
        boolean deviation = feedforward == null || recording.deviations();
        for (int i = 0; i < layout.depth; i++) {
            int n = network.size(i);
            Tensor out = tensors.get(i);
            for (int s = 0; s < samples; s++) {
                for (int j = 0; j < n; j++) {
                    int cell = layout.layerOffset(i) + Tiles.at(s, j, n);
                    double x = state[variable * block + cell];
                    out.set((slot * samples + s) * n + j, deviation ? x : x + feedforward[cell]);
                }
            }
        }
    }

    private void control(Tensor out, int slot, int samples, float[] state, int block) {
        int n = layout.outputs;
        for (int s = 0; s < samples; s++) {
            for (int j = 0; j < n; j++) {
                out.set((slot * samples + s) * n + j, state[4 * block + Tiles.at(s, j, n)]);
            }
        }
    }

    private void errors(Tensor out, int slot, int samples, float[] state, int block) {
        int n = layout.outputs;
        int at = 4 * block + layout.padded * n;
        for (int s = 0; s < samples; s++) {
            double sum = 0;
            for (int j = 0; j < n; j++) {
                double e = state[at + Tiles.at(s, j, n)];
                sum += e * e;
            }
            out.set(slot * samples + s, Math.sqrt(sum));
        }
    }
}
