package io.dfc.api.plan;

import io.dfc.api.control.Controller;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.LearningRule;

/**
 * Checks the sizes and the leakage that controllers and rules of users declare, before memory is
 * allocated by them.
 */
final class UserCodeSettings {
    /** More numbers per sample than any network has neurons. */
    private static final int MOST_STATE = 1 << 24;

    private UserCodeSettings() {}

    /**
     * Checks what a controller says of itself.
     *
     * @param controller the controller
     * @param outputs number of outputs of the network
     * @throws BadConfigurationException if its leakage or the size of its state is out of range
     */
    static void requireSound(Controller controller, int outputs) {
        if (controller instanceof ProportionalIntegralController) {
            return;
        }
        double leakage = controller.leakage();
        if (!(leakage >= 0 && leakage < Double.POSITIVE_INFINITY)) {
            throw new BadConfigurationException(
                    "controller",
                    "%s: its leakage must be finite and at least 0, got %s"
                            .formatted(controller.getClass().getName(), leakage));
        }
        requireState("controller", controller, controller.stateSize(outputs));
    }

    /**
     * Checks what a rule says of itself.
     *
     * @param rule the rule
     * @param width number of neurons of a layer
     * @throws BadConfigurationException if the size of its state is out of range
     */
    static void requireSound(LearningRule rule, int width) {
        if (!(rule instanceof DfcRule)) {
            requireState("rule", rule, rule.stateSize(width));
        }
    }

    private static void requireState(String key, Object code, int size) {
        if (size < 0 || size > MOST_STATE) {
            throw new BadConfigurationException(
                    key,
                    "%s: stateSize must lie in [0, %d], got %d"
                            .formatted(code.getClass().getName(), MOST_STATE, size));
        }
    }
}
