package io.dfc.algorithms.model;

import io.dfc.algorithms.store.Checkpoint;
import io.dfc.algorithms.store.ModelFile;
import io.dfc.algorithms.train.Progress;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.EngineState;

import java.nio.file.Path;

/**
 * What a model has learnt, consistent and immutable.
 *
 * @param definition what it is
 * @param encoder from numbers of callers to inputs
 * @param predicting the plan of predicting, the same throughout the life of a model
 * @param state parameters and optimisers
 * @param progress how far it has learnt
 */
record Learnt(
        Definition definition,
        Encoder encoder,
        Plan predicting,
        EngineState state,
        Progress progress) {
    static Learnt of(Definition definition, EngineState state, Progress progress) {
        return new Learnt(
                definition, definition.encoder(), definition.predictingPlan(), state, progress);
    }

    /**
     * What a file holds.
     *
     * @param source the file, for messages
     * @throws io.dfc.api.error.BadDataException if its parameters are not those of its network
     */
    static Learnt of(ModelFile file, Path source) {
        Learnt learnt =
                of(
                        new Definition(file.configuration(), file.data()),
                        file.state(),
                        file.progress());
        Checkpoint.select(source, file.state().parameters(), learnt.predicting);
        return learnt;
    }

    Learnt with(EngineState later, Progress further) {
        return new Learnt(definition, encoder, predicting, later, further);
    }

    ModelFile file() {
        return new ModelFile(definition.configuration(), definition.data(), state, progress);
    }
}
