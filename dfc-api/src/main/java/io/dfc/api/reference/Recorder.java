package io.dfc.api.reference;

import io.dfc.api.network.Network;
import io.dfc.api.plan.Recording;
import io.dfc.api.plan.Variable;
import io.dfc.api.spi.Trajectory;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects a trajectory over the samples of a minibatch. */
final class Recorder {
    private final Network network;
    private final Recording recording;
    private final int samples;
    private final Map<Variable, List<double[]>> values = new EnumMap<>(Variable.class);

    Recorder(Network network, Recording recording, int samples) {
        this.network = network;
        this.recording = recording;
        this.samples = samples;
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
                    network.layers().stream().mapToInt(l -> l.size()).toArray();
        };
    }

    /**
     * Writes the samples of a state, the first of which is {@code firstSample} of the minibatch.
     */
    void record(int point, LoopState state, int firstSample) {
        int slot = recording.timePoints().indexOf(point);
        if (slot < 0) {
            return;
        }
        Activity base = state.feedforward;
        values.forEach(
                (variable, tensors) -> {
                    switch (variable) {
                        case CONTROL ->
                                write(
                                        slot,
                                        firstSample,
                                        base.samples,
                                        network.outputs(),
                                        tensors.getFirst(),
                                        state.u,
                                        null);
                        case ERROR_NORM -> {
                            for (int s = 0; s < base.samples; s++) {
                                tensors.getFirst()[slot * samples + firstSample + s] =
                                        state.errorNorm(s, network.outputs());
                            }
                        }
                        case SOMATIC ->
                                writeLayers(
                                        slot, firstSample, base.samples, tensors, state.dv, base.v);
                        case RATE ->
                                writeLayers(
                                        slot, firstSample, base.samples, tensors, state.dr, base.r);
                        case BASAL ->
                                writeLayers(
                                        slot, firstSample, base.samples, tensors, state.db, base.v);
                        case APICAL ->
                                writeLayers(
                                        slot,
                                        firstSample,
                                        base.samples,
                                        tensors,
                                        state.apical,
                                        null);
                    }
                });
    }

    private void writeLayers(
            int slot,
            int first,
            int count,
            List<double[]> out,
            double[][] deviation,
            double[][] base) {
        for (int i = 0; i < deviation.length; i++) {
            write(
                    slot,
                    first,
                    count,
                    network.size(i),
                    out.get(i),
                    deviation[i],
                    base == null ? null : base[i]);
        }
    }

    private void write(
            int slot,
            int first,
            int count,
            int width,
            double[] out,
            double[] deviation,
            double[] base) {
        int to = (slot * samples + first) * width;
        for (int at = 0; at < count * width; at++) {
            out[to + at] = deviation[at] + (base == null || recording.deviations() ? 0 : base[at]);
        }
    }

    Trajectory trajectory(Recording.Source source) {
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
