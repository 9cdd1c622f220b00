package io.dfc.api.reference.model;

import io.dfc.api.control.OutputTarget;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.Inference;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;

/** The feedforward pass of a minibatch, and its results. */
public final class ForwardRun implements ForwardResult {
    private final Plan plan;
    private final Network network;
    private final ParameterArrays parameters;
    public final Activity activity;
    public final OutputLoss loss;
    private final Targets targets;

    public ForwardRun(Plan plan, ParameterArrays parameters, Minibatch minibatch) {
        this.plan = plan;
        this.network = plan.network();
        this.parameters = parameters;
        activity = Activity.of(parameters, minibatch.inputs());
        loss =
                new OutputLoss(
                        plan.loss(),
                        activity.output(),
                        activity.samples,
                        network.outputs(),
                        minibatch.targets());
        // Labels are copied, for a caller may refill the minibatch before the next phase.
        targets =
                minibatch.targets() instanceof Targets.Labels(int[] classes)
                        ? new Targets.Labels(classes.clone())
                        : minibatch.targets();
    }

    /** The pass of inputs alone. */
    public static Inference withoutTargets(ParameterArrays parameters, Tensor inputs) {
        return new Outputs(parameters.network, Activity.of(parameters, inputs));
    }

    private record Outputs(Network network, Activity activity) implements Inference {
        @Override
        public int samples() {
            return activity.samples;
        }

        @Override
        public Tensor voltage(int layer) {
            return Tensor.of(activity.v[layer], activity.samples, network.size(layer));
        }

        @Override
        public Tensor rate(int layer) {
            return Tensor.of(activity.r[layer], activity.samples, network.size(layer));
        }
    }

    /** The targets as values, for labels one-hot. */
    public Targets targets() {
        return new Targets.Values(Tensor.of(loss.values, activity.samples, network.outputs()));
    }

    public ControlError error(OutputTarget target) {
        return ControlError.of(
                target, plan.loss(), loss, activity.output(), network.outputs(), targets);
    }

    @Override
    public int samples() {
        return activity.samples;
    }

    @Override
    public double loss() {
        return loss.loss;
    }

    @Override
    public int correct() {
        return loss.correct;
    }

    @Override
    public Tensor voltage(int layer) {
        return new Outputs(network, activity).voltage(layer);
    }

    @Override
    public Tensor rate(int layer) {
        return new Outputs(network, activity).rate(layer);
    }

    @Override
    public Tensor outputTarget(LoopHandle loop) {
        return Tensor.of(
                error(loop.phase().target()).target(activity.output()),
                activity.samples,
                network.outputs());
    }

    @Override
    public Tensor jacobian() {
        int outputs = network.outputs();
        int neurons = network.neurons();
        double[] out = new double[activity.samples * outputs * neurons];
        for (int s = 0; s < activity.samples; s++) {
            double[][] blocks =
                    new Jacobian(
                                    parameters,
                                    activity.sample(network, s),
                                    Buffers.perLayer(network, 1))
                            .blocks;
            for (int j = 0; j < outputs; j++) {
                int at = (s * outputs + j) * neurons;
                for (int i = 0; i < blocks.length; i++) {
                    System.arraycopy(blocks[i], j * network.size(i), out, at, network.size(i));
                    at += network.size(i);
                }
            }
        }
        return Tensor.wrap(out, activity.samples, outputs, neurons);
    }
}
