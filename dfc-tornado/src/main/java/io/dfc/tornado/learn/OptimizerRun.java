package io.dfc.tornado.learn;

import io.dfc.api.error.ShapeMismatchException;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.plan.OptimizerHandle;
import io.dfc.api.spi.OptimizerState;
import io.dfc.api.tensor.Tensor;
import io.dfc.tornado.kernel.TableCodes;
import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.memory.MemoryLayout;
import io.dfc.tornado.memory.TensorTable;
import io.dfc.tornado.runtime.DeviceShare;
import io.dfc.tornado.runtime.Kernel;

import java.util.List;

/** An optimiser of a plan, whose moments are on the device. */
public final class OptimizerRun {
    private final DeviceShare device;
    private final MemoryLayout layout;
    private final Optimization settings;

    /** The parameters that it steps. */
    private final TensorTable stepped;

    private final int[] moments;
    private long steps;

    public OptimizerRun(DeviceShare device, MemoryLayout layout, OptimizerHandle optimizer) {
        this.device = device;
        this.layout = layout;
        settings = optimizer.optimization();
        stepped = layout.tensors.table(optimizer.groups());
        moments = layout.moments(optimizer);
    }

    /** Steps the parameters with a gradient on the device. */
    public void step(int gradient, double rateFactor) {
        steps++;
        device.set(TableLayout.TENSORS, stepped.tensors());
        device.set(TableLayout.TENSOR_TABLE, stepped.position);
        device.set(TableLayout.SOURCE, gradient);
        device.set(TableLayout.DESTINATION, layout.parameters);
        device.set(TableLayout.WEIGHT_DECAY, settings.weightDecay());
        for (int k = 0; k < moments.length; k++) {
            device.set(TableLayout.FIRST_MOMENT + k, moments[k]);
        }
        switch (settings.optimizer()) {
            case Optimizer.Sgd(double momentum) -> {
                device.set(
                        TableLayout.OPTIMIZER, momentum > 0 ? TableCodes.MOMENTUM : TableCodes.SGD);
                device.set(TableLayout.BETA_1, momentum);
            }
            case Optimizer.Adam adam -> {
                device.set(TableLayout.OPTIMIZER, TableCodes.ADAM);
                device.set(TableLayout.BETA_1, adam.beta1());
                device.set(TableLayout.BETA_2, adam.beta2());
                device.set(TableLayout.CORRECTION_1, 1 - Math.pow(adam.beta1(), (double) steps));
                device.set(
                        TableLayout.CORRECTION_2,
                        Math.sqrt(1 - Math.pow(adam.beta2(), (double) steps)));
            }
        }
        for (int i = 0; i < stepped.layers(); i++) {
            int constants = TableLayout.LAYER_CONSTANTS + i * TableLayout.LAYER_CONSTANTS_RECORD;
            boolean frozen = settings.frozenLayers().contains(i);
            device.set(
                    constants + TableLayout.LEARNING_RATE,
                    frozen ? -1 : settings.learningRate(i) * rateFactor);
            if (settings.optimizer() instanceof Optimizer.Adam adam) {
                device.set(
                        constants + TableLayout.EPSILON, Optimization.perLayer(adam.epsilons(), i));
            }
        }
        device.launch(Kernel.OPTIMIZE, device.groups(stepped.length()));
    }

    public void load(OptimizerState state) {
        steps = state.steps();
        load(state.first(), 0, "first moment");
        load(state.second(), 1, "second moment");
    }

    private void load(List<Tensor> tensors, int k, String name) {
        boolean used = k < moments.length;
        if (tensors.isEmpty() && (steps == 0 || !used)) {
            if (used) {
                device.write(moments[k], new float[stepped.length()]);
            }
            return;
        }
        int count = stepped.tensors();
        if (!used || tensors.size() != count) {
            throw new ShapeMismatchException(
                    "optimiser "
                            + name
                            + ": expected "
                            + (used ? count : 0)
                            + " tensors, got "
                            + tensors.size());
        }
        float[] all = new float[stepped.length()];
        for (int t = 0; t < count; t++) {
            tensors.get(t)
                    .requireShape(name + "[" + t + "]", stepped.shape(t))
                    .copyTo(all, stepped.start(t));
        }
        device.write(moments[k], all);
    }

    public OptimizerState snapshot() {
        return new OptimizerState(steps, moment(0), moment(1));
    }

    private List<Tensor> moment(int k) {
        return steps > 0 && k < moments.length
                ? stepped.list(device.read(moments[k], stepped.length()))
                : List.of();
    }
}
