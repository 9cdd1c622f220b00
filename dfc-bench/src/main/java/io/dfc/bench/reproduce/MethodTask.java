package io.dfc.bench.reproduce;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A task on which every method learns, and what each may spend on its learning rate. */
enum MethodTask {
    /** The student-teacher task of Fig. 3, judged by the loss. */
    TOY("toy-table", "every method on the student-teacher task of fig3", 300, 30, 0) {
        @Override
        Optional<String> published(String method) {
            return Arrays.stream(AlignmentVariant.values())
                    .filter(v -> v.method().equals(method))
                    .map(AlignmentVariant::configuration)
                    .findFirst();
        }

        @Override
        RunConfiguration defaults(String method, List<Setting> settings) {
            return RunConfigurations.forRun("student-teacher", method, network(10, 10), settings);
        }
    },
    /** The built-in digits, in the configurations that come with them. */
    GLYPHS("glyphs-table", "every method on the built-in digits", 16, 4, 0) {
        @Override
        Optional<String> published(String method) {
            return shipped("glyphs/" + method);
        }

        @Override
        RunConfiguration defaults(String method, List<Setting> settings) {
            return RunConfigurations.forRun("glyphs", method, network(128, 128), settings);
        }
    },
    /** One epoch of MNIST, with published settings where there are some, all on one network. */
    MNIST("mnist-table", "every method on MNIST", 1, 1, 10_000) {
        private static final String NETWORK = "[256, 256, 256]";

        @Override
        Optional<String> published(String method) {
            return Stream.of(
                            "mnist/" + method + "-fast",
                            "mnist/" + method,
                            "strong/mnist/" + method,
                            "least-control/mnist/" + method,
                            "target-propagation/mnist/" + method)
                    .flatMap(name -> shipped(name).stream())
                    .findFirst();
        }

        @Override
        RunConfiguration defaults(String method, List<Setting> settings) {
            // What cannot do with this network, or learns in small minibatches, says so for glyphs.
            Optional<String> small = shipped("glyphs/" + method);
            return small.isPresent()
                    ? RunConfigurations.load(small.get(), with(settings, "data", "mnist"))
                    : RunConfigurations.forRun("mnist", method, network(256, 256, 256), settings);
        }

        @Override
        RunConfiguration configuration(String method, List<Setting> settings) {
            RunConfiguration found =
                    super.configuration(method, with(settings, "validation", "true"));
            return found.network().outputUnits().isPresent()
                    ? found
                    : RunConfigurations.with(
                            found, List.of(new Setting("network.hidden", NETWORK)));
        }
    };

    private final String label;
    private final String title;
    private final int epochs;
    private final int tuningEpochs;
    private final int tuningLimit;

    MethodTask(String label, String title, int epochs, int tuningEpochs, int tuningLimit) {
        this.label = label;
        this.title = title;
        this.epochs = epochs;
        this.tuningEpochs = tuningEpochs;
        this.tuningLimit = tuningLimit;
    }

    /** The shipped configuration from which a method starts; absent where it has none. */
    abstract Optional<String> published(String method);

    /** Where a method without such a configuration starts. */
    abstract RunConfiguration defaults(String method, List<Setting> settings);

    /** {@return its name on the command line} */
    String label() {
        return label;
    }

    /** {@return what it shows} */
    String title() {
        return title
                + ": after "
                + (epochs == 1 ? "one epoch" : epochs + " epochs")
                + ", with equal tuning";
    }

    /** {@return epochs of a training} */
    int epochs() {
        return epochs;
    }

    /** {@return epochs of a trial of a learning rate} */
    int tuningEpochs() {
        return tuningEpochs;
    }

    /** {@return settings of a trial beside those of a training} */
    List<Setting> tuning() {
        return tuningLimit == 0
                ? List.of()
                : List.of(new Setting("limit", Integer.toString(tuningLimit)));
    }

    /**
     * The configuration of a method.
     *
     * @param method the method
     * @param settings settings to replace
     * @return the configuration
     * @throws io.dfc.api.error.BadConfigurationException if the method cannot do this task
     */
    RunConfiguration configuration(String method, List<Setting> settings) {
        return published(method)
                .map(name -> RunConfigurations.load(name, settings))
                .orElseGet(() -> defaults(method, settings));
    }

    private static Optional<String> shipped(String name) {
        return RunConfigurations.names().contains(name) ? Optional.of(name) : Optional.empty();
    }

    private static List<Setting> with(List<Setting> settings, String key, String value) {
        List<Setting> more = new ArrayList<>(settings);
        more.add(new Setting(key, value));
        return more;
    }

    private static List<Setting> network(Integer... hidden) {
        return List.of(
                new Setting("network.hidden", Arrays.toString(hidden)),
                new Setting("batch", "128"));
    }
}
