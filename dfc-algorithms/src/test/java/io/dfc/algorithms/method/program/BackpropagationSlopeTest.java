package io.dfc.algorithms.method.program;

import io.dfc.algorithms.method.lab.Lab;
import io.dfc.api.learn.Clipping;
import io.dfc.api.network.Loss;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LayerPrograms;
import io.dfc.api.plan.ProgramHandle;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Backpropagation, checked by the loss that it descends. */
class BackpropagationSlopeTest {
    private static void assertDescendsTheLoss(Lab lab, ProgramHandle program, double factor) {
        for (int i = 0; i <= lab.last(); i++) {
            lab.assertDescends(program, Noise.none(), lab.w, i, factor, lab::loss);
            lab.assertDescends(program, Noise.none(), lab.b, i, factor, lab::loss);
        }
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void backpropagationFormsTheSlopeOfTheLoss(Loss loss) {
        try (Lab lab = new Lab(loss, 3, Lab.tanh(4, 5, 3, 2))) {
            assertDescendsTheLoss(
                    lab,
                    lab.add(
                            LayerPrograms.backpropagation(
                                    lab.network, lab.w, lab.b, new Clipping.None())),
                    1);
        }
    }
}
