package io.dfc.algorithms.store;

import io.dfc.algorithms.train.BestEpoch;
import io.dfc.algorithms.train.Evaluation;
import io.dfc.algorithms.train.Progress;
import io.dfc.api.error.BadDataException;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Map;

/**
 * The progress of a run as properties of its checkpoint. Numbers with a fraction are hexadecimal,
 * for resuming must give the same bits.
 */
final class ProgressProperties {
    private static final String PREFIX = "progress.";
    private static final String LOSS = ".loss";
    private static final String ERROR = ".error";

    private ProgressProperties() {}

    static void put(Map<String, String> properties, Progress p) {
        put(properties, "pretraining-sweeps", p.pretrainingSweeps());
        put(properties, "epochs", p.epochs());
        put(properties, "sweeps", p.sweeps());
        put(properties, "minibatches", p.minibatches());
        put(properties, "best-epoch", p.bestEpoch());
        put(properties, "best-validation", p.bestValidation());
        put(properties, "best-test", p.bestTest());
        put(properties, "best-train", p.bestTrain());
        put(properties, "last", p.last());
        properties.put(PREFIX + "lowest-train-loss", Double.toHexString(p.lowestTrainLoss()));
        put(properties, "lowest-train-loss-epoch", p.lowestTrainLossEpoch());
    }

    private static void put(Map<String, String> properties, String key, int value) {
        properties.put(PREFIX + key, Integer.toString(value));
    }

    private static void put(Map<String, String> properties, String key, Evaluation value) {
        properties.put(PREFIX + key + LOSS, Double.toHexString(value.loss()));
        properties.put(PREFIX + key + ERROR, Double.toHexString(value.error()));
    }

    /**
     * Reads them back.
     *
     * @throws BadDataException if one is missing or no such number
     */
    static Progress progress(Path file, Map<String, String> properties) {
        return new Progress(
                integer(file, properties, "pretraining-sweeps"),
                integer(file, properties, "epochs"),
                integer(file, properties, "sweeps"),
                integer(file, properties, "minibatches"),
                new BestEpoch(
                        integer(file, properties, "best-epoch"),
                        evaluation(file, properties, "best-validation"),
                        evaluation(file, properties, "best-test"),
                        evaluation(file, properties, "best-train")),
                evaluation(file, properties, "last"),
                number(file, properties, PREFIX + "lowest-train-loss"),
                integer(file, properties, "lowest-train-loss-epoch"));
    }

    private static Evaluation evaluation(Path file, Map<String, String> properties, String key) {
        return new Evaluation(
                number(file, properties, PREFIX + key + LOSS),
                number(file, properties, PREFIX + key + ERROR));
    }

    private static double number(Path file, Map<String, String> properties, String key) {
        try {
            return Double.parseDouble(require(file, properties, key));
        } catch (NumberFormatException e) {
            throw bad(file, key, properties.get(key), "a number");
        }
    }

    private static int integer(Path file, Map<String, String> properties, String key) {
        long value = whole(file, properties, PREFIX + key);
        if (value > Integer.MAX_VALUE) {
            throw bad(file, PREFIX + key, Long.toString(value), "a smaller number");
        }
        return (int) value;
    }

    /** A property that is a whole number of at least 0. */
    static long whole(Path file, Map<String, String> properties, String key) {
        String text = require(file, properties, key);
        try {
            long value = Long.parseLong(text);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw bad(file, key, text, "a whole number of at least 0");
    }

    private static String require(Path file, Map<String, String> properties, String key) {
        String text = properties.get(key);
        if (text == null) {
            throw new BadDataException(file.toString(), "has no property " + key);
        }
        return text;
    }

    private static BadDataException bad(
            Path file, String key, @Nullable String text, String expected) {
        return new BadDataException(
                file.toString(), "property " + key + ": expected " + expected + ", got " + text);
    }
}
