package io.dfc.cpu.simd.steady;

import io.dfc.api.control.Solver;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopPhase;
import io.dfc.cpu.simd.kernel.LuFactors;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.loop.ControlError;
import io.dfc.cpu.simd.loop.LayerStep;
import io.dfc.cpu.simd.loop.StoredVoltages;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.model.Adjoints;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.product.Gemm;
import io.dfc.cpu.simd.wide.ReadoutBasis;

import java.util.Arrays;
import java.util.Optional;

/**
 * States of a tile that are found without simulation: roots of {@code g(u) = e(u) - alpha u}, where
 * one forward pass with {@code Q u} added to every voltage gives {@code e}. The matrix {@code J Q +
 * alpha I} of a sample is factorised once and reused while its steps converge fast (chord
 * iteration), else renewed at the current state (Newton); steps that do not lower the residual are
 * halved.
 */
public final class SteadyStates {
    /** Relative residual below which rounding in float32 dominates. */
    private static final double RESIDUAL_FLOOR = 2e-6;

    /** A residual that falls by less than this factor asks for a new matrix. */
    private static final double FAST = 0.1;

    private static final double SHORTEST_STEP = 1.0 / 256;

    private final Model model;
    private final Network network;
    private final Tile tile;
    private final double leakage;
    private final int outputs;
    private final Adjoints adjoints;
    private final Linearization linear;
    private final float[] gain;
    private final LuFactors[] factors;
    private final double[] step;
    private final double[] base;
    private final double[] x;

    private final double[] layerGain;

    private final StabilityCheck stability;

    /** One forward pass with {@code Q u} added to every voltage, by layer. */
    private final LayerStep[] passes;

    /** Made when first needed. */
    private MatrixFreeSystems matrixFree;

    /** Null where control signals have no basis of fewer components. */
    private final ReadoutBasis basis;

    /** Made when first needed. */
    private ReducedStates reducedStates;

    // Per sample: residuals at the start and now, share of a step that is taken, and whether the
    // sample is done, given up, in need of a new matrix, or in need of a step.
    private final double[] initial;
    private final double[] residual;
    private final double[] length;
    private final boolean[] solved;
    private final boolean[] failed;
    private final boolean[] renew;
    private final boolean[] wanted;

    // The samples whose Jacobians are visited.
    private final Adjoints.Visitor visitor = this::takeRows;
    private boolean[] visited;
    private int visitedFrom;
    private int visitedCount;

    /**
     * Finds states of a tile.
     *
     * @param probed the phase that decides whether a state is stable; empty if only states of the
     *     linearised network are wanted
     * @param basis of control signals, brought up to date before every search; empty if there is
     *     none
     */
    public SteadyStates(
            Model model,
            Tile tile,
            double leakage,
            Optional<LoopPhase> probed,
            Optional<ReadoutBasis> basis) {
        this.model = model;
        this.network = model.network;
        this.tile = tile;
        this.leakage = leakage;
        outputs = network.outputs();
        adjoints = new Adjoints(model);
        passes = new LayerStep[network.depth()];
        for (int i = 0; i < passes.length; i++) {
            passes[i] = new LayerStep(model, i);
        }
        linear = new Linearization(network, tile);
        gain = new float[adjoints.rows * Simd.stride(outputs)];
        factors = new LuFactors[tile.capacity];
        step = new double[tile.capacity * outputs];
        base = new double[tile.capacity * outputs];
        x = new double[outputs];
        initial = new double[tile.capacity];
        residual = new double[tile.capacity];
        length = new double[tile.capacity];
        solved = new boolean[tile.capacity];
        failed = new boolean[tile.capacity];
        renew = new boolean[tile.capacity];
        wanted = new boolean[tile.capacity];
        layerGain = new double[isMatrixFree() ? 0 : outputs * outputs];
        this.basis = basis.orElse(null);
        stability = new StabilityCheck(model, tile, linear, this.basis, probed);
    }

