package io.dfc.api.network;

/**
 * The activations that have no settings, for a static import; {@link Activation.LeakyRelu} has one.
 */
public final class Activations {
    /** {@code phi(v) = v}. */
    public static final Activation LINEAR = new Activation.Linear();

    /** {@code phi(v) = tanh(v)}. */
    public static final Activation TANH = new Activation.Tanh();

    /** {@code phi(v) = max(v, 0)}. */
    public static final Activation RELU = new Activation.Relu();

    /** {@code phi(v) = 1 / (1 + exp(-v))}. */
    public static final Activation SIGMOID = new Activation.Sigmoid();

    private Activations() {}
}
