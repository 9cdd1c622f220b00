package io.dfc.cpu.simd;

import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerPrograms;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.spi.ProgramResult;

import java.util.function.IntConsumer;

/** The program of backpropagation, in one go. */
final class BackwardRun implements ProgramResult {
    private final Model model;
    private final Network network;
    private final Batch batch;
    private final Workers workers;
    private final OuterProducts outer;
    private final ProgramHandle phase;
    private final IntConsumer adjoints = this::adjoints;
    private final float[][] delta;

    /** One to a task. */
    private final SlopeStep[] steps;

    private final GradientArrays gradient;

    BackwardRun(
            Model model, Batch batch, Workers workers, OuterProducts outer, ProgramHandle phase) {
        this.model = model;
        this.network = model.network;
        this.batch = batch;
        this.workers = workers;
        this.outer = outer;
        this.phase = phase;
        delta = new float[network.depth()][];
        for (int i = 0; i < delta.length; i++) {
            delta[i] = new float[batch.capacity * batch.layers[i].stride];
        }
        steps = new SlopeStep[batch.capacity / Batch.TILE];
        for (int t = 0; t < steps.length; t++) {
            steps[t] = new SlopeStep();
        }
        gradient = new GradientArrays(network);
    }

    /** Tells whether a program is the one that is run here. */
    static boolean isBackpropagation(LayerProgram program) {
        if (program.gradients().size() != 1
                || program.gradients().getFirst().groups().size() != 2) {
            return false;
        }
        LayerProgram.Gradient gradient = program.gradients().getFirst();
        ParameterGroup weights = gradient.groups().getFirst();
        ParameterGroup biases = gradient.groups().getLast();
        return weights.name().equals(Parameters.WEIGHTS)
                && biases.name().equals(Parameters.BIASES)
                && program.equals(
                        LayerPrograms.backpropagation(
                                program.network(), weights, biases, gradient.clipping()));
    }

    void run() {
        workers.run(batch.tasks(), adjoints);
        outer.write(delta.length, 1f, delta, null, gradient);
        gradient.clip(phase.phase().gradients().getFirst().clipping());
    }

    private void adjoints(int task) {
        int last = network.depth() - 1;
        int outputs = network.outputs();
        int first = batch.taskRow(task);
        int rows = batch.taskRows(task);
        SlopeStep step = steps[task];
        for (int i = last; i >= 0; i--) {
            int stride = batch.layers[i].stride;
            int at = first * stride;
            step.of(delta[i], at, rows, stride, batch.layers[i].slope, at, 1);
            if (i == last) {
                java.util.Arrays.fill(delta[i], at, at + rows * stride, 0f);
                for (int s = first; s < Math.min(first + rows, batch.samples); s++) {
                    for (int j = 0; j < outputs; j++) {
                        delta[i][s * stride + j] = (float) batch.lossGradient[s * outputs + j];
                    }
                }
                step.finish(0, stride);
            } else {
                int above = batch.layers[i + 1].stride;
                Gemm.multiply(
                        delta[i + 1],
                        first * above,
                        above,
                        rows,
                        model.down[i + 1],
                        null,
                        delta[i],
                        at,
                        stride,
                        step);
            }
        }
    }

    GradientArrays gradientArrays() {
        return gradient;
    }

    @Override
    public double gradientNorm(GradientHandle of, int layer) {
        phase.indexOf(of);
        return gradient.norm(layer);
    }

    @Override
    public double number(String name) {
        throw new IllegalArgumentException("backpropagation reports no \"" + name + "\"");
    }

    @Override
    public Parameters gradient(GradientHandle of) {
        phase.indexOf(of);
        return gradient.toParameters();
    }
}
