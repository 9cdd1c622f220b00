package io.dfc.bench.sweep;

import io.dfc.algorithms.store.RunSummary;

import org.jspecify.annotations.Nullable;

import java.util.function.ToDoubleFunction;

/** A number of a run at its best epoch; NaN where it has none. */
public enum Measure implements ToDoubleFunction<RunSummary> {
    /** Share of wrong answers on the test set. */
    TEST_ERROR("test_error"),
    /** Loss on the test set. */
    TEST_LOSS("test_loss"),
    /** Share of wrong answers on the validation set. */
    VALIDATION_ERROR("val_error"),
    /** Loss on the validation set. */
    VALIDATION_LOSS("val_loss"),
    /** Loss on the training set. */
    TRAIN_LOSS("train_loss"),
    /** Seconds of an epoch, pre-training included. */
    SECONDS_PER_EPOCH("seconds");

    private final String key;

    Measure(String key) {
        this.key = key;
    }

    /** {@return its key in {@code metrics.jsonl}} */
    public String key() {
        return key;
    }

    @Override
    public double applyAsDouble(RunSummary s) {
        return number(
                switch (this) {
                    case TEST_ERROR -> s.testError();
                    case TEST_LOSS -> s.testLoss();
                    case VALIDATION_ERROR -> s.valError();
                    case VALIDATION_LOSS -> s.valLoss();
                    case TRAIN_LOSS -> s.trainLoss();
                    case SECONDS_PER_EPOCH -> s.secondsPerEpoch();
                });
    }

    private static double number(@Nullable Double value) {
        return value == null ? Double.NaN : value;
    }
}
