package io.dfc.api.spi.support;

import io.dfc.api.control.ControlTile;
import io.dfc.api.control.Controller;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.LayerTile;
import io.dfc.api.learn.LearningRule;

/**
 * What backends ask of the results of controllers and rules that users write, so that a mistake in
 * one is told by the name of its class.
 */
public final class UserCode {
    private UserCode() {}

    /**
     * Checks what a controller made of finite errors. A sample whose errors are not finite has
     * diverged already, and no controller is to blame for the rest.
     *
     * @param controller the controller that has just stepped
     * @param tile what it was given
     * @param step the step, from 0
     * @throws BadConfigurationException if a control signal is not finite
     */
    public static void requireFinite(Controller controller, ControlTile tile, int step) {
        if (controller instanceof ProportionalIntegralController) {
            return;
        }
        for (int s = 0; s < tile.samples(); s++) {
            int at = tile.offset() + s * tile.width();
            if (!isFinite(tile.control(), at, tile.width())
                    && isFinite(tile.error(), at, tile.width())) {
                throw new BadConfigurationException(
                        "controller",
                        "%s gives a control signal that is not finite, of sample %d at step %d, though the error is finite"
                                .formatted(name(controller), s, step));
            }
        }
    }

    /**
     * Checks what a rule made of finite voltages.
     *
     * @param rule the rule that has just taught
     * @param tile what it was given
     * @param layer the layer, from 0
     * @throws BadConfigurationException if a signal is not finite
     */
    public static void requireFinite(LearningRule rule, LayerTile tile, int layer) {
        if (rule instanceof DfcRule) {
            return;
        }
        for (int s = 0; s < tile.samples(); s++) {
            int at = tile.offset() + s * tile.width();
            if (!isFinite(tile.postsynapticFactor(), at, tile.width())
                    && isFinite(tile.difference(), at, tile.width())
                    && isFinite(tile.basalDeviation(), at, tile.width())) {
                throw new BadConfigurationException(
                        "rule",
                        "%s gives a postsynaptic factor that is not finite, of sample %d in layer %d, though the voltages are finite"
                                .formatted(name(rule), s, layer));
            }
        }
    }

    /** A number times zero is zero if it is finite, and no number if not. */
    private static boolean isFinite(double[] x, int at, int count) {
        double sum = 0;
        for (int i = at; i < at + count; i++) {
            sum += x[i] * 0;
        }
        return sum == 0;
    }

    private static String name(Object code) {
        return code.getClass().getName();
    }
}
