package io.dfc.tornado.loop;

import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.spi.reduced.OutputSpace;
import io.dfc.tornado.kernel.TableCodes;
import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.learn.GradientOperations;
import io.dfc.tornado.learn.NormRequest;
import io.dfc.tornado.learn.PlasticityCode;
import io.dfc.tornado.memory.MemoryLayout;
import io.dfc.tornado.memory.MemoryRegions;
import io.dfc.tornado.memory.Region;
import io.dfc.tornado.memory.TensorTable;
import io.dfc.tornado.memory.Tiles;
import io.dfc.tornado.runtime.DeviceShare;
import io.dfc.tornado.runtime.Kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A loop without noise in output space. The device runs the reduced-order loop twice and recovers
 * the updates from both runs; the host chooses the form of each update by its estimated error.
 */
final class OutputSpaceRun {
    private final DeviceShare device;
    private final MemoryLayout layout;
    private final GradientOperations gradients;
    private final LoopHandle loop;
    private final LoopPhase phase;
    private final SteadySearch search;
    private final List<ForwardPlasticity> updates;
    private int samples;
    private double estimate;

    /** Mode whose voltage differences the network's state has; null before the first. */
    private ForwardPlasticity.Mode state;

    OutputSpaceRun(
            DeviceShare device,
            MemoryLayout layout,
            GradientOperations gradients,
            LoopHandle loop,
            SteadySearch search) {
        this.device = device;
        this.layout = layout;
        this.gradients = gradients;
        this.loop = loop;
        phase = loop.phase();
        this.search = search;
        updates = phase.forwardPlasticities();
    }

    /**
     * Runs the phase.
     *
     * @param simulation the phase, configured; goes back to the feedforward pass
     * @return whether the updates, before clipping, meet the tolerance; if not, they are to be
     *     simulated
     */
    boolean run(Simulation simulation, double tolerance, int count) {
        samples = count;
        estimate = 0;
        simulation.reset();
        search.gains(samples);
        double kappa = phase.dynamics().somaticRate();
        device.set(TableLayout.END_STEP, simulation.steps());
        device.set(TableLayout.INVERSE_POINTS, 1.0 / phase.dynamics().timePoints());
        device.set(TableLayout.FILTER_TAIL, (1 - kappa) / kappa);
        if (!runLoop(false).isWithinBounds()) {
            return false;
        }
        recover();
        // The loop's next run finds the output's second-order part in the state at the last point.
        setState(ForwardPlasticity.Mode.LAST_STATE);
        LoopReport report = runLoop(true);
        if (!report.isWithinBounds()) {
            return false;
        }
        simulation.decideConvergence();
        for (int u = 0; u < updates.size(); u++) {
            setState(updates.get(u).mode());
            formLinear(u);
            form(u, OutputSpace.Form.NONLINEAR);
        }
        recover();
        for (int u = 0; u < updates.size(); u++) {
            setState(updates.get(u).mode());
            form(u, OutputSpace.Form.DEFECT_CORRECTED);
        }
        return choose(report, tolerance);
    }

    private LoopReport runLoop(boolean correctsDefect) {
        device.set(TableLayout.CORRECTS_DEFECT, correctsDefect ? 1 : 0);
        device.launch(Kernel.OUTPUT_LOOP, Tiles.count(samples));
        return new LoopReport(
                device.read(layout.at(TableLayout.REPORT), samples * TableLayout.REPORT_LENGTH),
                samples);
    }

    private void recover() {
        device.launch(Kernel.RECOVER, Tiles.count(samples));
        state = null;
    }

    /** Brings the network to the state that an update of a mode is formed from. */
    private void setState(ForwardPlasticity.Mode mode) {
        if (mode != state) {
            device.set(
                    TableLayout.SOURCE,
                    layout.at(
                            mode == ForwardPlasticity.Mode.LAST_STATE
                                    ? TableLayout.LAST_DIFFERENCE
                                    : TableLayout.MEAN_DIFFERENCE));
            device.launch(Kernel.PROPAGATE_DIFFERENCE, Tiles.count(samples));
            state = mode;
        }
    }

