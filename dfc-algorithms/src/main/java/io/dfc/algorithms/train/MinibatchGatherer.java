package io.dfc.algorithms.train;

import io.dfc.algorithms.data.DataSet;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.SampleBuffer;
import io.dfc.api.spi.TargetKind;
import io.dfc.api.tensor.Rows;

/**
 * Gathers minibatches of a data set where an engine reads them, so that no number is copied twice.
 * Allocates nothing once each size has been gathered. Not thread-safe.
 *
 * <p>The inputs of an autoencoder are its targets: they are gathered once.
 */
public final class MinibatchGatherer {
    private final DataSet data;
    private final Engine engine;
    private final TargetKind kind;

    /**
     * A gatherer.
     *
     * @param data the data set
     * @param engine engine that reads the minibatches
     */
    public MinibatchGatherer(DataSet data, Engine engine) {
        this.data = data;
        this.engine = engine;
        kind =
                data.classification()
                        ? TargetKind.LABELS
                        : data.autoencoder() ? TargetKind.INPUTS : TargetKind.VALUES;
    }

    /**
     * Gathers samples, which ends the engine's pass.
     *
     * @param indices samples, each in [0, {@link DataSet#size()})
     * @param from first position of {@code indices} used
     * @param samples number of samples {@code B}, from 1 to the maximum of the engine's plan
     * @return the engine's buffer, for one pass
     * @throws io.dfc.api.error.ShapeMismatchException if the data do not fit the engine's plan
     */
    public SampleBuffer gather(int[] indices, int from, int samples) {
        SampleBuffer buffer = engine.buffer(samples, kind);
        data.copyInputs(indices, from, samples, buffer.inputs());
        switch (buffer.target()) {
            case SampleBuffer.Target.Labels(int[] classes) ->
                    data.copyLabels(indices, from, samples, classes);
            case SampleBuffer.Target.Values(Rows rows) ->
                    data.copyTargets(indices, from, samples, rows);
            case SampleBuffer.Target.Inputs _ -> {}
        }
        return buffer;
    }
}
