package io.dfc.algorithms.method.dfc;

import static io.dfc.algorithms.method.SettingChecks.between;
import static io.dfc.algorithms.method.SettingChecks.oneOf;
import static io.dfc.algorithms.method.SettingChecks.positive;

import io.dfc.api.control.OutputTarget;

import java.util.List;

/**
 * The output target of the controller.
 *
 * @param kind {@code nudge} (a step down the loss) or {@code strong} (the label itself)
 * @param stepSize step of the nudge, above 0
 * @param sumOverBatch whether the nudge follows each sample's own loss and not the mean over the
 *     minibatch
 * @param classValue target of the right class for {@code strong}, in (0, 1)
 */
public record TargetSection(String kind, double stepSize, boolean sumOverBatch, double classValue) {
    void check() {
        oneOf("target.kind", kind, List.of("nudge", "strong"));
        positive("target.step-size", stepSize);
        between("target.class-value", classValue);
    }

    /** {@return the target of the output} */
    OutputTarget output() {
        return kind.equals("strong")
                ? new OutputTarget.Strong(classValue)
                : new OutputTarget.Nudge(
                        stepSize,
                        sumOverBatch
                                ? OutputTarget.Nudge.Gradient.OF_SAMPLE
                                : OutputTarget.Nudge.Gradient.OF_BATCH_MEAN);
    }
}
