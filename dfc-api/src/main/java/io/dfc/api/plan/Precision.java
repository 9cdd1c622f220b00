package io.dfc.api.plan;

/**
 * The numbers by which loops multiply: the weights {@code W_i} that carry deviations of rates from
 * layer to layer, and the feedback weights {@code Q_i} that carry the control signal.
 *
 * <p>A choice of a plan, not of a backend: all backends that accept the plan round alike, and find
 * the loop of the rounded weights by whatever solver the plan names. Nothing else is rounded.
 * Parameters, optimiser state, the feedforward pass, targets, backpropagation and homeostatic decay
 * keep the weights as they are, and sums have the backend's {@linkplain
 * io.dfc.api.spi.Backend#computeType type}.
 */
public enum Precision {
    /** The weights as the backend holds them. */
    FULL("full") {
        @Override
        public double round(double weight) {
            return weight;
        }
    },
    /**
     * The upper half of a float32, with 8 bits of significand: half the traffic of weights, an
     * error of at most 2^-8 of each weight.
     */
    BFLOAT16("bfloat16") {
        @Override
        public double round(double weight) {
            float single = (float) weight;
            if (Float.isNaN(single)) {
                return weight;
            }
            int bits = Float.floatToRawIntBits(single);
            int even = bits + HALF_BELOW + (bits >>> Short.SIZE & 1);
            return Float.intBitsToFloat(even & UPPER);
        }
    };

    private static final int UPPER = 0xFFFF0000;

    /** One less than half of the lowest bit that is kept. */
    private static final int HALF_BELOW = 0x7FFF;

    private final String label;

    Precision(String label) {
        this.label = label;
    }

    /**
     * Rounds a weight to the nearest number of this precision, halves to even; first to float32
     * unless the precision is full.
     *
     * @param weight the weight
     * @return the number that takes its place; infinite beyond the largest number of the precision
     */
    public abstract double round(double weight);

    /** {@return the name used in configurations} */
    public String label() {
        return label;
    }

    @Override
    public String toString() {
        return label;
    }
}
