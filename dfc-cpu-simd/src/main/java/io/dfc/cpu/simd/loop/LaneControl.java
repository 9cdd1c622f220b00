package io.dfc.cpu.simd.loop;

import io.dfc.api.control.ControlTile;
import io.dfc.api.control.Controller;
import io.dfc.api.control.ProportionalIntegralController;

import java.util.Arrays;

/**
 * Controller and control error of a {@link LaneTile}, in float64 and laid out as the rates of its
 * last layer, [panels, n_L, width]: nothing has to change its place in a step, and norms of all
 * samples are sums of vectors. For the published controller, which treats all numbers alike, and
 * for errors that are differences from a constant. Lanes without a sample stay at zero.
 */
final class LaneControl {
    private final int outputs;
    private final int width;
    final double[] u;
    private final double[] previous;
    private final double[] state;
    private final double[] deviation;
    private final double[] error;

    /** What the deviation is subtracted from. */
    private final double[] constant;

    /** Per sample, the squared norm of what is left of the error. */
    private final double[] squares;

    /** Per sample, the squared norm of the output of the feedforward pass. */
    private final double[] outputSquares;

    /** The controller's view of so many panels; it sees no output of the feedforward pass. */
    private final ControlTile[] views;

    private int samples;
    private int numbers;

    LaneControl(int outputs, int width, int capacity) {
        this.outputs = outputs;
        this.width = width;
        int n = Math.multiplyExact(outputs, capacity);
        u = new double[n];
        previous = new double[n];
        state = new double[n];
        deviation = new double[n];
        error = new double[n];
        constant = new double[n];
        squares = new double[capacity];
        outputSquares = new double[capacity];
        views = new ControlTile[capacity / width + 1];
        for (int panels = 0; panels < views.length; panels++) {
            views[panels] =
                    new ControlTile(
                            0, panels * width, outputs, error, constant, deviation, u, state);
        }
    }

    /** Whether controller and error of a phase are of the kinds that this class treats. */
    static boolean covers(Controller controller, ControlError target) {
        return controller instanceof ProportionalIntegralController && target.isDifference();
    }

    /** Begins at the feedforward pass of a tile. */
    void reset(Tile tile, ControlError target) {
        samples = tile.count;
        numbers = (samples + width - 1) / width * width * outputs;
        Arrays.fill(u, 0, numbers, 0);
        Arrays.fill(state, 0, numbers, 0);
        Arrays.fill(deviation, 0, numbers, 0);
        Arrays.fill(constant, 0, numbers, 0);
        for (int s = 0; s < samples; s++) {
            double norm = tile.feedforwardNorm(s);
            outputSquares[s] = norm * norm;
            for (int j = 0; j < outputs; j++) {
                constant[at(s) + j * width] = target.constant(tile.first + s, j);
            }
        }
        System.arraycopy(constant, 0, error, 0, numbers);
    }

    /** Leaves a sample at the feedforward pass: it has no error. */
    void exclude(int sample) {
        for (int k = at(sample); k < at(sample) + outputs * width; k += width) {
            constant[k] = 0;
            error[k] = 0;
        }
    }

    /** Place of the first output of a sample. */
    private int at(int sample) {
        return sample / width * outputs * width + sample % width;
    }

    /**
     * Advances the control signal by the current error.
     *
     * @param proactive whether that signal is applied, else that of the step before
     * @param applied receives the signal that drives the apical compartments
     */
    void step(Controller controller, double timeStep, boolean proactive, float[] applied) {
        System.arraycopy(u, 0, previous, 0, numbers);
        controller.step(views[numbers / (width * outputs)], timeStep);
        double[] control = proactive ? u : previous;
        for (int k = 0; k < numbers; k++) {
            applied[k] = (float) control[k];
        }
    }

    /**
     * Brings the error up to date.
     *
     * @param rates deviations of the last layer's rates
     */
    void compare(float[] rates) {
        for (int k = 0; k < numbers; k++) {
            deviation[k] = rates[k];
        }
        for (int k = 0; k < numbers; k++) {
            error[k] = constant[k] - deviation[k];
        }
    }

    /** Adds one for every sample whose distance ratio is above a limit. */
    void countBeyond(double limit, double leakage, int first, int[] counts) {
        Arrays.fill(squares, 0);
        for (int panel = 0; panel * width < samples; panel++) {
            for (int j = 0; j < outputs; j++) {
                addSquares((panel * outputs + j) * width, panel * width, leakage);
            }
        }
        for (int s = 0; s < samples; s++) {
            if (squares[s] > limit * limit * outputSquares[s]) {
                counts[first + s]++;
            }
        }
    }

    private void addSquares(int from, int to, double leakage) {
        for (int k = 0; k < width; k++) {
            double rest = error[from + k] - leakage * u[from + k];
            squares[to + k] += rest * rest;
        }
    }

    /** Writes control signals, errors and output deviations to the tile. */
    void write(Tile tile) {
        for (int s = 0; s < samples; s++) {
            for (int j = 0; j < outputs; j++) {
                int to = s * outputs + j;
                int from = at(s) + j * width;
                tile.previousU[to] = previous[from];
                tile.u[to] = u[from];
                tile.error[to] = error[from];
                tile.outputDeviation[to] = deviation[from];
            }
        }
    }
}
