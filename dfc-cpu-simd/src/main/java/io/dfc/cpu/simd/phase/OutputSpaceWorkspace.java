package io.dfc.cpu.simd.phase;

import static io.dfc.cpu.simd.kernel.Simd.F;
import static io.dfc.cpu.simd.kernel.Simd.LANES;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.spi.reduced.OutputSpace;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.loop.ControlError;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.model.Adjoints;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.Gemm;
import io.dfc.cpu.simd.reduced.OutputLoop;
import io.dfc.cpu.simd.reduced.VoltageRecovery;

import java.util.List;

/**
 * Working memory of a task that runs the loop of some tiles in output space. Used by one thread at
 * a time.
 */
final class OutputSpaceWorkspace {
    private final LoopPhase phase;
    private final List<ForwardPlasticity> updates;
    private final Model model;
    private final Network network;
    private final Tile tile;
    private final Adjoints adjoints;
    private final float[][] slopes;
    private final float[] products;
    private final OutputLoop[] loops = new OutputLoop[Simd.TILE / LANES];
    private final VoltageRecovery recovery;
    private final float[] factor;
    private final int outputs;
    private final Adjoints.Visitor visitor = this::takeRows;

    /** First and number of the samples whose Jacobians are visited. */
    private int base;

    private int samples;
    private final boolean overTime;

    OutputSpaceWorkspace(LoopPhase phase, Model model) {
        this.phase = phase;
        updates = phase.forwardPlasticities();
        this.model = model;
        this.network = model.network;
        tile = new Tile(network, Simd.TILE);
        adjoints = new Adjoints(model);
        slopes = new float[network.depth()][];
        outputs = network.outputs();
        products = new float[adjoints.rows * Simd.stride(outputs)];
        for (int b = 0; b < loops.length; b++) {
            loops[b] =
                    new OutputLoop(
                            (ProportionalIntegralController) phase.controller(),
                            phase.dynamics(),
                            network.depth(),
                            outputs);
        }
        recovery = new VoltageRecovery(model, phase.dynamics(), Simd.TILE);
        int widest = 0;
        for (int stride : tile.strides) {
            widest = Math.max(widest, stride);
        }
        factor = new float[Simd.TILE * widest];
        overTime = updates.stream().anyMatch(u -> u.mode() == ForwardPlasticity.Mode.CONTINUOUS);
    }

    /**
     * Runs the loop of a tile and writes its postsynaptic factors and rates in all forms.
     *
     * @return whether the loops stayed within the bounds in which output space holds
     */
    boolean run(int index, Batch batch, ControlError target, OutputSpaceRun results) {
        int first = index * Simd.TILE;
        int count = batch.tileSamples(index);
        tile.reset(batch, first, count);
        tile.evaluateError(target);
        scatterDistance(count);
        formGains(batch, first, count);
        runLoops(count, false);
        if (!isWithinBounds(count)) {
            return false;
        }
        recover(batch, first);
        prepareDefectCorrection();
        write(OutputSpace.Form.LINEAR, batch, first, results);
        write(OutputSpace.Form.NONLINEAR, batch, first, results);
        runLoops(count, true);
        if (!isWithinBounds(count)) {
            return false;
        }
        recover(batch, first);
        write(OutputSpace.Form.DEFECT_CORRECTED, batch, first, results);
        report(first, count, results);
        return true;
    }

    private void scatterDistance(int count) {
        for (int s = 0; s < Simd.TILE; s++) {
            float[] to = loops[s / LANES].distance;
            for (int j = 0; j < outputs; j++) {
                to[j * LANES + s % LANES] = s < count ? (float) tile.error[s * outputs + j] : 0f;
            }
        }
    }

    private void formGains(Batch batch, int first, int count) {
        for (int i = 0; i < slopes.length; i++) {
            slopes[i] = batch.layers[i].slope;
        }
        for (int from = 0; from < count; from += adjoints.group) {
            base = from;
            samples = Math.min(adjoints.group, count - from);
            adjoints.visit(slopes, first + from, samples, visitor);
        }
        for (int s = count; s < Simd.TILE; s++) {
            loops[s / LANES].clearGain(s % LANES);
        }
    }

    private void takeRows(int i, float[] rows, int used, int width) {
        int stride = Simd.stride(outputs);
        Gemm.multiply(rows, 0, width, used, model.gain[i], products, 0, stride);
        for (int s = 0; s < samples; s++) {
            int sample = base + s;
            int at = s * outputs * stride;
            loops[sample / LANES].setGain(i, sample % LANES, products, at, stride);
        }
    }

