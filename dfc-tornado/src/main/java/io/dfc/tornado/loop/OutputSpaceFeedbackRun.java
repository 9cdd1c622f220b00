package io.dfc.tornado.loop;

import io.dfc.api.plan.LoopPhase;
import io.dfc.api.spi.reduced.OutputSpace;
import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.learn.GradientOperations;
import io.dfc.tornado.learn.NormRequest;
import io.dfc.tornado.memory.MemoryLayout;
import io.dfc.tornado.memory.Region;
import io.dfc.tornado.memory.TensorTable;
import io.dfc.tornado.memory.Tiles;
import io.dfc.tornado.runtime.DeviceShare;
import io.dfc.tornado.runtime.Kernel;

import java.util.Arrays;
import java.util.List;

/**
 * A noisy loop in which feedback weights alone learn, in output space; the first tiles are
 * simulated as well, and their error is the estimate for all.
 */
final class OutputSpaceFeedbackRun {
    private static final int CHECKED_TILES = Tiles.count(OutputSpace.CHECKED_SAMPLES);

    private final DeviceShare device;
    private final MemoryLayout layout;
    private final GradientOperations gradients;
    private final SteadySearch search;

    /** The feedback weights. */
    private final TensorTable tensors;

    /** Sums over the checked samples, from the simulation and from the reduced-order loop. */
    private final int simulated;

    private final int reduced;
    private double estimate;

    OutputSpaceFeedbackRun(
            DeviceShare device,
            MemoryLayout layout,
            GradientOperations gradients,
            LoopPhase phase,
            SteadySearch search) {
        this.device = device;
        this.layout = layout;
        this.gradients = gradients;
        this.search = search;
        tensors = layout.tensors.table(List.of(phase.feedback()));
        simulated = layout.address(new Region.CheckedSums(true));
        reduced = layout.address(new Region.CheckedSums(false));
    }

    /**
     * Runs the phase and leaves its sums with the tiles, as a simulation does.
     *
     * @param simulation the phase, configured
     * @return whether the sums meet the tolerance; if not, they are to be simulated
     */
    boolean run(Simulation simulation, double tolerance, int samples) {
        estimate = 0;
        boolean[] checked = new boolean[samples];
        Arrays.fill(checked, 0, OutputSpace.CHECKED_SAMPLES, true);
        simulation.runTilesOf(checked);
        reduceChecked(simulated);
        runLoops(simulation, OutputSpace.CHECKED_SAMPLES);
        reduceChecked(reduced);
        double error = OutputSpace.CHECK_MARGIN * worstError();
        if (!(error <= tolerance)) {
            return false;
        }
        runLoops(simulation, samples);
        float[] numbers =
                device.read(layout.at(TableLayout.REPORT), samples * TableLayout.REPORT_LENGTH);
        if (!new LoopReport(numbers, samples).staysBelowOutput()) {
            return false;
        }
        estimate = error;
        return true;
    }

    private void runLoops(Simulation simulation, int samples) {
        simulation.reset();
        search.gains(samples);
        simulation.runSteps(Kernel.NOISY_LOOP, Tiles.count(samples));
        device.launch(Kernel.ADD_CONTROL_PART, Tiles.count(samples));
    }

    private void reduceChecked(int gradient) {
        gradients.reduce(
                layout.at(TableLayout.FEEDBACK_PARTIAL),
                CHECKED_TILES,
                layout.feedbackLength,
                gradient,
                1);
    }

    /** Error of the checked samples' sums in the worst layer. */
    private double worstError() {
        List<double[]> measured =
                gradients.layerNorms(
                        List.of(
                                new NormRequest(reduced, simulated, tensors),
                                new NormRequest(simulated, tensors)));
        double[] errors = measured.getFirst();
        double[] norms = measured.getLast();
        double worst = 0;
        for (int i = 0; i < errors.length; i++) {
            double error = LoopReport.quotient(errors[i], norms[i]);
            // Written so that an undefined error counts as unbounded.
            if (!(error <= worst)) {
                worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
            }
        }
        return worst;
    }

    /** Estimated relative error of the worst layer, after a run that met its tolerance. */
    double estimate() {
        return estimate;
    }
}
