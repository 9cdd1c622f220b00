package io.dfc.bench.plot;

import java.awt.Color;
import java.util.List;

/**
 * Colours that people with any kind of colour vision can tell apart (Okabe and Ito 2008), without
 * the yellow, which is too pale for lines on white.
 */
public final class Palette {
    /** Black. */
    public static final Color BLACK = new Color(0x000000);

    /** Grey, for what stands in the background. */
    public static final Color GREY = new Color(0xB8B8B8);

    /** Blue. */
    public static final Color BLUE = new Color(0x0072B2);

    /** Vermillion. */
    public static final Color VERMILLION = new Color(0xD55E00);

    /** Bluish green. */
    public static final Color GREEN = new Color(0x009E73);

    /** Reddish purple. */
    public static final Color PURPLE = new Color(0xCC79A7);

    /** Orange. */
    public static final Color ORANGE = new Color(0xE69F00);

    /** Sky blue. */
    public static final Color SKY = new Color(0x56B4E9);

    /** For curves whose order has no meaning. */
    public static final List<Color> COLORS =
            List.of(BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, BLACK);

    /** Ends and middle of the scale of values, after the map "viridis". */
    private static final Color[] SCALE = {
        new Color(0x440154),
        new Color(0x3B528B),
        new Color(0x21918C),
        new Color(0x5EC962),
        new Color(0xC8D32A)
    };

    private Palette() {}

    /**
     * A colour for a value on a scale, from dark to light: also in grey the order can be seen.
     *
     * @param position place on the scale, in [0, 1]
     * @return its colour
     */
    public static Color scale(double position) {
        double at = position * (SCALE.length - 1);
        int below = Math.min((int) at, SCALE.length - 2);
        double part = at - below;
        Color a = SCALE[below];
        Color b = SCALE[below + 1];
        return new Color(
                mixed(a.getRed(), b.getRed(), part),
                mixed(a.getGreen(), b.getGreen(), part),
                mixed(a.getBlue(), b.getBlue(), part));
    }

    private static int mixed(int a, int b, double part) {
        return (int) Math.round(a + (b - a) * part);
    }
}