    private void form(int update, OutputSpace.Form form) {
        ForwardPlasticity of = updates.get(update);
        gradients.fromState(
                PlasticityCode.rule(of),
                PlasticityCode.presynaptic(of),
                address(update, form),
                -2.0 / samples,
                false,
                samples);
    }

    /** Writes what of an update is linear in the nudge, given the difference of voltages. */
    private void formLinear(int update) {
        int rule = PlasticityCode.rule(updates.get(update));
        gradients.fromState(
                rule == TableCodes.NONLINEAR_DIFFERENCE ? TableCodes.DERIVATIVE : rule,
                TableCodes.FEEDFORWARD,
                address(update, OutputSpace.Form.LINEAR),
                -2.0 / samples,
                false,
                samples);
    }

    private int address(int update, OutputSpace.Form form) {
        return layout.at(
                loop.gradients().get(update),
                switch (form) {
                    case LINEAR -> Region.Stage.LINEAR;
                    case NONLINEAR -> Region.Stage.NONLINEAR;
                    case DEFECT_CORRECTED -> Region.Stage.BOUNDED;
                });
    }

    /** Takes for every update the form of the smallest estimated error, if that is small enough. */
    private boolean choose(LoopReport report, double tolerance) {
        List<double[]> norms = gradients.layerNorms(normRequests());
        double[] errors = new double[OutputSpace.Form.values().length];
        double worst = 0;
        for (int u = 0; u < updates.size(); u++) {
            double[] corrected = norms.get(MemoryRegions.NORMS_PER_GRADIENT * u);
            double[] linear =
                    relative(norms.get(MemoryRegions.NORMS_PER_GRADIENT * u + 1), corrected);
            double[] nonlinear =
                    relative(norms.get(MemoryRegions.NORMS_PER_GRADIENT * u + 2), corrected);
            OutputSpace.Form form =
                    updates.get(u).mode() == ForwardPlasticity.Mode.LAST_STATE
                            ? OutputSpace.chooseLastState(
                                    linear, nonlinear, report.largestLag(), errors)
                            : OutputSpace.chooseOverTime(
                                    linear, nonlinear, report.variation(), errors);
            worst = Math.max(worst, errors[form.ordinal()]);
            if (!(worst <= tolerance)) {
                return false;
            }
            gradients.clip(
                    new Clipping.None(),
                    address(u, form),
                    address(u, OutputSpace.Form.DEFECT_CORRECTED),
                    layout.tensors.forward);
        }
        estimate = worst;
        return phase.convergence().includeAll() || report.isDecided(phase.convergence(), worst);
    }

    /**
     * For every update: the corrected form, and the distances of the linear and the nonlinear one.
     */
    private List<NormRequest> normRequests() {
        List<NormRequest> requests = new ArrayList<>();
        TensorTable tensors = layout.tensors.forward;
        for (int u = 0; u < updates.size(); u++) {
            int corrected = address(u, OutputSpace.Form.DEFECT_CORRECTED);
            int linear = address(u, OutputSpace.Form.LINEAR);
            int nonlinear = address(u, OutputSpace.Form.NONLINEAR);
            requests.add(new NormRequest(corrected, tensors));
            requests.add(new NormRequest(corrected, linear, tensors));
            requests.add(new NormRequest(corrected, nonlinear, tensors));
        }
        return requests;
    }

    private static double[] relative(double[] distances, double[] norms) {
        double[] out = new double[norms.length];
        Arrays.setAll(out, i -> LoopReport.quotient(distances[i], norms[i]));
        return out;
    }

    /** Estimated relative error of the worst update, after a run that met its tolerance. */
    double estimate() {
        return estimate;
    }
}
