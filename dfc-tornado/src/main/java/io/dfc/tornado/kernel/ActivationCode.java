package io.dfc.tornado.kernel;

import io.dfc.api.network.Activation;

/** Codes of activation functions in the tables. */
public final class ActivationCode {
    private ActivationCode() {}

    /** Code of a function. */
    public static int of(Activation activation) {
        return switch (activation) {
            case Activation.Linear linear -> TableCodes.LINEAR;
            case Activation.Tanh tanh -> TableCodes.TANH;
            case Activation.Sigmoid sigmoid -> TableCodes.SIGMOID;
            case Activation.Relu relu -> TableCodes.RECTIFIED;
            case Activation.LeakyRelu leaky -> TableCodes.RECTIFIED;
        };
    }

    /** Slope below 0 of a rectifier. */
    public static double slope(Activation activation) {
        return activation instanceof Activation.LeakyRelu(double slope) ? slope : 0;
    }
}
