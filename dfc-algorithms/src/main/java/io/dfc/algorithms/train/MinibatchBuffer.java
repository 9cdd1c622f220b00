package io.dfc.algorithms.train;

import io.dfc.algorithms.data.DataSet;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;

/**
 * A minibatch of fixed size that is gathered in place from a data set, in the types that an engine
 * reads without conversion. Gathering allocates nothing. Not thread-safe.
 *
 * <p>The inputs of an autoencoder are its targets: they are gathered once, into one tensor of the
 * type of the targets, for the loss may be computed in float64 on a network in float32.
 */
public final class MinibatchBuffer {
    private final DataSet data;
    private final Minibatch minibatch;

    /**
     * A buffer.
     *
     * @param data the data set
     * @param samples number of samples {@code B}, at least 1
     * @param engine engine that will read the minibatches
     */
    public MinibatchBuffer(DataSet data, int samples, Engine engine) {
        this(data, samples, engine.inputType(), engine.targetType());
    }

    MinibatchBuffer(DataSet data, int samples, ElementType inputType, ElementType targetType) {
        this.data = data;
        ElementType type = data.autoencoder() ? targetType : inputType;
        Tensor inputs = Tensor.zeros(type, samples, data.inputSize());
        Targets targets =
                data.classification()
                        ? new Targets.Labels(new int[samples])
                        : new Targets.Values(
                                data.autoencoder()
                                        ? inputs
                                        : Tensor.zeros(targetType, samples, data.outputSize()));
        minibatch = new Minibatch(inputs, targets);
    }

    /**
     * Gathers samples.
     *
     * @param indices samples, each in [0, {@link DataSet#size()})
     * @param from first position of {@code indices} used; as many are used as the buffer holds
     * @return the minibatch, valid until the next call
     */
    public Minibatch gather(int[] indices, int from) {
        Tensor inputs = minibatch.inputs();
        int samples = minibatch.samples();
        switch (inputs.type()) {
            case F32 -> data.copyInputs(indices, from, samples, inputs.floats());
            case F64 -> data.copyInputs(indices, from, samples, inputs.doubles());
        }
        switch (minibatch.targets()) {
            case Targets.Labels(int[] classes) -> data.copyLabels(indices, from, samples, classes);
            case Targets.Values(Tensor values) when !data.autoencoder() -> {
                switch (values.type()) {
                    case F32 -> data.copyTargets(indices, from, samples, values.floats());
                    case F64 -> data.copyTargets(indices, from, samples, values.doubles());
                }
            }
            case Targets.Values _ -> {}
        }
        return minibatch;
    }
}
