package io.dfc.algorithms.config;

import static io.dfc.algorithms.method.SettingChecks.fraction;
import static io.dfc.algorithms.method.SettingChecks.oneOf;
import static io.dfc.algorithms.method.SettingChecks.positive;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.network.Initialization;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Checks the values of a configuration against each other and against their ranges. */
final class ConfigurationChecks {
    private static final List<String> ACTIVATIONS =
            List.of("tanh", "relu", "leakyrelu", "sigmoid", "linear");

    private ConfigurationChecks() {}

    /** Returns the configuration, with the settings that its method has checked. */
    static RunConfiguration check(RunConfiguration c) {
        path("data", c.data());
        c.dataDir().ifPresent(d -> path("data-dir", d));
        notEmpty("backend", c.backend());
        checkNetwork(c.network());
        checkStop(c.stop());
        checkDiagnostics(c.diagnostics());
        TableChecks.check(c.table(), c.loss());
        return c.withSettings(
                MethodSettings.of(c.method()).check(c.settings(), c.network().hidden().size() + 1));
    }

    private static void checkNetwork(NetworkSection n) {
        if (n.activations().isEmpty()
                || n.activations().size() != 1 && n.activations().size() != n.hidden().size()) {
            throw new BadConfigurationException(
                    "network.activations",
                    "needs 1 name or one for each of the "
                            + n.hidden().size()
                            + " hidden layers, got "
                            + n.activations().size());
        }
        n.activations().forEach(a -> oneOf("network.activations", a, ACTIVATIONS));
        oneOf("network.output-activation", n.outputActivation(), ACTIVATIONS);
        fraction("network.leaky-relu-slope", n.leakyReluSlope());
        oneOf(
                "network.initialization",
                n.initialization(),
                Arrays.stream(Initialization.values()).map(Initialization::label).toList());
    }

    private static void checkStop(StopSection s) {
        if (!(s.minTrainAccuracy() >= 0 && s.minTrainAccuracy() <= 1)) {
            throw new BadConfigurationException(
                    "stop.min-train-accuracy", "must lie in [0, 1], got " + s.minTrainAccuracy());
        }
        positive("stop.max-parameter", s.maxParameter());
    }

    private static void checkDiagnostics(DiagnosticsSection d) {
        if (d.measures().isEmpty()) {
            throw new BadConfigurationException(
                    "diagnostics.measures",
                    "needs at least one of "
                            + String.join(", ", DiagnosticsSection.names())
                            + "; to measure nothing, set diagnostics.every to 0");
        }
        d.measures().forEach(m -> oneOf("diagnostics.measures", m, DiagnosticsSection.names()));
        oneOf("diagnostics.stability", d.stability(), DiagnosticsSection.STABILITY);
        if (!(d.damping() >= 0) || Double.isInfinite(d.damping())) {
            throw new BadConfigurationException(
                    "diagnostics.damping",
                    "must be a finite number of at least 0, got " + d.damping());
        }
    }

    private static void notEmpty(String key, String value) {
        if (value.isBlank()) {
            throw new BadConfigurationException(key, "is empty");
        }
    }

    private static void path(String key, String value) {
        notEmpty(key, value);
        try {
            var _ = Path.of(value);
        } catch (InvalidPathException e) {
            throw new BadConfigurationException(
                    key, "\"" + value + "\" cannot be a path here: " + e.getReason());
        }
    }
}
