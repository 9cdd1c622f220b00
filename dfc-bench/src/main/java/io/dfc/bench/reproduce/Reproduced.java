package io.dfc.bench.reproduce;

import io.dfc.bench.plot.Picture;

import java.util.List;
import java.util.Optional;

/**
 * A figure that was run.
 *
 * @param name name of its files
 * @param table all numbers that the picture shows
 * @param picture the picture, if there is one
 * @param claims what the paper says of it, and what the run says
 */
public record Reproduced(
        String name, CsvTable table, Optional<Picture> picture, List<Claim> claims) {
    /** Copies the list. */
    public Reproduced {
        claims = List.copyOf(claims);
    }

    /**
     * A figure with a picture.
     *
     * @param name name of its files
     * @param table all numbers that the picture shows
     * @param picture the picture
     * @param claims what the paper says of it, and what the run says
     */
    Reproduced(String name, CsvTable table, Picture picture, List<Claim> claims) {
        this(name, table, Optional.of(picture), claims);
    }
}
