package io.dfc.tornado.loop;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.Solver;
import io.dfc.api.spi.reduced.OutputSpace;
import io.dfc.tornado.kernel.Slots;
import io.dfc.tornado.memory.Layout;
import io.dfc.tornado.memory.Tiles;
import io.dfc.tornado.runtime.DeviceShare;
import io.dfc.tornado.runtime.Kernel;

import java.util.Arrays;

/**
 * States of a minibatch that are found without simulation. The device does the work; the host
 * follows with a few numbers to a sample and decides what is tried next.
 */
public final class SteadySearch {
    private static final int MAX_HALVINGS = 8;

    /** A trial of this sample has been accepted; neither searched nor lost. */
    private static final int ACCEPTED = 3;

    private final DeviceShare device;
    private final Layout layout;

    public SteadySearch(DeviceShare device, Layout layout) {
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
        device.set(Slots.LINEARIZED, 1);
        gains(samples);
        solveOnce(samples);
        device.launch(Kernel.JUDGE, Tiles.count(samples));
        recorder.record(1);
    }

    /** Goes back to the feedforward pass where there is no loop to simulate. */
    public void reset(int samples) {
        device.set(Slots.ERROR_KIND, Slots.DISTANCE);
        device.set(Slots.SOFTMAX_SLOPE, 0);
        device.set(Slots.STEP_SIZE, 0.0);
        device.set(Slots.LEARNS_FEEDBACK, 0);
        device.set(Slots.AVERAGES, 0);
        device.set(Slots.MASKED, 0);
        device.launch(Kernel.RESET, Tiles.count(samples));
    }

    /**
     * Solves the linear systems for the control errors as they stand, and passes the solution
     * through the network; after {@link #reset} and {@link #gains}.
     */
    public void linear(double leakage, int samples) {
        writeStatus(new float[layout.padded]);
        device.set(Slots.LEAKAGE, leakage);
        solveOnce(samples);
    }

    private void solveOnce(int samples) {
        device.launch(Kernel.SOLVE, samples);
        device.set(Slots.STEP_LENGTH, 1.0);
        device.launch(Kernel.ADVANCE, device.groups(samples * layout.outputs));
        device.launch(Kernel.PROPAGATE, Tiles.count(samples));
    }

    /** Gains of the loop at the current state. */
    public void gains(int samples) {
        device.launch(Kernel.JACOBIAN, samples);
        device.launch(Kernel.GAINS, samples);
    }

    /**
     * The nonlinear steady state, as {@link Solver.SteadyState} says; samples for which there is
     * none are simulated.
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
        device.set(Slots.LINEARIZED, 0);
        device.launch(Kernel.PROPAGATE, Tiles.count(samples));
        float[] initial = residuals(samples);
        float[] residual = initial;
        for (int iteration = 0; ; iteration++) {
            boolean done = true;
            for (int s = 0; s < samples; s++) {
                if (status[s] == Slots.SEARCHED) {
                    if (residual[s] <= solver.tolerance() * initial[s]) {
                        status[s] = Slots.FOUND;
                    } else if (iteration == solver.maxIterations()) {
                        status[s] = Slots.LOST;
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
        int lost = 0;
        for (float s : status) {
            lost += s == Slots.LOST ? 1 : 0;
        }
        if (lost > 0) {
            simulate(status, simulation, samples);
        }
        device.launch(Kernel.JUDGE, Tiles.count(samples));
        recorder.record(1);
        return lost;
    }

    /** One Newton step of the samples that are searched, halved until their residual falls. */
    private float[] descend(float[] status, float[] before, int samples) {
        gains(samples);
        device.launch(Kernel.SOLVE, samples);
        float[] after = before.clone();
        float[] trial = status.clone();
        double length = 1;
        for (int halving = 0; halving <= MAX_HALVINGS; halving++, length /= 2) {
            writeStatus(trial);
            device.set(Slots.STEP_LENGTH, length);
            device.launch(Kernel.ADVANCE, device.groups(samples * layout.outputs));
            device.launch(Kernel.PROPAGATE, Tiles.count(samples));
            float[] residual = residuals(samples);
            boolean done = true;
            for (int s = 0; s < samples; s++) {
                if (trial[s] == Slots.SEARCHED) {
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
            if (trial[s] == Slots.SEARCHED) {
                status[s] = Slots.LOST;
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
        device.write(layout.at(Slots.PROBE_START), start, 0, start.length);
        Dynamics probe = OutputSpace.probe(dynamics);
        simulation.configureDynamics(probe);
        device.set(Slots.TO, OutputSpace.PROBE_STEPS);
        device.launch(Kernel.PROBE, samples);
        simulation.configureDynamics(dynamics);
        float[] largest = device.read(layout.at(Slots.PROBED), 4 * layout.padded);
        for (int s = 0; s < samples; s++) {
            boolean isControlled = false;
            for (int j = 0; j < layout.outputs; j++) {
                isControlled |= control[Tiles.at(s, j, layout.outputs)] != 0;
            }
            // Where nothing is controlled, nothing can run away.
            if (status[s] == Slots.FOUND
                    && isControlled
                    && !OutputSpace.isStable(largest[4 * s + 1], largest[4 * s + 3])) {
                status[s] = Slots.LOST;
            }
        }
    }

    /** Simulates the tiles of lost samples; what was found for others is brought back. */
    private void simulate(float[] status, Simulation simulation, int samples) {
        float[] found = readControl();
        writeStatus(status);
        boolean[] lost = new boolean[samples];
        for (int s = 0; s < samples; s++) {
            lost[s] = status[s] == Slots.LOST;
        }
        simulation.runTilesOf(lost);
        float[] control = readControl();
        for (int s = 0; s < samples; s++) {
            if (status[s] != Slots.LOST) {
                for (int j = 0; j < layout.outputs; j++) {
                    int at = Tiles.at(s, j, layout.outputs);
                    control[at] = found[at];
                }
            }
        }
        device.write(layout.at(Slots.CONTROL), control, 0, control.length);
        device.launch(Kernel.PROPAGATE, Tiles.count(samples));
    }

    private float[] readControl() {
        return device.read(layout.at(Slots.CONTROL), layout.padded * layout.outputs);
    }

    private float[] residuals(int samples) {
        return Arrays.copyOf(device.read(layout.at(Slots.RESIDUAL), layout.padded), samples);
    }

    private void writeStatus(float[] status) {
        device.write(layout.at(Slots.STATUS), status, 0, status.length);
    }
}
