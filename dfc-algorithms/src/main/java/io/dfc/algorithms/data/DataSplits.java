package io.dfc.algorithms.data;

import io.dfc.algorithms.files.ContentHash;
import io.dfc.api.error.ShapeMismatchException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The three parts of a data set.
 *
 * @param train samples to learn from
 * @param validation samples that choose the best epoch; empty if none are held out
 * @param test samples for the reported number
 * @param encoding how files of the same kind become numbers; absent where there are no files
 * @param notes changes to the data that the user may not expect, one clause each
 */
public record DataSplits(
        DataSet train,
        DataSet validation,
        DataSet test,
        Optional<DataEncoding> encoding,
        List<String> notes) {
    /**
     * Checks that the parts fit each other.
     *
     * @throws ShapeMismatchException if inputs or targets differ in size or kind
     */
    public DataSplits {
        notes = List.copyOf(notes);
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
     * Parts that come from no file.
     *
     * @param train samples to learn from
     * @param validation samples that choose the best epoch
     * @param test samples for the reported number
     */
    public DataSplits(DataSet train, DataSet validation, DataSet test) {
        this(train, validation, test, Optional.empty(), List.of());
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
     * Limits the training samples to the first; the other parts stay whole.
     *
     * @param samples number of training samples, at least 1
     * @return the smaller splits
     * @throws IllegalArgumentException if {@code samples} is less than 1
     */
    public DataSplits limitTrain(int samples) {
        if (samples < 1) {
            throw new IllegalArgumentException(
                    "number of training samples to keep: expected at least 1, got " + samples);
        }
        return new DataSplits(train.limit(samples), validation, test, encoding, notes);
    }

    /**
     * Adds the encoding of the files.
     *
     * @param files how files of the same kind become numbers
     * @return the same parts with it
     */
    public DataSplits withEncoding(DataEncoding files) {
        return new DataSplits(train, validation, test, Optional.of(files), notes);
    }

    private static DataEncoding ofAutoencoder(DataEncoding encoding) {
        return switch (encoding) {
            case ImageEncoding e ->
                    new ImageEncoding(
                            e.inputs(), e.white(), e.normalization(), new TargetEncoding.Inputs());
            case TableEncoding _ ->
                    throw new IllegalArgumentException("tables have a target column");
        };
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
                test.asAutoencoder(name),
                encoding.map(DataSplits::ofAutoencoder),
                notes);
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
