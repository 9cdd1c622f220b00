package io.dfc.api.reference.loop;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.ControlTile;
import io.dfc.api.control.Controller;
import io.dfc.api.control.Dynamics;
import io.dfc.api.network.Network;
import io.dfc.api.reference.model.Activity;
import io.dfc.api.reference.model.Buffers;
import io.dfc.api.reference.model.ControlError;
import io.dfc.api.reference.model.NoiseSource;
import io.dfc.api.reference.model.ParameterArrays;
import io.dfc.api.spi.support.UserCode;

import java.util.List;
import java.util.Optional;

/**
 * Fixed-step Euler simulation of the closed loop, arXiv 2106.07887, equation 1; see {@link
 * Dynamics}.
 */
final class Simulation {
    /** Sees every time point, 0 included, once its state and error are complete. */
    interface Observer {
        void observe(int point, LoopState state);
    }

    private final ParameterArrays parameters;
    private final Network network;
    private final Controller controller;
    private final Dynamics dynamics;
    private final Optional<ApicalNoise> apicalNoise;
    private final NoiseSource noise;

    Simulation(
            ParameterArrays parameters,
            Controller controller,
            Dynamics dynamics,
            Optional<ApicalNoise> apicalNoise,
            NoiseSource noise) {
        this.parameters = parameters;
        this.network = parameters.network;
        this.controller = controller;
        this.dynamics = dynamics;
        this.apicalNoise = apicalNoise;
        this.noise = noise;
    }

    /**
     * Runs all time points.
     *
     * @param feedforward the feedforward pass of the samples
     * @param firstSample place of its first sample in the minibatch, which selects the noise
     * @param target the control error
     * @param observers observers, called in order
     * @return the last state
     */
    LoopState run(
            Activity feedforward,
            int firstSample,
            ControlError target,
            List<? extends Observer> observers) {
        int samples = feedforward.samples;
        int outputs = network.outputs();
        LoopState state = new LoopState(network, feedforward);
        double[][] filtered = Buffers.perLayer(network, samples);
        double[] controllerState = new double[samples * controller.stateSize(outputs)];
        double[] previousControl = new double[state.u.length];
        ControlTile tile =
                new ControlTile(
                        0,
                        samples,
                        outputs,
                        state.error,
                        feedforward.output(),
                        state.outputDeviation(),
                        state.u,
                        controllerState);
        target.evaluate(state.outputDeviation(), outputs, state.error);
        observers.forEach(o -> o.observe(0, state));
        for (int step = 0; step < dynamics.steps(); step++) {
            System.arraycopy(state.u, 0, previousControl, 0, previousControl.length);
            controller.step(tile, dynamics.timeStep());
            UserCode.requireFinite(controller, tile, step);
            double[] applied = dynamics.proactive() ? state.u : previousControl;
            for (int n = 0; n < network.depth(); n++) {
                // With delayed transmission from the output down: each layer reads old rates.
                int layer = dynamics.instantTransmission() ? n : network.depth() - 1 - n;
                advance(state, filtered[layer], layer, step, firstSample, applied);
            }
            target.evaluate(state.outputDeviation(), outputs, state.error);
            int point = step + 1;
            observers.forEach(o -> o.observe(point, state));
        }
        return state;
    }

    private void advance(
            LoopState state,
            double[] filtered,
            int layer,
            int step,
            int firstSample,
            double[] applied) {
        Activity feedforward = state.feedforward;
        int samples = feedforward.samples;
        int size = network.size(layer);
        double[] db = state.db[layer];
        if (layer > 0) {
            parameters.multiplyWeights(layer, state.dr[layer - 1], db, samples);
        }
        double[] drive = new double[samples * size];
        parameters.multiplyFeedback(layer, applied, drive, samples);
        double[] apical = state.apical[layer];
        for (int at = 0; at < drive.length; at++) {
            apical[at] += dynamics.apicalRate() * (drive[at] - apical[at]);
        }
        addNoise(apical, filtered, layer, step, firstSample, samples);
        double rate = dynamics.somaticRate();
        for (int at = 0; at < drive.length; at++) {
            double input = db[at] + apical[at];
            state.dv[layer][at] =
                    dynamics.instantSystem()
                            ? input
                            : state.dv[layer][at] + rate * (input - state.dv[layer][at]);
            state.dr[layer][at] =
                    network.activation(layer)
                            .difference(feedforward.v[layer][at], state.dv[layer][at]);
        }
    }

    /** White noise enters the apical voltages themselves, filtered noise lies on top of them. */
    private void addNoise(
            double[] apical, double[] filtered, int layer, int step, int firstSample, int samples) {
        if (apicalNoise.isEmpty() || noise.isSilent()) {
            return;
        }
        ApicalNoise kind = apicalNoise.get();
        double factor = kind.step(layer, network.depth(), dynamics);
        if (factor == 0) {
            return;
        }
        int size = network.size(layer);
        double[] xi = new double[size];
        for (int s = 0; s < samples; s++) {
            noise.fill(step, layer, firstSample + s, xi, 0);
            for (int i = 0; i < size; i++) {
                int at = s * size + i;
                filtered[at] = kind.retention(dynamics) * filtered[at] + factor * xi[i];
                apical[at] += filtered[at];
            }
        }
    }
}
