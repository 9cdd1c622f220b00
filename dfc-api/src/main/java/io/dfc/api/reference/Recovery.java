package io.dfc.api.reference;

import io.dfc.api.control.Dynamics;
import io.dfc.api.learn.LayerTile;
import io.dfc.api.learn.LearningRule;
import io.dfc.api.learn.PublishedRule;
import io.dfc.api.learn.Update;
import io.dfc.api.network.Network;

/**
 * The voltages of one sample behind a run of the small loop, and the updates that follow from them.
 */
final class Recovery {
    private final ParameterArrays parameters;
    private final Network network;
    private final Activity feedforward;
    private final double[][] slopes;

    /** Mean over the time points of somatic minus basal voltage. */
    private final double[][] meanDifference;

    /** Somatic minus basal voltage at the last point. */
    private final double[][] lastDifference;

    private final Pass mean;
    private final Pass last;

    /** One nonlinear pass with a given difference of voltages in every layer. */
    private final class Pass {
        /** Deviation of the basal voltage. */
        final double[][] basal = Buffers.perLayer(network, 1);

        /** Deviation of the rate. */
        final double[][] rate = Buffers.perLayer(network, 1);

        Pass(double[][] difference) {
            for (int i = 0; i < network.depth(); i++) {
                if (i > 0) {
                    parameters.multiplyWeights(i, rate[i - 1], basal[i], 1);
                }
                for (int n = 0; n < rate[i].length; n++) {
                    rate[i][n] =
                            network.activation(i)
                                    .difference(
                                            feedforward.v[i][n], basal[i][n] + difference[i][n]);
                }
            }
        }
    }

    Recovery(
            ParameterArrays parameters,
            Activity feedforward,
            double[][] slopes,
            Dynamics dynamics,
            OutputTransient run) {
        this.parameters = parameters;
        this.network = parameters.network;
        this.feedforward = feedforward;
        this.slopes = slopes;
        meanDifference = Buffers.perLayer(network, 1);
        lastDifference = Buffers.perLayer(network, 1);
        double kappa = dynamics.somaticRate();
        int points = dynamics.timePoints();
        double[][] below = null;
        for (int i = 0; i < network.depth(); i++) {
            // f[q] is the linear deviation of the voltage at the last point, filtered q times more.
            int orders = network.depth() - i;
            double[][] f = new double[orders][network.size(i)];
            for (int q = 0; q < orders; q++) {
                parameters.multiplyFeedback(i, run.lagged[q + 1], f[q], 1);
                if (i > 0) {
                    Buffers.add(f[q], 1, timesWeights(i, below[q + 1]));
                }
            }
            double[] basal = i == 0 ? new double[network.size(0)] : timesWeights(i, below[0]);
            double[] drive = new double[network.size(i)];
            parameters.multiplyFeedback(i, run.sumApplied, drive, 1);
            for (int n = 0; n < drive.length; n++) {
                lastDifference[i][n] = f[0][n] - basal[n];
                meanDifference[i][n] = (drive[n] - (1 - kappa) / kappa * f[0][n]) / points;
            }
            below = f;
        }
        mean = new Pass(meanDifference);
        last = new Pass(lastDifference);
    }

    /** {@code W_i D_(i-1) x}. */
    private double[] timesWeights(int i, double[] x) {
        double[] scaled = x.clone();
        for (int n = 0; n < scaled.length; n++) {
            scaled[n] *= slopes[i - 1][n];
        }
        double[] out = new double[network.size(i)];
        parameters.multiplyWeights(i, scaled, out, 1);
        return out;
    }

    /** Output deviation of the nonlinear pass at the last point. */
    double[] output() {
        return last.rate[network.depth() - 1];
    }

    /** Adds {@code factor} times the update that is linear in the nudge. */
    void addLinear(Update update, double factor, GradientArrays total) {
        for (int i = 0; i < network.depth(); i++) {
            double[] signal = difference(update)[i].clone();
            if (update.rule() != PublishedRule.VOLTAGE_DIFFERENCE) {
                for (int n = 0; n < signal.length; n++) {
                    signal[n] *= slopes[i][n];
                }
            }
            total.addProduct(i, factor, signal, feedforward.presynaptic(i), 0);
        }
    }

    /** Adds {@code factor} times the update after the nonlinear pass. */
    void addPassed(Update update, double factor, GradientArrays total) {
        boolean controlled = update.presynaptic() == Update.Presynaptic.CONTROLLED;
        Pass pass = update.mode() == Update.Mode.LAST_STATE ? last : mean;
        for (int i = 0; i < network.depth(); i++) {
            double[] basal = controlled ? pass.basal[i] : new double[network.size(i)];
            double[] rates = feedforward.presynaptic(i);
            if (controlled && i > 0) {
                rates = rates.clone();
                Buffers.add(rates, 1, pass.rate[i - 1]);
            }
            double[] signal = signal(update.rule(), i, basal, difference(update)[i]);
            total.addProduct(i, factor, signal, rates, 0);
        }
    }

    private double[] signal(LearningRule rule, int i, double[] basal, double[] difference) {
        int size = network.size(i);
        double[] signal = new double[size];
        rule.teach(
                network.activation(i),
                new LayerTile(
                        0, 1, size, feedforward.v[i], basal, difference, signal, new double[0], 0));
        return signal;
    }

    private double[][] difference(Update update) {
        return update.mode() == Update.Mode.LAST_STATE ? lastDifference : meanDifference;
    }
}
