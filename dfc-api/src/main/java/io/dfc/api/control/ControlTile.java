package io.dfc.api.control;

/**
 * What a controller sees of some samples: row-major [samples, width] blocks that start at {@code
 * offset}, and the state of these samples, [samples, stateSize]. The arrays belong to the backend.
 *
 * @param offset first element of the tile in {@code error}, {@code feedforwardRate}, {@code
 *     rateDeviation} and {@code control}
 * @param samples number of samples
 * @param width number of outputs {@code n_L}
 * @param error control error {@code e}
 * @param feedforwardRate output of the feedforward pass {@code r_L^-}
 * @param rateDeviation output minus {@code r_L^-}
 * @param control control signal {@code u}, read and written
 * @param state state of the controller, read and written
 */
@SuppressWarnings(
        "ArrayRecordComponent") // shared with the backend by design: no copies inside the loop
public record ControlTile(
        int offset,
        int samples,
        int width,
        double[] error,
        double[] feedforwardRate,
        double[] rateDeviation,
        double[] control,
        double[] state) {}
