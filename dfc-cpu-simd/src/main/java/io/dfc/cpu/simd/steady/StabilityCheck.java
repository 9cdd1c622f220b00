package io.dfc.cpu.simd.steady;

import static io.dfc.cpu.simd.kernel.Simd.LANES;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.spi.reduced.OutputSpace;
import io.dfc.cpu.simd.loop.ControlError;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.reduced.OutputLoop;
import io.dfc.cpu.simd.wide.ReadoutBasis;

import java.util.Optional;

/** Tells which steady states of a tile are stable in the simulated system. */
final class StabilityCheck {
    private final Tile tile;
    private final Linearization linear;
    private final ReadoutBasis basis;

    /**
     * Probes with the gains of the samples, one to as many samples as a vector has lanes; empty if
     * none is wanted or gains are not formed.
     */
    private final OutputLoop[] loops;

    /** The probe for many outputs; null if none is wanted. */
    private final MatrixFreeProbe matrixFree;

    /** The probe in the coordinates of a basis; null where there is none. */
    private final ReducedProbe reduced;

    /** Its cheap form, which decides most samples; null likewise. */
    private final ProjectedProbe projected;

    /** Which samples of the tile the cheap form leaves open. */
    private final boolean[] open;

    /**
     * A check of a tile.
     *
     * @param linear network and error at the state in question
     * @param basis of control signals; null if there is none
     * @param probed the phase that decides; empty if nothing is to be checked
     */
    StabilityCheck(
            Model model,
            Tile tile,
            Linearization linear,
            ReadoutBasis basis,
            Optional<LoopPhase> probed) {
        this.tile = tile;
        this.linear = linear;
        this.basis = basis;
        LoopPhase phase = probed.orElse(null);
        boolean formed = !ReadoutBasis.isMatrixFree(model.network);
        loops = phase == null || !formed ? new OutputLoop[0] : loops(phase, model.network);
        open = new boolean[tile.capacity];
        if (phase == null || formed) {
            matrixFree = null;
            reduced = null;
            projected = null;
            return;
        }
        var controller = (ProportionalIntegralController) phase.controller();
        Dynamics dynamics = phase.dynamics();
        matrixFree = new MatrixFreeProbe(model, tile, linear, controller, dynamics);
        if (basis == null) {
            reduced = null;
            projected = null;
        } else {
            reduced = new ReducedProbe(model, tile, linear, basis, controller, dynamics);
            projected = new ProjectedProbe(model, tile, linear, basis, controller, dynamics);
        }
    }

    private OutputLoop[] loops(LoopPhase phase, Network network) {
        OutputLoop[] all = new OutputLoop[(tile.capacity + LANES - 1) / LANES];
        for (int b = 0; b < all.length; b++) {
            all[b] =
                    new OutputLoop(
                            (ProportionalIntegralController) phase.controller(),
                            OutputSpace.probe(phase.dynamics()),
                            network.depth(),
                            network.outputs());
        }
        return all;
    }

    /** Takes the gain {@code S J_i Q_i} of a sample, [n_L, n_L]. */
    void setGain(int layer, int sample, double[] gain) {
        if (loops.length > 0) {
            loops[sample / LANES].setGain(layer, sample % LANES, gain);
        }
    }

    /**
     * Marks solved samples as unsolved whose steady state is unstable. Samples without an error are
     * solved at once, without a matrix, so that their probe is void.
     *
     * @param solved which samples are solved; changed
     * @param initial residuals of the samples without control
     */
    void keepStable(boolean[] solved, double[] initial, Batch batch, ControlError target) {
        boolean any = false;
        for (int s = 0; s < tile.count; s++) {
            any |= solved[s] && initial[s] != 0;
        }
        if (!any) {
            return;
        }
        if (matrixFree != null) {
            linear.refresh(batch, target);
            if (reduced != null && basis.isUsable() && !linear.comparesSoftmax()) {
                keepReduced(solved, initial);
            } else {
                keep(matrixFree.decays(), 0, solved, initial);
            }
            return;
        }
        for (int b = 0; b * LANES < tile.count; b++) {
            keep(loops[b].decays(), b * LANES, solved, initial);
        }
    }

    private void keepReduced(boolean[] solved, double[] initial) {
        boolean[] certain = projected.decays();
        boolean any = false;
        for (int s = 0; s < tile.count; s++) {
            open[s] = solved[s] && initial[s] != 0 && !certain[s];
            any |= open[s];
        }
        if (any) {
            boolean[] stable = reduced.decays();
            for (int s = 0; s < tile.count; s++) {
                solved[s] &= !open[s] || stable[s];
            }
        }
    }

    private void keep(boolean[] stable, int first, boolean[] solved, double[] initial) {
        for (int s = first; s < Math.min(tile.count, first + stable.length); s++) {
            solved[s] &= stable[s - first] || initial[s] == 0;
        }
    }
}
