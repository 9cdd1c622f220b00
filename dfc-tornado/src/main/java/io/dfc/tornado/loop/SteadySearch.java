package io.dfc.tornado.loop;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.Solver;
import io.dfc.api.spi.reduced.OutputSpace;
import io.dfc.tornado.kernel.TableCodes;
import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.memory.MemoryLayout;
import io.dfc.tornado.memory.Tiles;
import io.dfc.tornado.runtime.DeviceShare;
import io.dfc.tornado.runtime.Kernel;

import java.util.Arrays;

/**
 * Steady states of a minibatch by Newton's method. The device computes; the host reads residuals, a
 * number to a sample, and decides on the next step.
 */
public final class SteadySearch {
    private static final int MAX_HALVINGS = 8;

    /** Status of a sample whose step has been accepted. */
    private static final int ACCEPTED = 3;

    private final DeviceShare device;
    private final MemoryLayout layout;

    public SteadySearch(DeviceShare device, MemoryLayout layout) {
        this.device = device;
        this.layout = layout;
    }

    /**
     * The steady state of the network linearised at the feedforward pass.
     *
     * @param simulation the phase, configured; goes back to the feedforward pass
     * @param recorder records that pass and the state
     */
    void linearized(Simulation simulation, Recorder recorder, int samples) {
        writeStatus(new float[layout.padded]);
        simulation.reset();
        recorder.record(0);
        device.set(TableLayout.LINEARIZED, 1);
        gains(samples);
        solveOnce(samples);
        device.launch(Kernel.STEADY_CONVERGENCE, Tiles.count(samples));
        recorder.record(1);
    }

    /** Goes back to the feedforward pass in a phase that has no loop. */
    public void reset(int samples) {
        device.set(TableLayout.ERROR_KIND, TableCodes.DISTANCE);
        device.set(TableLayout.SOFTMAX_SLOPE, 0);
        device.set(TableLayout.STEP_SIZE, 0.0);
        device.set(TableLayout.LEARNS_FEEDBACK, 0);
        device.set(TableLayout.AVERAGES, 0);
        device.set(TableLayout.MASKED, 0);
        device.launch(Kernel.RESET, Tiles.count(samples));
    }

    /**
     * Solves the linear systems for the control errors as they stand, and propagates the solution
     * through the network; after {@link #reset} and {@link #gains}.
     */
    public void linear(double leakage, int samples) {
        writeStatus(new float[layout.padded]);
        device.set(TableLayout.LEAKAGE, leakage);
        solveOnce(samples);
    }

    private void solveOnce(int samples) {
        device.launch(Kernel.SOLVE, samples);
        device.set(TableLayout.STEP_LENGTH, 1.0);
        device.launch(Kernel.ADVANCE, device.groups(samples * layout.outputs));
        device.launch(Kernel.PROPAGATE_CONTROL, Tiles.count(samples));
    }

    /** Gains of the loop at the current state. */
    public void gains(int samples) {
        device.launch(Kernel.JACOBIAN, samples);
        device.launch(Kernel.GAINS, samples);
    }

    /**
     * The nonlinear steady state, as {@link Solver.SteadyState} says; samples without one are
     * simulated.
     *
     * @param simulation the phase, configured; goes back to the feedforward pass
     * @param recorder records that pass and the state
     * @return the number of samples simulated
     */
    int nonlinear(
            Solver.SteadyState solver,
            Simulation simulation,
            Recorder recorder,
            Dynamics dynamics,
            int samples) {
        float[] status = new float[layout.padded];
        writeStatus(status);
        simulation.reset();
        recorder.record(0);
        device.set(TableLayout.LINEARIZED, 0);
        device.launch(Kernel.PROPAGATE_CONTROL, Tiles.count(samples));
        float[] initial = residuals(samples);
        float[] residual = initial;
        for (int iteration = 0; ; iteration++) {
            boolean done = true;
            for (int s = 0; s < samples; s++) {
                if (status[s] == TableCodes.SEARCHING) {
                    if (residual[s] <= solver.tolerance() * initial[s]) {
                        status[s] = TableCodes.SOLVED;
                    } else if (iteration == solver.maxIterations()) {
                        status[s] = TableCodes.UNSOLVED;
                    } else {
                        done = false;
                    }
                }
            }
            writeStatus(status);
            if (done) {
                break;
            }
            residual = descend(status, residual, samples);
        }
        dropUnstable(status, simulation, dynamics, samples);
        int unsolved = 0;
        for (float s : status) {
            unsolved += s == TableCodes.UNSOLVED ? 1 : 0;
        }
        if (unsolved > 0) {
            simulate(status, simulation, samples);
        }
        device.launch(Kernel.STEADY_CONVERGENCE, Tiles.count(samples));
        recorder.record(1);
        return unsolved;
    }

