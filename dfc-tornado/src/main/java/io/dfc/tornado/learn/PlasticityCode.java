package io.dfc.tornado.learn;

import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.tornado.kernel.TableCodes;

/** Codes of forward plasticities in the tables. */
public final class PlasticityCode {
    private PlasticityCode() {}

    /** Code of the rule that forms the postsynaptic factor. */
    public static int rule(ForwardPlasticity plasticity) {
        return switch ((DfcRule) plasticity.rule()) {
            case VOLTAGE_DIFFERENCE -> TableCodes.VOLTAGE_DIFFERENCE;
            case DERIVATIVE -> TableCodes.DERIVATIVE;
            case NONLINEAR_DIFFERENCE -> TableCodes.NONLINEAR_DIFFERENCE;
        };
    }

    /** Code of the presynaptic rates. */
    public static int presynaptic(ForwardPlasticity plasticity) {
        return plasticity.presynaptic() == ForwardPlasticity.Presynaptic.CONTROLLED
                ? TableCodes.CONTROLLED
                : TableCodes.FEEDFORWARD;
    }
}
