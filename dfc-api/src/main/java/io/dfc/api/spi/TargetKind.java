package io.dfc.api.spi;

/** What stands for the targets of samples that are written into a {@link SampleBuffer}. */
public enum TargetKind {
    /** A class for each sample, for the cross-entropy loss. */
    LABELS,

    /** A vector for each sample. */
    VALUES,

    /** The inputs themselves, as for an autoencoder. */
    INPUTS
}
