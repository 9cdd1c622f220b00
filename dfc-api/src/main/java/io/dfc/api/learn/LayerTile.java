package io.dfc.api.learn;

/**
 * What a learning rule sees of some samples of a layer: row-major [samples, width] blocks that
 * start at {@code offset}. The arrays belong to the backend. The basal voltage is {@code
 * feedforwardVoltage + basalDeviation}, the somatic voltage the basal one plus {@code difference}.
 *
 * @param offset first element of the tile in every array except {@code state}
 * @param samples number of samples
 * @param width number of neurons
 * @param feedforwardVoltage voltage of the feedforward pass {@code v_i^-}
 * @param basalDeviation basal voltage minus {@code v_i^-}
 * @param difference somatic minus basal voltage
 * @param postsynapticFactor postsynaptic factor {@code s_i}, written
 * @param state state of the rule for these samples, [samples, stateSize], read and written
 */
@SuppressWarnings(
        "ArrayRecordComponent") // shared with the backend by design: no copies inside the loop
public record LayerTile(
        int offset,
        int samples,
        int width,
        double[] feedforwardVoltage,
        double[] basalDeviation,
        double[] difference,
        double[] postsynapticFactor,
        double[] state) {}