    /** One Newton step of all samples still searched, halved until their residual falls. */
    private float[] descend(float[] status, float[] before, int samples) {
        gains(samples);
        device.launch(Kernel.SOLVE, samples);
        float[] after = before.clone();
        float[] trial = status.clone();
        double length = 1;
        for (int halving = 0; halving <= MAX_HALVINGS; halving++, length /= 2) {
            writeStatus(trial);
            device.set(TableLayout.STEP_LENGTH, length);
            device.launch(Kernel.ADVANCE, device.groups(samples * layout.outputs));
            device.launch(Kernel.PROPAGATE_CONTROL, Tiles.count(samples));
            float[] residual = residuals(samples);
            boolean done = true;
            for (int s = 0; s < samples; s++) {
                if (trial[s] == TableCodes.SEARCHING) {
                    if (residual[s] < before[s]) {
                        trial[s] = ACCEPTED;
                        after[s] = residual[s];
                    } else {
                        done = false;
                    }
                }
            }
            if (done) {
                return after;
            }
        }
        for (int s = 0; s < samples; s++) {
            if (trial[s] == TableCodes.SEARCHING) {
                status[s] = TableCodes.UNSOLVED;
            }
        }
        return after;
    }

    private void dropUnstable(
            float[] status, Simulation simulation, Dynamics dynamics, int samples) {
        float[] control = readControl();
        gains(samples);
        float[] start = new float[layout.outputs];
        for (int j = 0; j < start.length; j++) {
            start[j] = (float) OutputSpace.probeStart(j);
        }
        device.write(layout.at(TableLayout.STABILITY_START), start);
        Dynamics probe = OutputSpace.probe(dynamics);
        simulation.configureDynamics(probe);
        device.set(TableLayout.END_STEP, OutputSpace.PROBE_STEPS);
        device.launch(Kernel.STABILITY, samples);
        simulation.configureDynamics(dynamics);
        float[] largest = device.read(layout.at(TableLayout.STABILITY_MAXIMA), 4 * layout.padded);
        for (int s = 0; s < samples; s++) {
            boolean isControlled = false;
            for (int j = 0; j < layout.outputs; j++) {
                isControlled |= control[Tiles.at(s, j, layout.outputs)] != 0;
            }
            // Without control there is nothing to be unstable.
            if (status[s] == TableCodes.SOLVED
                    && isControlled
                    && !OutputSpace.isStable(largest[4 * s + 1], largest[4 * s + 3])) {
                status[s] = TableCodes.UNSOLVED;
            }
        }
    }

    /**
     * Simulates the tiles of unsolved samples, and restores the solutions of other samples in them.
     */
    private void simulate(float[] status, Simulation simulation, int samples) {
        float[] found = readControl();
        writeStatus(status);
        boolean[] unsolved = new boolean[samples];
        for (int s = 0; s < samples; s++) {
            unsolved[s] = status[s] == TableCodes.UNSOLVED;
        }
        simulation.runTilesOf(unsolved);
        float[] control = readControl();
        for (int s = 0; s < samples; s++) {
            if (status[s] != TableCodes.UNSOLVED) {
                for (int j = 0; j < layout.outputs; j++) {
                    int at = Tiles.at(s, j, layout.outputs);
                    control[at] = found[at];
                }
            }
        }
        device.write(layout.at(TableLayout.CONTROL), control);
        device.launch(Kernel.PROPAGATE_CONTROL, Tiles.count(samples));
    }

    private float[] readControl() {
        return device.read(layout.at(TableLayout.CONTROL), layout.padded * layout.outputs);
    }

    private float[] residuals(int samples) {
        return Arrays.copyOf(device.read(layout.at(TableLayout.RESIDUAL), layout.padded), samples);
    }

    private void writeStatus(float[] status) {
        device.write(layout.at(TableLayout.STATUS), status);
    }
}
