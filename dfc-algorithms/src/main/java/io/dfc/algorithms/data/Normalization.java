package io.dfc.algorithms.data;

/**
 * The map {@code (grey / 255 - mean) / deviation} from a grey level to an input.
 *
 * @param mean subtracted from the grey level in [0, 1]
 * @param deviation divisor, above 0
 */
public record Normalization(double mean, double deviation) {
    /** Standardises MNIST as published. */
    public static final Normalization MNIST = new Normalization(0.1307, 0.3081);

    /** Scales grey levels to [0, 1], as published for Fashion-MNIST. */
    public static final Normalization UNIT_RANGE = new Normalization(0, 1);

    private static final double WHITE = 255;

    /** Checks the numbers. */
    public Normalization {
        if (!Double.isFinite(mean) || !(deviation > 0) || !Double.isFinite(deviation)) {
            throw new IllegalArgumentException(
                    "normalisation needs a finite mean and a deviation above 0, got "
                            + mean
                            + " and "
                            + deviation);
        }
    }

    /**
     * Maps one grey level.
     *
     * @param grey grey level, 0 (background) to 255
     * @return the input of the network
     */
    public double apply(int grey) {
        return (grey / WHITE - mean) / deviation;
    }
}
