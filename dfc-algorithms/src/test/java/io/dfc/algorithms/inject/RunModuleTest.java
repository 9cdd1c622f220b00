package io.dfc.algorithms.inject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.ProvisionException;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.run.RunAssembler;
import io.dfc.algorithms.train.Trainer;
import io.dfc.algorithms.train.TrainingResult;
import io.dfc.algorithms.train.TrainingSpec;
import io.dfc.api.error.BackendUnavailableException;
import io.dfc.api.error.DfcException;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Backends;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

class RunModuleTest {
    private static final DataSplits DATA = data();

    private static DataSplits data() {
        double[] inputs = new double[40];
        int[] labels = new int[20];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = Math.sin(i);
            labels[i / 2] = i % 3;
        }
        DataSet set = DataSet.classification("sines", inputs, 2, labels, 3);
        return new DataSplits(set, set.limit(5), set.limit(5));
    }

    private static RunConfiguration configuration(String data, String... settings) {
        List<Setting> small =
                Stream.concat(
                                Stream.of(
                                        "backend=reference",
                                        "network.hidden=[4]",
                                        "epochs=1",
                                        "batch=10",
                                        "control.time-points=5",
                                        "feedback.time-points=5"),
                                Stream.of(settings))
                        .map(Setting::parse)
                        .toList();
        return RunConfigurations.forRun(data, "dfc", small);
    }

    private static Injector injector(String... settings) {
        return Guice.createInjector(
                new RunModule(configuration("glyphs", settings), Optional.of(DATA)));
    }

    @Test
    void aWholeRunIsWiredFromItsConfiguration() {
        Injector injector = injector();
        TrainingSpec spec = injector.getInstance(TrainingSpec.class);
        Backends.Selection selection = injector.getInstance(Backends.Selection.class);

        try (Backend backend = selection.backend()) {
            TrainingResult result =
                    new Trainer(spec, injector.getInstance(DataSplits.class), List.of())
                            .run(backend);
            assertThat(result.snapshot().progress().epochs()).isEqualTo(1);
            assertThat(backend.name()).isEqualTo("reference");
        }
        assertThat(selection.explanation()).startsWith("backend reference on ");
    }

    @Test
    void everyPartIsMadeOnceAndFromTheSameParts() {
        Injector injector = injector("seed=5");

        assertThat(injector.getInstance(DataSplits.class)).isSameAs(DATA);
        assertThat(injector.getInstance(RunConfiguration.class).seed()).isEqualTo(5);
        assertThat(injector.getInstance(TrainingSpec.class))
                .isSameAs(injector.getInstance(TrainingSpec.class));
        assertThat(injector.getInstance(RunAssembler.class).network())
                .isEqualTo(injector.getInstance(TrainingSpec.class).plan().network());
        assertThat(injector.getInstance(Backends.Selection.class))
                .isSameAs(injector.getInstance(Backends.Selection.class));
    }

    @Test
    void dataThatAreNotGivenAreLoadedWhenTheyAreAskedForAndNotBefore() {
        Injector injector =
                Guice.createInjector(new RunModule(configuration("csv:/no/such/table.csv")));

        assertThat(injector.getInstance(Backends.class).listings()).isNotEmpty();
        assertThatThrownBy(() -> injector.getInstance(TrainingSpec.class))
                .isInstanceOf(ProvisionException.class)
                .hasCauseInstanceOf(DfcException.class);
    }

    @Test
    void aBackendThatIsNotThereIsTheCauseOfWhatFails() {
        Injector injector = injector("backend=abacus");

        assertThatThrownBy(() -> injector.getInstance(Backends.Selection.class))
                .isInstanceOf(ProvisionException.class)
                .cause()
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContaining("abacus");
    }
}
