package io.dfc.algorithms.model;

import io.dfc.algorithms.train.EpochReport;
import io.dfc.algorithms.train.TrainingListener;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.api.error.BadConfigurationException;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** How long and in which portions a model learns. Immutable. */
public final class Fit {
    private final OptionalInt epochs;
    private final OptionalInt batch;
    private final double validation;
    private final List<TrainingListener> listeners;

    private Fit(
            OptionalInt epochs,
            OptionalInt batch,
            double validation,
            List<TrainingListener> listeners) {
        this.epochs = epochs;
        this.batch = batch;
        this.validation = validation;
        this.listeners = List.copyOf(listeners);
    }

    /**
     * A number of epochs, in minibatches that suit the size of the data.
     *
     * @param epochs number of epochs, at least 0; 0 standardises the inputs and learns nothing, for
     *     what is to learn from a stream afterwards
     * @return the choice
     * @throws BadConfigurationException if it is negative
     */
    public static Fit epochs(int epochs) {
        if (epochs < 0) {
            throw new BadConfigurationException("epochs", "must be at least 0, got " + epochs);
        }
        return new Fit(OptionalInt.of(epochs), OptionalInt.empty(), 0, List.of());
    }

    /** {@return as many epochs as suit the size of the data, 10 to 120} */
    public static Fit automatic() {
        return new Fit(OptionalInt.empty(), OptionalInt.empty(), 0, List.of());
    }

    /**
     * The same with another size of the minibatches.
     *
     * @param samples samples in a minibatch, at least 1; the last may have fewer
     * @return the choice
     * @throws BadConfigurationException if it is less than 1
     */
    public Fit batch(int samples) {
        if (samples < 1) {
            throw new BadConfigurationException("batch", "must be at least 1, got " + samples);
        }
        return new Fit(epochs, OptionalInt.of(samples), validation, listeners);
    }

    /**
     * The same with samples held out, of each class its share, on which the best epoch is chosen;
     * without them, and where learning rates fall to zero, the last epoch counts.
     *
     * @param share share of the samples, in [0, 1)
     * @return the choice
     * @throws BadConfigurationException if it is out of range
     */
    public Fit validation(double share) {
        if (!(share >= 0 && share < 1)) {
            throw new BadConfigurationException("validation", "must lie in [0, 1), got " + share);
        }
        return new Fit(epochs, batch, share, listeners);
    }

    /**
     * The same with a listener, which is called on the thread that learns.
     *
     * @param listener receives the events of the run
     * @return the choice
     */
    public Fit listener(TrainingListener listener) {
        List<TrainingListener> more = new ArrayList<>(listeners);
        more.add(Objects.requireNonNull(listener, "listener"));
        return new Fit(epochs, batch, validation, more);
    }

    /**
     * The same with a listener for what each epoch brought.
     *
     * @param progress is called after every epoch, on the thread that learns
     * @return the choice
     */
    public Fit onEpoch(Consumer<EpochReport> progress) {
        Objects.requireNonNull(progress, "progress");
        return listener(
                new TrainingListener() {
                    @Override
                    public void epochDone(EpochReport report, TrainingSnapshot snapshot) {
                        progress.accept(report);
                    }
                });
    }

    OptionalInt epochs() {
        return epochs;
    }

    OptionalInt batch() {
        return batch;
    }

    double validation() {
        return validation;
    }

    List<TrainingListener> listeners() {
        return listeners;
    }
}