    /**
     * The analytic steady state of the network linearised at the feedforward pass; the tile is
     * reset and has its error.
     */
    public void linearized(Batch batch, ControlError target) {
        if (isReduced()) {
            if (reducedStates().linearized(batch, target)) {
                return;
            }
            restart(batch, target);
        }
        Arrays.fill(wanted, 0, tile.count, true);
        if (isMatrixFree()) {
            linear.refresh(batch, target);
            matrixFree().solve(wanted, 0, step);
            System.arraycopy(step, 0, tile.u, 0, tile.count * outputs);
        } else {
            factorize(batch, target, wanted);
            for (int s = 0; s < tile.count; s++) {
                solve(s, 0);
                System.arraycopy(x, 0, tile.u, s * outputs, outputs);
            }
        }
        propagate(batch, target);
    }

    /**
     * The nonlinear steady state.
     *
     * @return per sample, whether the residual meets the tolerance; overwritten by the next call
     */
    public boolean[] nonlinear(Batch batch, ControlError target, Solver.SteadyState solver) {
        int count = tile.count;
        double tolerance = Math.max(solver.tolerance(), RESIDUAL_FLOOR);
        int open = 0;
        for (int s = 0; s < count; s++) {
            initial[s] = tile.residual(s, leakage);
        }
        if (isReduced()) {
            if (reducedStates().nonlinear(batch, target, solver, initial, tolerance)) {
                Arrays.fill(solved, 0, count, true);
                stability.keepStable(solved, initial, batch, target);
                return solved;
            }
            restart(batch, target);
        }
        for (int s = 0; s < count; s++) {
            residual[s] = initial[s];
            length[s] = 1;
            failed[s] = false;
            solved[s] = initial[s] == 0;
            renew[s] = !solved[s];
            open += solved[s] ? 0 : 1;
        }
        for (int iteration = 0; open > 0 && iteration < solver.maxIterations(); iteration++) {
            prepare(batch, target);
            for (int s = 0; s < count; s++) {
                if (!solved[s] && !failed[s]) {
                    advance(s, length[s]);
                }
            }
            propagate(batch, target);
            for (int s = 0; s < count; s++) {
                renew[s] = false;
                if (solved[s] || failed[s]) {
                    continue;
                }
                double now = tile.residual(s, leakage);
                if (now <= tolerance * initial[s]) {
                    solved[s] = true;
                    open--;
                } else if (now < residual[s]) {
                    renew[s] = now > FAST * residual[s];
                    residual[s] = now;
                    length[s] = 1;
                } else {
                    length[s] /= 2;
                    if (length[s] < SHORTEST_STEP) {
                        failed[s] = true;
                        open--;
                    }
                }
            }
        }
        stability.keepStable(solved, initial, batch, target);
        return solved;
    }

    /**
     * Factorises the matrices of the next steps; for many outputs, computes the steps themselves.
     */
    private void prepare(Batch batch, ControlError target) {
        if (!isMatrixFree()) {
            factorize(batch, target, renew);
            return;
        }
        boolean any = false;
        for (int s = 0; s < tile.count; s++) {
            wanted[s] = !solved[s] && !failed[s] && length[s] == 1;
            any |= wanted[s];
        }
        if (any) {
            linear.refresh(batch, target);
            matrixFree().solve(wanted, leakage, step);
        }
    }

    /**
     * Whether the outputs are so many that the matrix of a sample costs more to form than the
     * products with it that an iterative solution takes.
     */
    private boolean isMatrixFree() {
        return ReadoutBasis.isMatrixFree(network);
    }

    /** Whether the basis may be used with the current parameters. */
    private boolean isReduced() {
        return basis != null && basis.isUsable();
    }

    private ReducedStates reducedStates() {
        if (reducedStates == null) {
            reducedStates = new ReducedStates(model, tile, linear, basis, leakage);
        }
        return reducedStates;
    }

