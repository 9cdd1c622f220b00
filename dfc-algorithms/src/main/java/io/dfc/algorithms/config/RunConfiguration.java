package io.dfc.algorithms.config;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;

import io.dfc.algorithms.method.RecordCopy;
import io.dfc.api.plan.Precision;

import java.util.Optional;

/**
 * Everything that determines a run. In files keys are in kebab case ({@code data-dir}, {@code
 * forward.learning-rate}).
 *
 * @param method name of the method
 * @param data data set: a name, {@code csv:FILE} or {@code idx:DIR}
 * @param dataDir folder with the files of public data sets; absent: the user's cache
 * @param targetColumn column of a CSV file that holds the target
 * @param table how CSV files are read
 * @param seed seed of initialisation, shuffling and noise
 * @param epochs number of epochs for the forward weights, at least 0
 * @param batch samples in a minibatch, at least 1
 * @param limit number of training samples that are used; 0 uses all
 * @param validation whether samples are held out to choose the best epoch
 * @param keepEvery checkpoints of every so many epochs are kept beside the last one; 0: none
 * @param backend {@code auto}, {@code name} or {@code name:device}
 * @param threads number of threads; 0 means all cores
 * @param precision precision of the weights in loop phases; anything but {@code full} needs a
 *     method with loops and a backend that rounds
 * @param network the network
 * @param loss loss at the output
 * @param stop when to stop early
 * @param teacher the teacher network of the student-teacher data
 * @param diagnostics what is measured of the run, and whether it may begin with an unstable loop
 * @param published where the configuration comes from, if it was published
 * @param settings the settings of the method; in files they stand beside the general ones
 */
public record RunConfiguration(
        String method,
        String data,
        Optional<String> dataDir,
        Optional<String> targetColumn,
        TableSection table,
        long seed,
        int epochs,
        int batch,
        int limit,
        boolean validation,
        int keepEvery,
        String backend,
        int threads,
        Precision precision,
        NetworkSection network,
        LossChoice loss,
        StopSection stop,
        TeacherSection teacher,
        DiagnosticsSection diagnostics,
        Optional<PublishedSection> published,
        @JsonIgnore @JsonSetter(nulls = Nulls.SET) Record settings) {
    /**
     * The settings of the method.
     *
     * @param type their type
     * @param <S> their type
     * @return the settings
     * @throws ClassCastException if the method has others
     */
    public <S extends Record> S settings(Class<S> type) {
        return type.cast(settings);
    }

    /** The same with other settings of the method. */
    RunConfiguration withSettings(Record others) {
        return RecordCopy.with(this, "settings", others);
    }
}
