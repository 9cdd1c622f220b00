package org.example.guice;

import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.train.Trainer;
import io.dfc.algorithms.train.TrainingSpec;
import io.dfc.api.spi.Backend;

import jakarta.inject.Inject;

import java.util.List;

/** A part of the application that wants a run and its data. */
final class Training {
    private final TrainingSpec spec;
    private final DataSplits data;

    @Inject
    Training(TrainingSpec spec, DataSplits data) {
        this.spec = spec;
        this.data = data;
    }

    double testError(Backend backend) {
        return new Trainer(spec, data, List.of())
                .run(backend)
                .snapshot()
                .progress()
                .bestTest()
                .error();
    }
}
