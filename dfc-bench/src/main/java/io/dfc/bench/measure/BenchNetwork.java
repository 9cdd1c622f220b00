package io.dfc.bench.measure;

import io.dfc.algorithms.config.RunConfigurations.Setting;

import java.util.List;

/** A network that is measured, with the published configuration that its settings come from. */
public enum BenchNetwork {
    /** 784-256-256-256-10, the published MNIST classifier; run at full size where possible. */
    MNIST("mnist", "mnist", 784, 10, "", Double.POSITIVE_INFINITY),
    /** 784-256-32-256-784, the published MNIST autoencoder: as many outputs as inputs. */
    AUTOENCODER("autoencoder", "mnist-autoencoder", 784, 784, "", BenchNetwork.SHORT_MINIBATCH),
    /** 20-50-5: too small to fill a device. */
    SMALL("small", "mnist", 20, 5, "[50]", BenchNetwork.SHORT_MINIBATCH),
    /** 784-1024-1024-1024-10: weights that do not fit a core's cache. */
    LARGE("large", "mnist", 784, 10, "[1024, 1024, 1024]", BenchNetwork.SHORT_MINIBATCH);

    /**
     * Operations of a minibatch to which the networks other than MNIST are cut: a fraction of a
     * second where MNIST at full size takes some seconds.
     */
    private static final double SHORT_MINIBATCH = 3e10;

    private final String label;
    private final String configuration;
    private final int inputs;
    private final int outputs;

    /** Hidden layers in YAML; empty for those of the configuration. */
    private final String hidden;

    private final double largestMinibatch;

    BenchNetwork(
            String label,
            String configuration,
            int inputs,
            int outputs,
            String hidden,
            double largestMinibatch) {
        this.label = label;
        this.configuration = configuration;
        this.inputs = inputs;
        this.outputs = outputs;
        this.hidden = hidden;
        this.largestMinibatch = largestMinibatch;
    }

    /** {@return the name, such as {@code mnist}} */
    public String label() {
        return label;
    }

    /** The named configuration's data set, the first part of its name. */
    String configuration() {
        return configuration;
    }

    int inputs() {
        return inputs;
    }

    int outputs() {
        return outputs;
    }

    /** Whether the targets are the inputs. */
    boolean reconstructs() {
        return inputs == outputs;
    }

    /** What differs from the named configuration. */
    List<Setting> settings() {
        return hidden.isEmpty() ? List.of() : List.of(new Setting("network.hidden", hidden));
    }

    /** Whether its full size is worth more than repetitions. */
    boolean isHeadline() {
        return this == MNIST;
    }

    /** Operations beyond which a minibatch is cut. */
    double largestMinibatch() {
        return largestMinibatch;
    }
}
