package io.dfc.algorithms.store;

import io.dfc.algorithms.measure.Measurements;
import io.dfc.algorithms.train.EpochReport;
import io.dfc.algorithms.train.Progress;
import io.dfc.algorithms.train.TrainingListener;
import io.dfc.algorithms.train.TrainingResult;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.api.error.BadDataException;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Writes the files of a run folder: metrics and checkpoint after every epoch, the summary at the
 * end.
 */
public final class RunRecorder implements TrainingListener {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final RunFolder folder;
    private final RunInfo info;
    private final TrainingSize size;
    private final int keepEvery;
    private final List<String> lines = new ArrayList<>();
    private final RunTimes times;
    private final List<Measurements> measured = new ArrayList<>();

    /**
     * A recorder for a new run, or for one that continues: metrics of later epochs, written just
     * before an interruption, are dropped.
     *
     * @param folder the run's folder
     * @param info what the run is
     * @param size size of the training set
     * @param keepEvery checkpoints of every so many epochs are kept; 0: none
     * @param done progress that the checkpoint knows
     */
    public RunRecorder(
            RunFolder folder, RunInfo info, TrainingSize size, int keepEvery, Progress done) {
        this.folder = folder;
        this.keepEvery = keepEvery;
        this.info = info;
        this.size = size;
        if (done.epochs() > 0 && Files.exists(folder.metrics())) {
            RunFolder.readText(folder.metrics()).lines().limit(done.epochs()).forEach(lines::add);
        }
        times = done.sweeps() == 0 ? new RunTimes() : new RunTimes(folder.times(), done);
    }

    /** {@return why seconds spent earlier are not counted, in one line; empty if they are} */
    public Optional<String> lostTimes() {
        return Optional.of(times.problem()).filter(problem -> !problem.isEmpty());
    }

    @Override
    public void pretrainingSweepDone(TrainingSnapshot snapshot, double seconds) {
        times.addPretraining(seconds);
        times.write(folder.times());
        Checkpoint.write(folder.checkpoint(), snapshot);
    }

    @Override
    public void measured(int epoch, Measurements measurements) {
        measured.add(measurements);
    }

    @Override
    public void epochDone(EpochReport report, TrainingSnapshot snapshot) {
        RunDevice device = info.device();
        lines.add(JSON.writeValueAsString(MetricsLine.of(report, device, measured)));
        measured.clear();
        times.addEpoch(report.seconds());
        // The checkpoint last: a crash in between leaves an entry too many, which resuming drops.
        AtomicFiles.writeText(folder.metrics(), String.join("\n", lines) + "\n");
        times.write(folder.times());
        if (keepEvery > 0 && report.epoch() % keepEvery == 0) {
            Checkpoint.write(folder.checkpoint(report.epoch()), snapshot);
        }
        Checkpoint.write(folder.checkpoint(), snapshot);
    }

    /**
     * {@return the epochs so far by the backend that ran them; those of older versions are not
     * known}
     */
    public List<BackendEpochs> backends() {
        List<BackendEpochs> list = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            RunDevice by = device(i);
            if (by.backend() != null) {
                BackendEpochs.append(
                        list, by.backend(), Objects.requireNonNullElse(by.device(), ""), i + 1);
            }
        }
        return list;
    }

    private RunDevice device(int line) {
        try {
            RunDevice device = JSON.readValue(lines.get(line), RunDevice.class);
            if (device != null) {
                return device;
            }
        } catch (JacksonException e) {
            // Said below, like a line that holds null.
        }
        throw new BadDataException(
                folder.metrics().toString(),
                line + 1,
                "line "
                        + (line + 1)
                        + " is no JSON of an epoch; put the file back, or delete it and lose the record of those epochs");
    }

    /**
     * Summarises the run.
     *
     * @param result its result
     * @return the summary
     */
    public RunSummary summary(TrainingResult result) {
        return RunSummary.of(info, result, size, backends(), times.total());
    }

    @Override
    public void finished(TrainingResult result) {
        if (result.reason() == TrainingResult.Reason.INTERRUPTED) {
            // It continues at its checkpoint, and has no result yet.
            return;
        }
        AtomicFiles.writeText(
                folder.summary(),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(summary(result)) + "\n");
        // A run without any epoch has no checkpoint yet, but evaluation wants one.
        if (!Files.exists(folder.checkpoint())) {
            Checkpoint.write(folder.checkpoint(), result.snapshot());
        }
    }
}
