package io.dfc.algorithms.store;

import io.dfc.algorithms.data.DataEncoding;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.FittedEncoding;
import io.dfc.api.error.BadDataException;

import java.nio.file.Files;
import java.util.Optional;

/**
 * Description of the data of a run: the contents of {@code data.json}.
 *
 * @param source name of the data set, with the absolute path of files
 * @param fingerprint digest of all samples
 * @param train number of training samples
 * @param validation number of validation samples
 * @param test number of test samples
 * @param encoding names of columns and classes, and how they become numbers; absent for data that
 *     come from no file
 */
public record DataRecord(
        String source,
        String fingerprint,
        int train,
        int validation,
        int test,
        Optional<DataEncoding> encoding) {
    /**
     * Describes data.
     *
     * @param source name of the data set
     * @param data the data
     * @return the record
     */
    public static DataRecord of(String source, DataSplits data) {
        return new DataRecord(
                source,
                data.fingerprint(),
                data.train().size(),
                data.validation().size(),
                data.test().size(),
                data.encoding());
    }

    /**
     * The same with another encoding.
     *
     * @param other the encoding
     * @return the record
     */
    public DataRecord with(DataEncoding other) {
        return new DataRecord(source, fingerprint, train, validation, test, Optional.of(other));
    }

    /**
     * Writes the record into a run folder, atomically.
     *
     * @param folder the folder
     * @throws io.dfc.api.error.StorageException if the operating system refuses
     */
    public void write(RunFolder folder) {
        AtomicFiles.writeText(folder.data(), DataRecordJson.write(this));
    }

    /**
     * Reads the record of a run.
     *
     * @param folder the run's folder
     * @return the record; absent in folders of versions that wrote none
     * @throws BadDataException if it is damaged
     * @throws io.dfc.api.error.StorageException if it cannot be read
     */
    public static Optional<DataRecord> read(RunFolder folder) {
        return Files.exists(folder.data())
                ? Optional.of(
                        DataRecordJson.read(
                                folder.data().toString(), RunFolder.readText(folder.data())))
                : Optional.empty();
    }

    /**
     * The encoding, for reading other files in the same way.
     *
     * @param folder the run's folder, for messages
     * @return the encoding; absent for data that come from no file
     */
    public Optional<FittedEncoding> fitted(RunFolder folder) {
        return encoding.map(e -> new FittedEncoding(e, "run " + folder.path()));
    }

    /**
     * Makes sure that data are those of the run.
     *
     * @param now the name under which they were loaded
     * @param data the data
     * @param folder the run's folder, for messages
     * @param remedy what the user can do
     * @throws BadDataException if they are others
     */
    public void requireSame(String now, DataSplits data, RunFolder folder, String remedy) {
        DataRecord other = of(now, data);
        if (other.fingerprint.equals(fingerprint)) {
            return;
        }
        throw new BadDataException(
                now,
                "is not what run "
                        + folder.path()
                        + " was trained on: "
                        + (sizes().equals(other.sizes())
                                ? "values or the order of samples differ"
                                : "the run had "
                                        + sizes()
                                        + " samples, now there are "
                                        + other.sizes())
                        + " (fingerprint "
                        + fingerprint
                        + ", now "
                        + other.fingerprint
                        + "), so that training samples could come into the test; "
                        + remedy);
    }

    private String sizes() {
        return train + " training, " + validation + " validation and " + test + " test";
    }
}
