package io.dfc.algorithms.model;

import io.dfc.algorithms.store.ModelFile;

import java.nio.file.Path;
import java.util.Objects;

/**
 * What a model had learnt at one moment. Immutable and thread-safe; it takes the memory of one copy
 * of parameters and optimisers, which snapshots of the same moment share.
 */
public final class ModelSnapshot {
    private final Learnt learnt;

    ModelSnapshot(Learnt learnt) {
        this.learnt = Objects.requireNonNull(learnt, "learnt");
    }

    Learnt learnt() {
        return learnt;
    }

    /** {@return minibatches learnt until then} */
    public int minibatches() {
        return learnt.progress().minibatches();
    }

    /** {@return the contents of the file that {@link #save} writes} */
    public ModelFile contents() {
        return learnt.file();
    }

    /**
     * Writes it as a model, atomically: an interrupt or a crash leaves the old file or the new one.
     *
     * @param file the file; its folder must exist
     * @throws io.dfc.api.error.StorageException if the operating system refuses
     */
    public void save(Path file) {
        learnt.file().write(file);
    }
}
