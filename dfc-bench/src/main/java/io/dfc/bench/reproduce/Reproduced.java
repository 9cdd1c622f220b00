package io.dfc.bench.reproduce;

import io.dfc.bench.plot.Picture;

import java.util.List;

/**
 * A figure that was run.
 *
 * @param name name of its files
 * @param table all numbers that the picture shows
 * @param picture the picture
 * @param claims what the paper says of it, and what the run says
 */
public record Reproduced(String name, CsvTable table, Picture picture, List<Claim> claims) {
    /** Copies the list. */
    public Reproduced {
        claims = List.copyOf(claims);
    }
}
