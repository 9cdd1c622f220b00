package io.dfc.algorithms.store;

import com.fasterxml.jackson.annotation.JsonProperty;

import io.dfc.algorithms.train.Progress;
import io.dfc.api.error.StorageException;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Wall-clock seconds that a run has spent, in a file of their own: they differ from run to run, and
 * checkpoints of equal runs are to be equal. Nothing but the count depends on that file.
 */
final class RunTimes {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final List<Double> pretraining = new ArrayList<>();
    private final List<Double> epochs = new ArrayList<>();
    private String problem = "";

    /** The file's contents: seconds of every pre-training sweep, and of every epoch. */
    private record Contents(
            @JsonProperty("pretraining_seconds") List<Double> pretraining,
            @JsonProperty("epoch_seconds") List<Double> epochs) {}

    /** The times of a run that has not begun. */
    RunTimes() {}

    /**
     * The times of a run that continues; later ones, written just before an interruption, are
     * dropped.
     *
     * @param file the file
     * @param done what the run has done
     */
    RunTimes(Path file, Progress done) {
        try {
            Contents contents = JSON.readValue(RunFolder.readText(file), Contents.class);
            if (contents == null
                    || !isSound(contents.pretraining, done.pretrainingSweeps())
                    || !isSound(contents.epochs, done.epochs())) {
                throw new StorageException(file + " does not tell the times of this run");
            }
            pretraining.addAll(contents.pretraining.subList(0, done.pretrainingSweeps()));
            epochs.addAll(contents.epochs.subList(0, done.epochs()));
        } catch (JacksonException e) {
            lose(file + " is damaged", done);
        } catch (StorageException e) {
            lose(e.getMessage(), done);
        }
    }

    private static boolean isSound(List<Double> seconds, int count) {
        return seconds != null
                && seconds.size() >= count
                && seconds.stream().allMatch(s -> s != null && s >= 0 && Double.isFinite(s));
    }

    private void lose(String reason, Progress done) {
        pretraining.addAll(Collections.nCopies(done.pretrainingSweeps(), 0.0));
        epochs.addAll(Collections.nCopies(done.epochs(), 0.0));
        problem = reason + "; seconds are counted from here on, and nothing else is lost";
    }

    /** Why earlier seconds are not counted; empty if they are. */
    String problem() {
        return problem;
    }

    void addPretraining(double seconds) {
        pretraining.add(seconds);
    }

    void addEpoch(double seconds) {
        epochs.add(seconds);
    }

    /** All seconds, in the order in which they were spent. */
    double total() {
        double sum = 0;
        for (double s : pretraining) {
            sum += s;
        }
        for (double s : epochs) {
            sum += s;
        }
        return sum;
    }

    void write(Path file) {
        AtomicFiles.writeText(
                file, JSON.writeValueAsString(new Contents(pretraining, epochs)) + "\n");
    }
}
