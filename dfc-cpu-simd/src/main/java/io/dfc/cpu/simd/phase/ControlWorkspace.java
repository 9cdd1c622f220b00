package io.dfc.cpu.simd.phase;

import io.dfc.api.control.Convergence;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopPhase;
import io.dfc.cpu.simd.kernel.NoiseSource;
import io.dfc.cpu.simd.kernel.Simd;
import io.dfc.cpu.simd.learn.FeedbackCorrelation;
import io.dfc.cpu.simd.learn.GatheredRates;
import io.dfc.cpu.simd.learn.TimeSum;
import io.dfc.cpu.simd.loop.ControlError;
import io.dfc.cpu.simd.loop.LaneTile;
import io.dfc.cpu.simd.loop.StoredVoltages;
import io.dfc.cpu.simd.loop.Tile;
import io.dfc.cpu.simd.loop.TileSimulation;
import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.model.Model;
import io.dfc.cpu.simd.steady.SteadyStates;
import io.dfc.cpu.simd.wide.ReadoutBasis;

import java.util.List;
import java.util.Optional;

/**
 * Working memory of a task that runs the loop of some tiles for the gradients of weights and
 * biases. Used by one thread at a time.
 */
final class ControlWorkspace {
    private final LoopPhase phase;
    private final Network network;
    private final Tile tile;
    private final TileSimulation simulation;
    private final SteadyStates steadyStates;
    private final LastState lastState;

    /** One per update; null for those that do not average over time. */
    final TimeSum[] sums;

    /** Null where no update averages over time. */
    private final GatheredRates rates;

    /**
     * Whether a user's rule reads the voltages of every time point, so that samples must be rows.
     */
    private final boolean byRows;

    /**
     * Sums that feedback weights learn from; null where they do not learn from this loop's
     * simulation.
     */
    private final FeedbackCorrelation correlation;

    private boolean[] solved;
    private final TileSimulation.Observer observer =
            new TileSimulation.Observer() {
                @Override
                public void observe(int point, Tile t) {
                    observePoint(point, t);
                }

                @Override
                public StoredVoltages reads(int point) {
                    boolean apical = correlation != null && firstPass && !correlatesInLanes();
                    if (results.recorder.records(point) || byRows || apical && averages) {
                        return StoredVoltages.ALL;
                    }
                    return apical
                            ? StoredVoltages.APICAL
                            : averages ? StoredVoltages.BASAL : StoredVoltages.NONE;
                }
            };

    private final TileSimulation.Observer blind =
            new TileSimulation.Observer() {
                @Override
                public void observe(int point, Tile t) {}

                @Override
                public StoredVoltages reads(int point) {
                    return StoredVoltages.NONE;
                }
            };

    // Read by the observer of the current simulation.
    private Batch observed;
    private ControlRun results;
    private boolean averages;
    private boolean firstPass;

    /** Time points gathered since the last products. */
    private int gathered;

    /**
     * A workspace.
     *
     * @param learnsFeedback whether feedback weights learn from the simulation, too
     * @param basis of control signals, for steady states; empty if there is none
     */
    ControlWorkspace(
            LoopPhase phase, Model model, boolean learnsFeedback, Optional<ReadoutBasis> basis) {
        this.phase = phase;
        List<ForwardPlasticity> updates = phase.forwardPlasticities();
        network = model.network;
        tile = new Tile(network, Simd.TILE);
        simulation = new TileSimulation(model, phase.controller(), phase.dynamics(), phase.noise());
        steadyStates =
                new SteadyStates(
                        model,
                        tile,
                        phase.controller().leakage(),
                        Optional.of(phase).filter(p -> p.solver() instanceof Solver.SteadyState),
                        basis);
        boolean overTime = false;
        boolean ofUsers = false;
        sums = new TimeSum[updates.size()];
        for (int k = 0; k < sums.length; k++) {
            ForwardPlasticity update = updates.get(k);
            boolean continuous = update.mode() == ForwardPlasticity.Mode.CONTINUOUS;
            sums[k] =
                    continuous
                            ? new TimeSum(network, update, tile, model.blocks.lanes().width())
                            : null;
            overTime |= continuous;
            ofUsers |= continuous && !(update.rule() instanceof DfcRule);
        }
        rates = overTime ? new GatheredRates(model, tile) : null;
        byRows = ofUsers;
        correlation = learnsFeedback ? new FeedbackCorrelation(phase, model, tile) : null;
        lastState = new LastState(phase, model, tile);
    }

    /** Sums that feedback weights learn from, if they learn from this simulation. */
    Optional<float[][]> feedbackSums() {
        return Optional.ofNullable(correlation).map(FeedbackCorrelation::sums);
    }

    void begin() {
        if (correlation != null) {
            correlation.begin();
        }
        for (TimeSum sum : sums) {
            if (sum != null) {
                sum.begin();
            }
        }
    }

    void end() {
        if (correlation != null) {
            correlation.end();
        }
    }