    private void restart(Batch batch, ControlError target) {
        tile.reset(batch, tile.first, tile.count);
        tile.evaluateError(target);
    }

    private MatrixFreeSystems matrixFree() {
        if (matrixFree == null) {
            matrixFree = new MatrixFreeSystems(model, tile, linear, leakage);
        }
        return matrixFree;
    }

    /**
     * Moves the control of a sample along its step; a new step is computed unless the last one is
     * being halved.
     */
    private void advance(int s, double share) {
        int at = s * outputs;
        if (share == 1) {
            if (!isMatrixFree()) {
                solve(s, leakage);
                System.arraycopy(x, 0, step, at, outputs);
            }
            System.arraycopy(tile.u, at, base, at, outputs);
        }
        for (int j = 0; j < outputs; j++) {
            tile.u[at + j] = base[at + j] + share * step[at + j];
        }
    }

    /** Solves for the residual {@code e - alpha u} of a sample. */
    private void solve(int s, double alpha) {
        for (int j = 0; j < outputs; j++) {
            x[j] = tile.error[s * outputs + j] - alpha * tile.u[s * outputs + j];
        }
        factors[s].solve(x);
    }

    /** Factorises {@code S J Q + alpha I} of some samples at the tile's state. */
    private void factorize(Batch batch, ControlError target, boolean[] chosen) {
        boolean current = false;
        for (int from = 0; from < tile.count; from += adjoints.group) {
            int count = Math.min(adjoints.group, tile.count - from);
            boolean any = false;
            for (int s = from; s < from + count; s++) {
                any |= chosen[s];
            }
            if (any) {
                if (!current) {
                    linear.refresh(batch, target);
                    current = true;
                }
                factorizeGroup(chosen, from, count);
            }
        }
    }

    private void factorizeGroup(boolean[] chosen, int from, int count) {
        for (int s = from; s < from + count; s++) {
            if (chosen[s]) {
                if (factors[s] == null) {
                    factors[s] = new LuFactors(outputs);
                }
                Arrays.fill(factors[s].a, 0);
            }
        }
        visited = chosen;
        visitedFrom = from;
        visitedCount = count;
        adjoints.visit(linear.slopes, from, count, visitor);
        for (int s = from; s < from + count; s++) {
            if (chosen[s]) {
                double[] a = factors[s].a;
                for (int j = 0; j < outputs; j++) {
                    a[j * outputs + j] += leakage;
                }
                factors[s].factorize();
            }
        }
    }

    private void takeRows(int layer, float[] rows, int used, int width) {
        int stride = Simd.stride(outputs);
        Gemm.multiply(rows, 0, width, used, model.gain[layer], gain, 0, stride);
        for (int s = visitedFrom; s < visitedFrom + visitedCount; s++) {
            if (visited[s]) {
                addGain(layer, s, (s - visitedFrom) * outputs * stride, stride);
            }
        }
    }

    /** Adds {@code S J_i Q_i} of a sample to its matrix, and sets it as a gain of its probe. */
    private void addGain(int layer, int s, int from, int stride) {
        for (int j = 0; j < outputs; j++) {
            for (int k = 0; k < outputs; k++) {
                layerGain[j * outputs + k] = gain[from + j * stride + k];
            }
        }
        linear.applyErrorSlope(s, layerGain);
        double[] a = factors[s].a;
        for (int k = 0; k < a.length; k++) {
            a[k] += layerGain[k];
        }
        stability.setGain(layer, s, layerGain);
    }

    /** One forward pass with {@code Q u} added to every voltage. */
    private void propagate(Batch batch, ControlError target) {
        tile.apply(tile.u);
        for (int i = 0; i < network.depth(); i++) {
            passes[i].run(tile, batch.layers[i], false, StoredVoltages.ALL);
        }
        tile.evaluateError(target);
    }
}
