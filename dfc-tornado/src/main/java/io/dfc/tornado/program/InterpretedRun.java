package io.dfc.tornado.program;

import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.noise.Philox;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.Operation;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.tornado.kernel.OperationLayout;
import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.learn.GradientOperations;
import io.dfc.tornado.learn.NormRequest;
import io.dfc.tornado.memory.MemoryLayout;
import io.dfc.tornado.memory.NoiseTransfer;
import io.dfc.tornado.memory.ProgramMemory;
import io.dfc.tornado.memory.TensorTable;
import io.dfc.tornado.memory.Tiles;
import io.dfc.tornado.program.ProgramStage.OperationRecord;
import io.dfc.tornado.runtime.DeviceShare;
import io.dfc.tornado.runtime.Kernel;

import java.util.List;

/** A layer program whose operations are interpreted by kernels, and its last results. */
final class InterpretedRun implements LayerProgramRun {
    private final DeviceShare device;
    private final MemoryLayout layout;
    private final GradientOperations gradients;
    private final ProgramHandle handle;
    private final ProgramMemory memory;
    private final List<ProgramStage> stages;
    private int samples;

    /** Norms of the layers of all gradients, once they have been requested. */
    private List<double[]> norms;

    InterpretedRun(
            DeviceShare device,
            MemoryLayout layout,
            GradientOperations gradients,
            ProgramHandle handle) {
        this.device = device;
        this.layout = layout;
        this.gradients = gradients;
        this.handle = handle;
        memory = layout.memory(handle);
        stages = new ProgramCompiler(layout, handle).compile();
        memory.corrected().forEach(this::writeCorrections);
    }

    /** Adam's corrections of moments that begin at zero, two for every step. */
    private void writeCorrections(ProgramMemory.Descent descent) {
        Optimizer.Adam adam = (Optimizer.Adam) descent.operation().optimizer();
        float[] corrections = new float[2 * descent.within().times()];
        for (int t = 0; 2 * t < corrections.length; t++) {
            corrections[2 * t] = (float) (1 - Math.pow(adam.beta1(), t + 1.0));
            corrections[2 * t + 1] = (float) Math.sqrt(1 - Math.pow(adam.beta2(), t + 1.0));
        }
        device.write(memory.corrections(descent), corrections);
    }

    @Override
    public void run(Noise noise, int count) {
        samples = count;
        norms = null;
        NoiseTransfer.configure(device, Philox.PHASE_PROGRAM, noise);
        stages.forEach(stage -> run(stage, 0));
        for (int g = 0; g < handle.gradients().size(); g++) {
            GradientHandle gradient = handle.gradients().get(g);
            int place = layout.at(gradient);
            gradients.clip(
                    handle.phase().gradients().get(g).clipping(), place, place, table(gradient));
        }
    }

    private TensorTable table(GradientHandle gradient) {
        return layout.tensors.table(gradient.groups());
    }

    /**
     * Runs a stage.
     *
     * @param round number of the round that it is part of
     */
    private void run(ProgramStage stage, int round) {
        switch (stage) {
            case ProgramStage.SampleOperations(var records, int rounds) -> {
                device.set(TableLayout.ROUNDS, rounds);
                device.set(TableLayout.FIRST_ROUND, round);
                launch(Kernel.SAMPLE_OPERATIONS, records);
            }
            case ProgramStage.SampleSums(var records) -> launch(Kernel.SAMPLE_SUMS, records);
            case ProgramStage.Repeated(int times, var until, var body) -> {
                for (int r = 0; r < times; r++) {
                    int now = r;
                    body.forEach(b -> run(b, now));
                    if (until.isPresent() && isBelowThreshold(until.get())) {
                        break;
                    }
                }
            }
        }
    }

    private void launch(Kernel kernel, List<OperationRecord> records) {
        for (int from = 0; from < records.size(); from += OperationLayout.MAX_OPERATIONS) {
            int to = Math.min(from + OperationLayout.MAX_OPERATIONS, records.size());
            int elements = 1;
            for (int o = from; o < to; o++) {
                write(
                        records.get(o),
                        layout.at(TableLayout.OPERATIONS) + (o - from) * OperationLayout.RECORD);
                elements = Math.max(elements, records.get(o).elements());
            }
            device.set(TableLayout.OPERATION_COUNT, to - from);
            device.launch(
                    kernel,
                    kernel == Kernel.SAMPLE_OPERATIONS
                            ? Tiles.count(samples)
                            : device.groups(elements));
        }
    }

    private void write(OperationRecord record, int at) {
        for (int i = 0; i < OperationLayout.RECORD; i++) {
            device.set(at + i, record.integers()[i]);
        }
        double[] reals = record.reals();
        device.set(at, record.mean() ? reals[0] / samples : reals[0]);
        for (int i = 1; i < reals.length; i++) {
            device.set(at + i, reals[i]);
        }
    }

    /** Whether the states of all samples have changed by less than the threshold in a round. */
    private boolean isBelowThreshold(Operation.Until until) {
        float[] changes =
                device.read(memory.buffer(ProgramMemory.change()), 2 * Tiles.padded(samples));
        for (int s = 0; s < samples; s++) {
            double change = Math.sqrt(changes[Tiles.at(s, 0, 2)]);
            double size = Math.sqrt(changes[Tiles.at(s, 1, 2)]);
            // Written so that an undefined change is not below the threshold.
            if (!(change / (Operation.Until.NORM_OFFSET + size) < until.threshold())) {
                return false;
            }
        }
        return true;
    }

    @Override
    public double gradientNorm(GradientHandle gradient, int layer) {
        int at = handle.indexOf(gradient);
        if (norms == null) {
            norms =
                    gradients.layerNorms(
                            handle.gradients().stream()
                                    .map(g -> new NormRequest(layout.at(g), table(g)))
                                    .toList());
        }
        return norms.get(at)[layer];
    }

    @Override
    public Parameters gradient(GradientHandle gradient) {
        handle.indexOf(gradient);
        return gradients.download(layout.at(gradient), table(gradient));
    }

    @Override
    public double number(String name) {
        List<String> known = handle.phase().numbers();
        if (!known.contains(name)) {
            throw new IllegalArgumentException(
                    "program \"" + handle + "\" reports no \"" + name + "\", only " + known);
        }
        return device.read(memory.number(name), 1)[0];
    }
}
