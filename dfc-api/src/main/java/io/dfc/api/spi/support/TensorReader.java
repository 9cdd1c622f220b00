package io.dfc.api.spi.support;

import io.dfc.api.plan.Plan;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.SampleBuffer;
import io.dfc.api.spi.TargetKind;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Rows;
import io.dfc.api.tensor.Tensor;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Samples in ordinary tensors, in the types in which a core reads minibatches. */
final class TensorReader implements SampleReader {
    private final Plan plan;
    private final ElementType type;
    private final EngineCore core;
    private final Map<SampleBuffer, Minibatch> minibatches = new HashMap<>();

    TensorReader(Plan plan, ElementType type, EngineCore core) {
        this.plan = plan;
        this.type = type;
        this.core = core;
    }

    @Override
    public SampleBuffer buffer(int samples, TargetKind kind) {
        // The loss may be computed in float64 on a network in float32.
        ElementType ofInputs = kind == TargetKind.INPUTS ? core.targetType() : type;
        Tensor inputs = Tensor.zeros(ofInputs, samples, plan.network().inputs());
        return switch (kind) {
            case LABELS -> {
                int[] classes = new int[samples];
                yield kept(
                        inputs,
                        new Targets.Labels(classes),
                        new SampleBuffer.Target.Labels(classes));
            }
            case VALUES -> {
                Tensor values = Tensor.zeros(core.targetType(), samples, plan.network().outputs());
                yield kept(
                        inputs,
                        new Targets.Values(values),
                        new SampleBuffer.Target.Values(Rows.of(values)));
            }
            case INPUTS ->
                    kept(inputs, new Targets.Values(inputs), new SampleBuffer.Target.Inputs());
        };
    }

    private SampleBuffer kept(Tensor inputs, Targets targets, SampleBuffer.Target target) {
        SampleBuffer buffer = new SampleBuffer(inputs.dim(0), Rows.of(inputs), target);
        minibatches.put(buffer, new Minibatch(inputs, targets));
        return buffer;
    }

    @Override
    public ForwardResult forward(SampleBuffer buffer) {
        return core.forward(Objects.requireNonNull(minibatches.get(buffer)));
    }
}
