package io.dfc.algorithms.data.source;

import io.dfc.algorithms.data.KnownData;
import io.dfc.algorithms.data.SplitSizes;
import io.dfc.algorithms.data.csv.CsvOptions;
import io.dfc.algorithms.data.download.DataCache;
import io.dfc.algorithms.data.synthetic.StudentTeacher;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What may be chosen about data besides their name.
 *
 * @param directory folder with files, in which {@code directory/NAME} and then {@code directory}
 *     are looked at instead of the cache
 * @param cache folder of downloaded files
 * @param seed seed of the run; only student-teacher data depend on it
 * @param holdOut whether validation samples are held out of the training samples
 * @param csv how to read CSV files
 * @param glyphs number of glyphs
 * @param studentTeacher shape of the student-teacher task
 * @param known how files are to be read; absent: it is found out
 */
public record DataOptions(
        Optional<Path> directory,
        DataCache cache,
        long seed,
        boolean holdOut,
        CsvOptions csv,
        SplitSizes glyphs,
        StudentTeacher studentTeacher,
        Optional<KnownData> known) {
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
                Optional.of(folder), cache, seed, holdOut, csv, glyphs, studentTeacher, known);
    }

    /**
     * Names the cache.
     *
     * @param folder folder of downloaded files
     * @return changed options
     */
    public DataOptions withCache(DataCache folder) {
        return new DataOptions(
                directory, folder, seed, holdOut, csv, glyphs, studentTeacher, known);
    }

    /**
     * Sets the seed.
     *
     * @param runSeed seed of the run
     * @return changed options
     */
    public DataOptions withSeed(long runSeed) {
        return new DataOptions(
                directory, cache, runSeed, holdOut, csv, glyphs, studentTeacher, known);
    }

    /**
     * Chooses whether there is a validation set.
     *
     * @param wanted whether validation samples are held out
     * @return changed options
     */
    public DataOptions withHoldOut(boolean wanted) {
        return new DataOptions(directory, cache, seed, wanted, csv, glyphs, studentTeacher, known);
    }

    /**
     * Sets how to read CSV files.
     *
     * @param options target column and task
     * @return changed options
     */
    public DataOptions withCsv(CsvOptions options) {
        return new DataOptions(
                directory, cache, seed, holdOut, options, glyphs, studentTeacher, known);
    }

    /**
     * Sets the number of glyphs.
     *
     * @param sizes number of samples of each part
     * @return changed options
     */
    public DataOptions withGlyphs(SplitSizes sizes) {
        return new DataOptions(directory, cache, seed, holdOut, csv, sizes, studentTeacher, known);
    }

    /**
     * Sets the shape of the student-teacher task.
     *
     * @param task sizes of the teacher and of the parts
     * @return changed options
     */
    public DataOptions withStudentTeacher(StudentTeacher task) {
        return new DataOptions(directory, cache, seed, holdOut, csv, glyphs, task, known);
    }

    /**
     * Says how files are to be read.
     *
     * @param data what an earlier reader made of them
     * @return changed options
     */
    public DataOptions withKnown(KnownData data) {
        return new DataOptions(
                directory, cache, seed, holdOut, csv, glyphs, studentTeacher, Optional.of(data));
    }
}
