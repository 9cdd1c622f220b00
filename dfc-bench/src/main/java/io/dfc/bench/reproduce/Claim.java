package io.dfc.bench.reproduce;

/**
 * What the paper says of a figure, and what a run says.
 *
 * @param statement what the paper says, in one sentence
 * @param found what the run found, with its numbers
 * @param holds whether the run agrees
 */
public record Claim(String statement, String found, boolean holds) {}
