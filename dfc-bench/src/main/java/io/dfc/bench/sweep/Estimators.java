package io.dfc.bench.sweep;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;

/** How the feedback weights of a run learn, in a word. */
final class Estimators {
    private static final String KEY = "feedback.estimator";

    private Estimators() {}

    static String of(RunConfiguration configuration) {
        if (!RunConfigurations.has(configuration, KEY)) {
            return "fixed or none";
        }
        return RunConfigurations.holds(configuration, new Setting(KEY, "expected"))
                ? "expected"
                : "sampled";
    }
}