    private void runLoops(int count, boolean correcting) {
        for (int b = 0; b * LANES < count; b++) {
            loops[b].run(phase.dynamics().steps(), correcting, correcting);
        }
    }

    private boolean isWithinBounds(int count) {
        for (int s = 0; s < count; s++) {
            OutputLoop loop = loops[s / LANES];
            int lane = s % LANES;
            double outputNorm = tile.feedforwardNorm(s);
            double bound = OutputSpace.MAX_OVERSHOOT * tile.errorNorm(s);
            double ratio = OutputSpace.MAX_DISTANCE_RATIO * outputNorm;
            if (!(loop.largestOutput[lane] <= bound * bound)
                    || !(loop.largestResidual[lane] <= ratio * ratio)) {
                return false;
            }
        }
        return true;
    }

    private void recover(Batch batch, int first) {
        int depth = network.depth();
        for (int s = 0; s < Simd.TILE; s++) {
            OutputLoop loop = loops[s / LANES];
            int lane = s % LANES;
            for (int j = 0; j < outputs; j++) {
                recovery.sumApplied[s * outputs + j] = loop.sumApplied[j * LANES + lane];
                for (int q = 0; q <= depth; q++) {
                    recovery.lagged[(q * Simd.TILE + s) * outputs + j] =
                            loop.lagged[(q * outputs + j) * LANES + lane];
                }
            }
        }
        recovery.run(batch, first);
        if (overTime) {
            recovery.passMean(batch, first);
        }
        recovery.passLast(batch, first);
    }

    /** Sets the second-order part of the output (the defect) for the next run of the loops. */
    private void prepareDefectCorrection() {
        int top = network.depth() - 1;
        float[] output = recovery.last.rate[top];
        for (int s = 0; s < Simd.TILE; s++) {
            OutputLoop loop = loops[s / LANES];
            int lane = s % LANES;
            for (int j = 0; j < outputs; j++) {
                loop.defect[j * LANES + lane] =
                        output[s * tile.strides[top] + j] - loop.output(j, lane);
            }
        }
        for (OutputLoop loop : loops) {
            loop.setDefectDirection();
        }
    }

    private void write(OutputSpace.Form form, Batch batch, int first, OutputSpaceRun results) {
        for (int k = 0; k < updates.size(); k++) {
            ForwardPlasticity update = updates.get(k);
            DfcRule rule = (DfcRule) update.rule();
            VoltageRecovery.NonlinearPass pass =
                    update.mode() == ForwardPlasticity.Mode.LAST_STATE
                            ? recovery.last
                            : recovery.mean;
            boolean feedforward = update.presynaptic() == ForwardPlasticity.Presynaptic.FEEDFORWARD;
            OutputSpaceRun.FormBuffers to = results.buffers(k, form);
            for (int i = 0; i < network.depth(); i++) {
                int stride = tile.strides[i];
                if (form == OutputSpace.Form.LINEAR) {
                    pass.linearFactor(rule, batch, first, i, factor);
                } else {
                    pass.factor(rule, batch, first, i, feedforward, factor);
                }
                System.arraycopy(
                        factor, 0, to.postsynaptic()[i], first * stride, tile.count * stride);
                if (to.rates()[i] != null) {
                    addRates(batch, first, i - 1, pass.rate[i - 1], to.rates()[i]);
                }
            }
        }
    }

    private void addRates(Batch batch, int first, int i, float[] deviation, float[] out) {
        int origin = first * tile.strides[i];
        float[] r = batch.layers[i].r;
        for (int k = 0; k < tile.count * tile.strides[i]; k += LANES) {
            fromArray(F, r, origin + k).add(fromArray(F, deviation, k)).intoArray(out, origin + k);
        }
    }

    private void report(int first, int count, OutputSpaceRun results) {
        int points = phase.dynamics().timePoints();
        double leakage = phase.controller().leakage();
        for (int s = 0; s < count; s++) {
            OutputLoop loop = loops[s / LANES];
            int lane = s % LANES;
            double residual = 0;
            double norm = 0;
            for (int j = 0; j < outputs; j++) {
                double e = loop.error[j * LANES + lane];
                double g = e - leakage * loop.u[j * LANES + lane];
                residual += g * g;
                norm += e * e;
            }
            results.report(
                    first + s,
                    Math.sqrt(residual) / tile.feedforwardNorm(s),
                    Math.sqrt(norm),
                    tile.errorNorm(s),
                    tile.feedforwardNorm(s));
            results.report(first + s, loop, lane, points);
        }
    }
}
