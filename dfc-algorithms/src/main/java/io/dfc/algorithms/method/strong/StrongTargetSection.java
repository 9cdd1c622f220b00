package io.dfc.algorithms.method.strong;

import io.dfc.algorithms.method.SettingChecks;

/**
 * The output target of the controller: the label itself.
 *
 * @param classValue target of the right class, in (0, 1); the others share the rest
 */
public record StrongTargetSection(double classValue) {
    void check() {
        SettingChecks.between("target.class-value", classValue);
    }
}
