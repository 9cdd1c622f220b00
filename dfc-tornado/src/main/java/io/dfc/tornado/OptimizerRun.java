package io.dfc.tornado;

import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.plan.OptimizerHandle;
import io.dfc.api.spi.OptimizerState;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;

/** One optimiser; its moments are on the device. */
final class OptimizerRun {
    private final DeviceShare device;
    private final Layout layout;
    private final GradientOps gradients;
    private final Optimization settings;
    private final boolean forward;

    /** Where the parameters lie that it steps. */
    private final int parameters;

    private final int[] moments;
    private long steps;

    OptimizerRun(
            DeviceShare device, Layout layout, GradientOps gradients, OptimizerHandle optimizer) {
        this.device = device;
        this.layout = layout;
        this.gradients = gradients;
        settings = optimizer.optimization();
        forward = PlanFacts.areForward(optimizer.groups());
        parameters =
                forward ? layout.parameters : layout.feedbackWeights(optimizer.groups().getFirst());
        moments = layout.moments(optimizer);
    }

    private int length() {
        return forward ? layout.forwardLength : layout.feedbackLength;
    }

    /** Steps the parameters with a gradient on the device. */
    void step(int gradient, double rateFactor) {
        steps++;
        device.set(Slots.TENSORS, forward ? layout.forwardTensors : layout.depth);
        device.set(Slots.TENSOR_TABLE, forward ? layout.forwardTable : layout.feedbackTable);
        device.set(Slots.SOURCE, gradient);
        device.set(Slots.DESTINATION, parameters);
        device.set(Slots.WEIGHT_DECAY, settings.weightDecay());
        for (int k = 0; k < moments.length; k++) {
            device.set(Slots.FIRST_MOMENT + k, moments[k]);
        }
        switch (settings.optimizer()) {
            case Optimizer.Sgd(double momentum) -> {
                device.set(Slots.OPTIMIZER, momentum > 0 ? Slots.MOMENTUM : Slots.SGD);
                device.set(Slots.BETA_1, momentum);
            }
            case Optimizer.Adam adam -> {
                device.set(Slots.OPTIMIZER, Slots.ADAM);
                device.set(Slots.BETA_1, adam.beta1());
                device.set(Slots.BETA_2, adam.beta2());
                device.set(Slots.CORRECTION_1, 1 - Math.pow(adam.beta1(), (double) steps));
                device.set(
                        Slots.CORRECTION_2, Math.sqrt(1 - Math.pow(adam.beta2(), (double) steps)));
            }
        }
        for (int i = 0; i < layout.depth; i++) {
            int constants = Slots.LAYER_CONSTANTS + i * Slots.CONSTANTS;
            boolean frozen = settings.frozenLayers().contains(i);
            device.set(
                    constants + Slots.LEARNING_RATE,
                    frozen ? -1 : settings.learningRate(i) * rateFactor);
            if (settings.optimizer() instanceof Optimizer.Adam adam) {
                device.set(constants + Slots.EPSILON, Optimization.perLayer(adam.epsilons(), i));
            }
        }
        device.launch(Kernel.OPTIMIZE, device.groups(length()));
    }

    void load(OptimizerState state) {
        steps = state.steps();
        load(state.first(), 0, "first moment");
        load(state.second(), 1, "second moment");
    }

    private void load(List<Tensor> tensors, int k, String name) {
        boolean used = k < moments.length;
        if (tensors.isEmpty() && (steps == 0 || !used)) {
            if (used) {
                device.write(moments[k], new float[length()], 0, length());
            }
            return;
        }
        int count = forward ? layout.forwardTensors : layout.depth;
        if (!used || tensors.size() != count) {
            throw new ShapeMismatchException(
                    "optimiser "
                            + name
                            + ": expected "
                            + (used ? count : 0)
                            + " tensors, got "
                            + tensors.size());
        }
        float[] all = new float[length()];
        List<Tensor> shapes = tensors(all);
        int at = 0;
        for (int t = 0; t < count; t++) {
            tensors.get(t).requireShape(name + "[" + t + "]", shapes.get(t).shape());
            tensors.get(t).copyTo(all, at);
            at += tensors.get(t).size();
        }
        device.write(moments[k], all, 0, all.length);
    }

    OptimizerState snapshot() {
        return new OptimizerState(steps, moment(0), moment(1));
    }

    private List<Tensor> moment(int k) {
        return steps > 0 && k < moments.length
                ? tensors(device.read(moments[k], length()))
                : List.of();
    }

    private List<Tensor> tensors(float[] all) {
        if (!forward) {
            return gradients.feedback(all);
        }
        List<Tensor> out = new ArrayList<>(gradients.weights(all));
        out.addAll(gradients.biases(all));
        return out;
    }
}
