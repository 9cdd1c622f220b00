package io.dfc.algorithms.data;

/**
 * How images become numbers: {@code (value / white - mean) / deviation}.
 *
 * @param inputs number of pixels of an image
 * @param white value of a white pixel: 255 for bytes, 1 for other numbers
 * @param normalization mean and deviation of the quotients
 * @param targets how labels become numbers
 */
public record ImageEncoding(
        int inputs, double white, Normalization normalization, TargetEncoding targets)
        implements DataEncoding {
    /**
     * Normalises the value of a pixel.
     *
     * @param value the value
     * @return the input
     */
    public double encode(double value) {
        return (value / white - normalization.mean()) / normalization.deviation();
    }
}
