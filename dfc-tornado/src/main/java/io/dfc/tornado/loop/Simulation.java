package io.dfc.tornado.loop;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.tornado.kernel.TableCodes;
import io.dfc.tornado.kernel.TableLayout;
import io.dfc.tornado.memory.MemoryLayout;
import io.dfc.tornado.memory.NoiseTransfer;
import io.dfc.tornado.memory.Tiles;
import io.dfc.tornado.runtime.DeviceShare;
import io.dfc.tornado.runtime.Kernel;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

/** Sets up and launches the controlled loop of one phase. */
public final class Simulation {
    private final DeviceShare device;
    private final MemoryLayout layout;
    private final Network network;
    private final int noiseStream;
    private final ProportionalIntegralController controller;
    private final Dynamics dynamics;
    private final Optional<ApicalNoise> apicalNoise;
    private final OptionalDouble highPass;

    /** Whether the simulation itself correlates with what the high-pass filter leaves. */
    private final boolean correlatesHighPassed;

    private final OutputTarget target;
    private final Loss loss;

    /** Rates of the widest hidden layer. */
    private final int widest;

    private Noise noise = Noise.none();
    private int samples;

    Simulation(DeviceShare device, MemoryLayout layout, Plan plan, LoopHandle loop) {
        LoopPhase phase = loop.phase();
        this.device = device;
        this.layout = layout;
        this.network = plan.network();
        noiseStream = loop.noiseStream();
        controller = (ProportionalIntegralController) phase.controller();
        dynamics = phase.dynamics();
        apicalNoise = phase.noise();
        highPass =
                phase.feedbackPlasticity()
                        .map(FeedbackPlasticity::highPass)
                        .orElse(OptionalDouble.empty());
        correlatesHighPassed =
                phase.feedbackPlasticity()
                        .filter(p -> !p.isExpected() && p.highPass().isPresent())
                        .isPresent();
        target = phase.target();
        this.loss = plan.loss();
        int largest = 0;
        for (int i = 0; i < layout.depth - 1; i++) {
            largest = Math.max(largest, network.size(i));
        }
        widest = largest;
    }

    /** Writes the entries of the tables that describe the phase, and takes its noise. */
    void configure(Noise fresh, int samples) {
        this.samples = samples;
        configureDynamics(dynamics);
        device.set(
                TableLayout.LEAK_TOTAL,
                controller.leak() == ProportionalIntegralController.Leak.TOTAL ? 1 : 0);
        device.set(TableLayout.LEAKAGE_RATE, controller.leakageRate());
        device.set(TableLayout.PROPORTIONAL_GAIN, controller.proportionalGain());
        device.set(TableLayout.LEAKAGE, controller.leakage());
        configureTarget(device, target, loss, network.outputs(), samples);
        boolean silent = true;
        for (int i = 0; i < layout.depth; i++) {
            int layer = i;
            double factor = apicalNoise.map(d -> d.step(layer, layout.depth, dynamics)).orElse(0.0);
            silent &= factor == 0;
            device.set(
                    TableLayout.LAYER_CONSTANTS
                            + i * TableLayout.LAYER_CONSTANTS_RECORD
                            + TableLayout.NOISE_FACTOR,
                    factor);
        }
        boolean filters = apicalNoise.filter(ApicalNoise::isFiltered).isPresent();
        device.set(TableLayout.FILTERS, filters ? 1 : 0);
        device.set(
                TableLayout.NOISE_CORRELATION,
                apicalNoise.map(d -> d.retention(dynamics)).orElse(0.0));
        device.set(TableLayout.HIGH_PASSES, correlatesHighPassed ? 1 : 0);
        device.set(TableLayout.FILTER_SHARE, highPass.orElse(0));
        device.set(
                TableLayout.CORRELATED,
                layout.at(correlatesHighPassed ? TableLayout.HIGH_PASSED : TableLayout.CONTROL));
        noise = silent ? Noise.none() : fresh;
        NoiseTransfer.configure(device, noiseStream, noise);
        if (fresh instanceof Noise.Recorded(var layers)) {
            NoiseTransfer.requireFit(layers, network, dynamics.steps(), samples);
        }
    }

    /** Writes the dynamics alone: those of the phase, or those of a probe of stability. */
    void configureDynamics(Dynamics dynamics) {
        device.set(TableLayout.INSTANT_TRANSMISSION, dynamics.instantTransmission() ? 1 : 0);
        device.set(TableLayout.INSTANT_SYSTEM, dynamics.instantSystem() ? 1 : 0);
        device.set(TableLayout.PROACTIVE, dynamics.proactive() ? 1 : 0);
        device.set(TableLayout.SOMATIC_RATE, dynamics.somaticRate());
        device.set(TableLayout.APICAL_RATE, dynamics.apicalRate());
        device.set(TableLayout.TIME_STEP, dynamics.timeStep());
    }