    /** Runs the loop of a tile of the minibatch and adds its samples to all sums. */
    void run(int index, Batch batch, ControlError target, NoiseSource noise, ControlRun results) {
        int first = index * tile.capacity;
        int count = Math.min(tile.capacity, batch.samples - first);
        switch (phase.solver()) {
            case Solver.Euler euler -> simulate(batch, first, count, target, noise, results);
            case Solver.Auto auto -> simulate(batch, first, count, target, noise, results);
            case Solver.Linearized linearized -> {
                begin(batch, first, count, target, results);
                steadyStates.linearized(batch, target);
                for (int s = 0; s < count; s++) {
                    results.recordConvergence(tile, s, phase);
                    results.markConverged(first + s);
                    results.recorder.record(1, tile, s);
                }
                lastState.write(batch, results);
            }
            case Solver.SteadyState solver -> {
                begin(batch, first, count, target, results);
                solved = steadyStates.nonlinear(batch, target, solver);
                for (int s = 0; s < count; s++) {
                    results.recordConvergence(tile, s, phase);
                    results.countDivergedState(first + s);
                    results.recorder.record(1, tile, s);
                }
                lastState.write(batch, results);
                simulateUnsolved(batch, first, count, target, noise, results);
            }
        }
    }

    private void begin(Batch batch, int first, int count, ControlError target, ControlRun results) {
        tile.reset(batch, first, count);
        tile.evaluateError(target);
        for (int s = 0; s < count; s++) {
            results.initialNorm[first + s] = tile.errorNorm(s);
            results.recorder.record(0, tile, s);
        }
    }

    private void simulateUnsolved(
            Batch batch,
            int first,
            int count,
            ControlError target,
            NoiseSource noise,
            ControlRun results) {
        for (int s = 0; s < count; s++) {
            if (!solved[s]) {
                // The last state of a simulation replaces the one that was not found.
                simulation.run(tile, batch, first + s, 1, target, noise, blind);
                results.countFallback();
                results.recordConvergence(tile, 0, phase);
                results.countDivergedState(first + s);
                results.recorder.record(1, tile, 0);
                lastState.write(batch, results);
            }
        }
    }

    private void simulate(
            Batch batch,
            int first,
            int count,
            ControlError target,
            NoiseSource noise,
            ControlRun results) {
        boolean overTime = rates != null;
        pass(batch, first, count, target, noise, results, overTime, true);
        for (int s = 0; s < count; s++) {
            results.recordConvergence(tile, s, phase);
        }
        lastState.write(batch, results);
        if (!overTime) {
            return;
        }
        int included = 0;
        for (int s = 0; s < count; s++) {
            included += results.isIncluded(first + s, phase) ? 1 : 0;
        }
        if (included < count) {
            discard(batch, first, count);
            if (included > 0) {
                // Which samples converge is known only at the end, so the tile runs again without
                // the others.
                for (int s = 0; s < count; s++) {
                    if (!results.isIncluded(first + s, phase)) {
                        excludeEverywhere(s);
                    }
                }
                pass(batch, first, count, target, noise, results, true, false);
            }
        }
        commit(first, count, results);
    }

    private void discard(Batch batch, int first, int count) {
        rates.beginTile(tile, batch, first, count);
        for (TimeSum sum : sums) {
            if (sum != null) {
                sum.beginTile();
            }
        }
    }

    private void excludeEverywhere(int sample) {
        simulation.exclude(sample);
        rates.exclude(sample);
        for (TimeSum sum : sums) {
            if (sum != null) {
                sum.exclude(sample);
            }
        }
    }

    private void pass(
            Batch batch,
            int first,
            int count,
            ControlError target,
            NoiseSource noise,
            ControlRun run,
            boolean overTime,
            boolean original) {
        if (overTime && original) {
            discard(batch, first, count);
        }
        observed = batch;
        results = run;
        averages = overTime;
        firstPass = original;
        gathered = 0;
        simulation.run(tile, batch, first, count, target, noise, observer);
        if (averages && gathered > 0) {
            flush();
        }
        if (correlation != null && original) {
            correlation.flush();
        }
    }

    private boolean correlatesInLanes() {
        return FeedbackCorrelation.sumsDirectly(network, simulation.lanes());
    }

    private void observePoint(int point, Tile t) {
        if (firstPass) {
            observe(point, t);
            if (correlation != null) {
                if (correlatesInLanes()) {
                    correlation.gather(point, simulation.lanes());
                } else {
                    correlation.gather(point);
                }
            }
        }
        if (averages && point > 0) {
            gather();
        }
    }

    private void observe(int point, Tile t) {
        if (point > 0) {
            simulation.countBeyond(Convergence.RATIO_DIVERGED, t, results.divergedPoints);
        }
        for (int s = 0; s < t.count && point == 0; s++) {
            results.initialNorm[t.first + s] = t.errorNorm(s);
        }
        results.recorder.record(point, t);
    }

    private void gather() {
        LaneTile lanes = byRows ? null : simulation.lanes();
        boolean direct = TimeSum.sumsDirectly(network, lanes);
        if (lanes == null) {
            rates.gather(gathered, tile);
        } else if (!direct) {
            rates.gather(gathered, lanes, lanes.panels(tile.count));
        }
        for (TimeSum sum : sums) {
            if (sum != null && lanes == null) {
                sum.gather(tile, observed);
            } else if (sum != null) {
                sum.gather(lanes, tile.count);
            }
        }
        if (!direct && ++gathered == GatheredRates.POINTS) {
            flush();
        }
    }

    private void flush() {
        for (TimeSum sum : sums) {
            if (sum != null) {
                sum.flush(rates);
            }
        }
        gathered = 0;
    }

    private void commit(int first, int count, ControlRun results) {
        for (int k = 0; k < sums.length; k++) {
            TimeSum sum = sums[k];
            if (sum != null) {
                sum.commitTile(tile, byRows ? null : simulation.lanes(), rates);
                int stride = tile.strides[0];
                System.arraycopy(
                        sum.first,
                        0,
                        results.postsynaptic.get(k)[0],
                        first * stride,
                        count * stride);
            }
        }
    }
}
