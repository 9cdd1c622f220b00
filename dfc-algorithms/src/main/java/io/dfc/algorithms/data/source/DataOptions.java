package io.dfc.algorithms.data.source;

import io.dfc.algorithms.data.FittedEncoding;
import io.dfc.algorithms.data.SplitSizes;
import io.dfc.algorithms.data.csv.CsvOptions;
import io.dfc.algorithms.data.download.DataCache;
import io.dfc.algorithms.data.synthetic.StudentTeacher;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Choices about data besides their name.
 *
 * @param directory folder with files, in which {@code directory/NAME} and then {@code directory}
 *     are looked at instead of the cache
 * @param cache folder of downloaded files
 * @param seed seed of the run; only student-teacher data depend on it
 * @param holdOut whether validation samples are held out of the training samples
 * @param csv how to read CSV files
 * @param glyphs number of glyphs
 * @param studentTeacher shape of the student-teacher task
 * @param fitted encoding with which files are read; absent: it is fitted to their training samples
 */
public record DataOptions(
        Optional<Path> directory,
        DataCache cache,
        long seed,
        boolean holdOut,
        CsvOptions csv,
        SplitSizes glyphs,
        StudentTeacher studentTeacher,
        Optional<FittedEncoding> fitted) {
    /** Number of glyphs unless asked otherwise. */
    public static final SplitSizes DEFAULT_GLYPHS = new SplitSizes(10_000, 1_000, 2_000);

    /**
     * The defaults: the user's cache, seed 0, validation samples held out.
     *
     * @return the options
     */
    public static DataOptions defaults() {
        return new DataOptions(
                Optional.empty(),
                DataCache.ofUser(),
                0,
                true,
                CsvOptions.DEFAULT,
                DEFAULT_GLYPHS,
                StudentTeacher.PUBLISHED,
                Optional.empty());
    }

    /**
     * Names a folder with files.
     *
     * @param folder folder to look in instead of the cache
     * @return changed options
     */
    public DataOptions withDirectory(Path folder) {
        return new DataOptions(
                Optional.of(folder), cache, seed, holdOut, csv, glyphs, studentTeacher, fitted);
    }

    /**
     * Names the cache.
     *
     * @param folder folder of downloaded files
     * @return changed options
     */
    public DataOptions withCache(DataCache folder) {
        return new DataOptions(
                directory, folder, seed, holdOut, csv, glyphs, studentTeacher, fitted);
    }

    /**
     * Sets the seed.
     *
     * @param runSeed seed of the run
     * @return changed options
     */
    public DataOptions withSeed(long runSeed) {
        return new DataOptions(
                directory, cache, runSeed, holdOut, csv, glyphs, studentTeacher, fitted);
    }

    /**
     * Chooses whether there is a validation set.
     *
     * @param wanted whether validation samples are held out
     * @return changed options
     */
    public DataOptions withHoldOut(boolean wanted) {
        return new DataOptions(directory, cache, seed, wanted, csv, glyphs, studentTeacher, fitted);
    }

    /**
     * Sets how to read CSV files.
     *
     * @param options target column and task
     * @return changed options
     */
    public DataOptions withCsv(CsvOptions options) {
        return new DataOptions(
                directory, cache, seed, holdOut, options, glyphs, studentTeacher, fitted);
    }

    /**
     * Sets the number of glyphs.
     *
     * @param sizes number of samples of each part
     * @return changed options
     */
    public DataOptions withGlyphs(SplitSizes sizes) {
        return new DataOptions(directory, cache, seed, holdOut, csv, sizes, studentTeacher, fitted);
    }

    /**
     * Sets the shape of the student-teacher task.
     *
     * @param task sizes of the teacher and of the parts
     * @return changed options
     */
    public DataOptions withStudentTeacher(StudentTeacher task) {
        return new DataOptions(directory, cache, seed, holdOut, csv, glyphs, task, fitted);
    }

    /**
     * Reads files with an encoding that was fitted before.
     *
     * @param encoding the encoding
     * @return changed options
     */
    public DataOptions withFitted(FittedEncoding encoding) {
        return new DataOptions(
                directory,
                cache,
                seed,
                holdOut,
                csv,
                glyphs,
                studentTeacher,
                Optional.of(encoding));
    }
}
