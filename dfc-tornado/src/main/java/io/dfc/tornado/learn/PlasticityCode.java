package io.dfc.tornado.learn;

import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.PublishedRule;
import io.dfc.tornado.kernel.Slots;

/** How the tables name the plasticity of forward parameters. */
public final class PlasticityCode {
    private PlasticityCode() {}

    /** The rule that forms the postsynaptic factor. */
    public static int rule(ForwardPlasticity plasticity) {
        return switch ((PublishedRule) plasticity.rule()) {
            case VOLTAGE_DIFFERENCE -> Slots.VOLTAGE_DIFFERENCE;
            case DERIVATIVE -> Slots.DERIVATIVE;
            case NONLINEAR_DIFFERENCE -> Slots.NONLINEAR_DIFFERENCE;
        };
    }

    /** The presynaptic rates. */
    public static int presynaptic(ForwardPlasticity plasticity) {
        return plasticity.presynaptic() == ForwardPlasticity.Presynaptic.CONTROLLED
                ? Slots.CONTROLLED
                : Slots.FEEDFORWARD;
    }
}
