package io.dfc.bench.sweep;

import io.dfc.algorithms.store.RunFolder;
import io.dfc.algorithms.store.RunLease;
import io.dfc.algorithms.store.RunSummary;

import java.nio.file.Files;
import java.nio.file.Path;

/** How far a run has come, as its folder tells. */
public sealed interface RunState {
    /** It has not begun, or was interrupted and waits to go on. */
    record Waiting() implements RunState {}

    /** A process works on it. */
    record Running() implements RunState {}

    /**
     * It is over.
     *
     * @param summary what came of it
     */
    record Done(RunSummary summary) implements RunState {}

    /**
     * It failed, and would fail again.
     *
     * @param why the error
     */
    record Failed(String why) implements RunState {}

    /** The file that says why a run failed. */
    static Path failure(RunFolder folder) {
        return folder.path().resolve("failure.txt");
    }

    /**
     * The state of a run.
     *
     * @param run the run
     * @return how far it has come
     * @throws io.dfc.api.error.DfcException if its files cannot be read
     */
    static RunState of(Series.Run run) {
        RunFolder folder = run.folder();
        if (Files.exists(folder.summary())) {
            RunSummary summary = RunSummary.read(folder.summary());
            if (summary.isOver(run.configuration().epochs())) {
                return new Done(summary);
            }
        }
        if (RunLease.isHeld(folder.path())) {
            return new Running();
        }
        if (Files.exists(failure(folder))) {
            return new Failed(RunFolder.readText(failure(folder)).strip());
        }
        return new Waiting();
    }
}
