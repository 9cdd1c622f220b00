package io.dfc.algorithms.data;

import io.dfc.api.error.ShapeMismatchException;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The three parts of a data set.
 *
 * @param train samples to learn from
 * @param validation samples that choose the best epoch; empty if none are held out
 * @param test samples for the reported number
 */
public record DataSplits(DataSet train, DataSet validation, DataSet test) {
    /**
     * Checks that the parts fit each other.
     *
     * @throws ShapeMismatchException if inputs or answers differ in size or kind
     */
    public DataSplits {
        for (DataSet part : List.of(validation, test)) {
            if (part.inputSize() != train.inputSize()
                    || part.outputSize() != train.outputSize()
                    || part.classification() != train.classification()) {
                throw new ShapeMismatchException(
                        "data parts differ: training " + train + ", other " + part);
            }
        }
    }

    /**
     * Two parts, with no samples held out.
     *
     * @param train samples to learn from
     * @param test samples for the reported number
     * @return splits with an empty validation set
     */
    public static DataSplits withoutValidation(DataSet train, DataSet test) {
        return new DataSplits(train, train.limit(0), test);
    }

    /**
     * Keeps the first training samples; the other parts stay whole.
     *
     * @param samples number of training samples to keep, at least 1
     * @return the smaller splits
     * @throws IllegalArgumentException if {@code samples} is less than 1
     */
    public DataSplits limitTrain(int samples) {
        if (samples < 1) {
            throw new IllegalArgumentException(
                    "number of training samples to keep: expected at least 1, got " + samples);
        }
        return new DataSplits(train.limit(samples), validation, test);
    }

    /**
     * The same inputs with themselves as targets.
     *
     * @param name name of the new data sets
     * @return splits for training an autoencoder
     */
    public DataSplits asAutoencoder(String name) {
        return new DataSplits(
                train.asAutoencoder(name),
                validation.asAutoencoder(name),
                test.asAutoencoder(name));
    }

    /**
     * {@return one short digest over the contents of all parts, see {@link DataSet#fingerprint()}}
     */
    public String fingerprint() {
        ContentHash hash = ContentHash.sha256();
        for (DataSet part : List.of(train, validation, test)) {
            byte[] bytes = part.fingerprint().getBytes(StandardCharsets.US_ASCII);
            hash.bytes(bytes, 0, bytes.length);
        }
        return hash.shortHex();
    }
}
