package io.dfc.algorithms.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.run.RunAssembler;
import io.dfc.algorithms.run.RunData;
import io.dfc.algorithms.store.Checkpoint;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A run whose learning rates fall to its end, interrupted. */
class ScheduleResumeTest {
    private static final int EPOCHS = 4;

    @TempDir private Path folder;

    private static RunConfiguration configuration(String method, int epochs) {
        List<Setting> settings = new ArrayList<>();
        for (String setting :
                List.of(
                        "forward.schedule=linear",
                        "network.hidden=[6]",
                        "limit=60",
                        "batch=20",
                        "control.time-points=20",
                        "feedback.time-points=8",
                        "epochs=" + epochs)) {
            if (!method.equals("bp") || !setting.contains("time-points")) {
                settings.add(Setting.parse(setting));
            }
        }
        return RunConfigurations.forRun("glyphs", method, List.of(), settings);
    }

    /** Trains on from a snapshot, and returns those after each epoch. */
    private static List<TrainingSnapshot> train(RunConfiguration c, TrainingSnapshot from) {
        DataSplits data = RunData.load(c);
        TrainingSpec spec = new RunAssembler(c, data.train()).assemble();
        List<TrainingSnapshot> snapshots = new ArrayList<>();
        TrainingListener keep =
                new TrainingListener() {
                    @Override
                    public void epochDone(EpochReport report, TrainingSnapshot snapshot) {
                        snapshots.add(snapshot);
                    }
                };
        try (Backend backend =
                Backends.discover()
                        .select("reference", BackendOptions.defaults(), List.of(spec.plan()))
                        .backend()) {
            new Trainer(spec, data, List.of(keep))
                    .resume(backend, from == null ? TrainingSnapshot.start(spec.initial()) : from);
        }
        return snapshots;
    }

    @ParameterizedTest
    @ValueSource(strings = {"bp", "dfc-ssa"})
    void itContinuesToTheSameBitsIfTheEndIsTheSame(String method) {
        RunConfiguration c = configuration(method, EPOCHS);
        List<TrainingSnapshot> whole = train(c, null);
        for (int reached = 1; reached < EPOCHS; reached++) {
            Path checkpoint = folder.resolve("checkpoint.safetensors");
            Checkpoint.write(checkpoint, whole.get(reached - 1));
            List<TrainingSnapshot> rest = train(c, Checkpoint.read(checkpoint));
            assertThat(rest).hasSize(EPOCHS - reached);
            assertThat(rest.getLast().state()).isEqualTo(whole.getLast().state());
            assertThat(rest.getLast().best()).isEqualTo(whole.getLast().best());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bp", "dfc-ssa"})
    void aLaterEndIsAnotherRunFromTheFirstEpochOn(String method) {
        TrainingSnapshot first = train(configuration(method, EPOCHS), null).getFirst();
        TrainingSnapshot longer = train(configuration(method, EPOCHS + 2), null).getFirst();
        assertThat(first.state()).isNotEqualTo(longer.state());
    }
}
