package io.dfc.tornado.kernel;

import io.dfc.api.network.Activation;

/** How the tables name activation functions. */
public final class ActivationCode {
    private ActivationCode() {}

    /** The function's kind. */
    public static int of(Activation activation) {
        return switch (activation) {
            case Activation.Linear linear -> Slots.LINEAR;
            case Activation.Tanh tanh -> Slots.TANH;
            case Activation.Sigmoid sigmoid -> Slots.SIGMOID;
            case Activation.Relu relu -> Slots.RECTIFIED;
            case Activation.LeakyRelu leaky -> Slots.RECTIFIED;
        };
    }

    /** Slope below 0 of a rectifier. */
    public static double slope(Activation activation) {
        return activation instanceof Activation.LeakyRelu(double slope) ? slope : 0;
    }
}
