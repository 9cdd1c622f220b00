package io.dfc.algorithms.data;

/**
 * What an earlier reader made of its data, for reading other files, or the same file again, in the
 * same way.
 *
 * @param encoding how inputs and answers became numbers
 * @param owner who it was, for messages, such as {@code run runs/iris-dfc-seed1}
 */
public record KnownData(DataEncoding encoding, String owner) {}