    static void configureTarget(
            DeviceShare device, OutputTarget target, Loss loss, int outputs, int samples) {
        device.set(
                TableLayout.ERROR_KIND,
                switch (target) {
                    case OutputTarget.Nudge nudge -> TableCodes.DISTANCE;
                    case OutputTarget.OwnOutput own -> TableCodes.DISTANCE;
                    case OutputTarget.Strong strong ->
                            strong.comparesSoftmax(loss)
                                    ? TableCodes.LABEL_SOFTMAX
                                    : TableCodes.LABEL_DIFFERENCE;
                });
        boolean softmax =
                target instanceof OutputTarget.Strong strong && strong.comparesSoftmax(loss);
        device.set(TableLayout.SOFTMAX_SLOPE, softmax ? 1 : 0);
        device.set(TableLayout.STEP_SIZE, stepSize(target, samples));
        if (target instanceof OutputTarget.Strong strong) {
            double right = strong.classValue();
            device.set(TableLayout.RIGHT_CLASS, right);
            device.set(TableLayout.WRONG_CLASS, (1 - right) / Math.max(1, outputs - 1));
        }
    }

    /** Factor of the mean loss's gradient in the distance to the target. */
    public static double stepSize(OutputTarget target, int samples) {
        return switch (target) {
            case OutputTarget.Nudge(double step, OutputTarget.Nudge.Gradient gradient) ->
                    switch (gradient) {
                        case OF_BATCH_MEAN -> step;
                        case OF_SAMPLE -> step * samples;
                    };
            case OutputTarget.OwnOutput own -> 0;
            case OutputTarget.Strong strong -> 0;
        };
    }

    /** All steps from the feedforward pass on. */
    void run() {
        run(tiles());
    }

    /** All steps from the feedforward pass on, with stops at the time points to be recorded. */
    void run(Recorder recorder) {
        reset();
        recorder.record(0);
        int to;
        for (int from = 0; from < dynamics.steps(); from = to) {
            to = Math.min(Math.min(from + piece(), dynamics.steps()), recorder.nextAfter(from));
            run(from, to);
            recorder.record(to);
        }
    }

    /** Largest number of steps of a launch: recorded noise is copied to the device in pieces. */
    private int piece() {
        return noise instanceof Noise.Recorded ? TableLayout.NOISE_STEPS : dynamics.steps();
    }

    /** All steps of the tiles that are not skipped, of which there are some number. */
    private void run(int running) {
        reset();
        runSteps(device.simulation(running, widest), tiles());
    }

    /** All steps of a loop that has been reset, for the first tiles. */
    void runSteps(Kernel loop, int tiles) {
        for (int from = 0; from < dynamics.steps(); from += piece()) {
            run(loop, tiles, from, Math.min(from + piece(), dynamics.steps()));
        }
    }

    /** Some steps, the first of which continues where the last call ended. */
    void run(int from, int to) {
        run(device.simulation(tiles(), widest), tiles(), from, to);
    }

    private void run(Kernel loop, int tiles, int from, int to) {
        if (noise instanceof Noise.Recorded(var layers)) {
            NoiseTransfer.upload(device, layout, layers, samples, from, to - from);
        }
        device.set(TableLayout.FIRST_STEP, from);
        device.set(TableLayout.END_STEP, to);
        device.launch(loop, Math.ceilDiv(tiles, loop.tilesPerGroup()));
    }

    /** Goes back to the feedforward pass. */
    void reset() {
        device.launch(Kernel.RESET, tiles());
    }

    /** Decides for every sample whether its last state has converged or diverged. */
    void decideConvergence() {
        device.launch(Kernel.CONVERGENCE, device.groups(tiles() * TableLayout.TILE));
    }

    /**
     * Runs only the tiles that have a marked sample; afterwards no tile is skipped any more.
     *
     * @param marked a mark for every sample
     */
    void runTilesOf(boolean[] marked) {
        float[] skipped = new float[layout.tiles];
        Arrays.fill(skipped, 1f);
        int running = 0;
        for (int s = 0; s < samples; s++) {
            if (marked[s] && skipped[s / TableLayout.TILE] == 1f) {
                running++;
                skipped[s / TableLayout.TILE] = 0f;
            }
        }
        device.write(layout.at(TableLayout.SKIPPED), skipped);
        run(running);
        device.write(layout.at(TableLayout.SKIPPED), new float[layout.tiles]);
    }

    private int tiles() {
        return Tiles.count(samples);
    }

    int steps() {
        return dynamics.steps();
    }
}
