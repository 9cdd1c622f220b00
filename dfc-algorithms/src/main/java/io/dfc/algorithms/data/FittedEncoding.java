package io.dfc.algorithms.data;

/**
 * An encoding that was fitted to the training samples of a run, for reading other files, or the
 * same file again, in the same way.
 *
 * @param encoding how inputs and targets became numbers
 * @param owner whose it is, for messages, such as {@code run runs/iris-dfc-seed1}
 */
public record FittedEncoding(DataEncoding encoding, String owner) {}
