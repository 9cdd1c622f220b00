package io.dfc.algorithms.run;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.TableEncoding;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Default settings by the size of the user's data: those of the published runs are for 55,000
 * images. A table of a hundred rows needs small minibatches, or there would be one step per epoch,
 * many epochs and a small network, whose feedback weights begin as the product of its forward
 * weights, as there are too few steps to learn them first. Learning rates fall to zero and weights
 * decay a little, so that what is linear is learnt as well as by a linear model, and the last epoch
 * counts. A folder of images keeps network and rates.
 *
 * @param batch samples in a minibatch
 * @param epochs number of epochs
 * @param recipe network and rates; absent to leave them as they are
 * @param weightDecay decay of the forward weights
 * @param controlled whether feedback weights carry a control signal, and may begin as weight
 *     products
 */
record DataDefaults(
        int batch, int epochs, Optional<Recipe> recipe, double weightDecay, boolean controlled) {
    private static final int SMALLEST_BATCH = 16;
    private static final int LARGEST_BATCH = 128;

    /** Minibatches of an epoch up to which the minibatches stay the smallest. */
    private static final int MINIBATCHES = 128;

    /** Steps of the forward weights that a run should have. */
    private static final int STEPS = 4000;

    private static final int FEWEST_EPOCHS = 10;
    private static final int MOST_EPOCHS = 80;

    /** Training rows below which a table of numbers to predict is small. */
    private static final int FEW_ROWS = 600;

    private static final int MANY_ROWS = 5000;
    private static final String SCHEDULE = "linear";
    private static final String FEEDBACK = "weight-product";

    /** The setting of methods that nudge the output towards its target. */
    private static final String NUDGE = "target.step-size";

    /** The setting of methods whose feedback weights carry a control signal. */
    private static final String CONTROLLED = "feedback.freeze-output";

    /** Decay is added to the gradient, and the updates of a nudged network are small. */
    private static final double DECAY_WHEN_NUDGED = 0.00005;

    private static final double DECAY_OF_FULL_GRADIENTS = 0.005;

    /**
     * Network and rates.
     *
     * @param hidden sizes of the hidden layers
     * @param learningRate learning rate of the forward weights
     * @param epsilon Adam's epsilon; absent for the usual one
     * @param mostEpochs most epochs
     */
    record Recipe(
            List<Integer> hidden, double learningRate, Optional<Double> epsilon, int mostEpochs) {
        /**
         * For few numbers, which a network fits all too easily beyond what is linear. Each of many
         * units has little to do and stays where it is nearly linear, and with an epsilon of the
         * size of the gradients' noise, weights without a clear gradient stay where they are.
         */
        static final Recipe CAUTIOUS = new Recipe(List.of(128), 0.009, Optional.of(0.0001), 120);

        static final Recipe USUAL = new Recipe(List.of(32), 0.006, Optional.empty(), MOST_EPOCHS);

        static final Recipe LARGE =
                new Recipe(List.of(64, 64), 0.006, Optional.empty(), MOST_EPOCHS);

        static Recipe of(DataSet train, boolean nudged) {
            boolean few = train.size() < FEW_ROWS && !train.classification();
            return few && nudged ? CAUTIOUS : train.size() < MANY_ROWS ? USUAL : LARGE;
        }
    }

    /**
     * Settings for data.
     *
     * @param data the data
     * @param configuration the configuration without these settings
     */
    static DataDefaults of(DataSplits data, RunConfiguration configuration) {
        DataSet train = data.train();
        boolean nudged = RunConfigurations.has(configuration, NUDGE);
        int batch = SMALLEST_BATCH;
        while (batch < LARGEST_BATCH && (long) batch * MINIBATCHES < train.size()) {
            batch *= 2;
        }
        int minibatches = Math.max(1, (train.size() + batch - 1) / batch);
        Optional<Recipe> recipe =
                data.encoding()
                        .filter(TableEncoding.class::isInstance)
                        .map(_ -> Recipe.of(train, nudged));
        int epochs =
                Math.clamp(
                        (STEPS + minibatches - 1) / minibatches,
                        FEWEST_EPOCHS,
                        recipe.map(Recipe::mostEpochs).orElse(MOST_EPOCHS));
        return new DataDefaults(
                batch,
                epochs,
                recipe,
                nudged ? DECAY_WHEN_NUDGED : DECAY_OF_FULL_GRADIENTS,
                RunConfigurations.has(configuration, CONTROLLED));
    }

    /** Settings for samples that come one by one. */
    static List<Setting> online(RunConfiguration configuration) {
        return RunConfigurations.has(configuration, CONTROLLED)
                ? List.of(new Setting("feedback.initialization", FEEDBACK))
                : List.of();
    }

    /** The settings; those that a method does not have are for other methods. */
    List<Setting> settings() {
        List<Setting> settings = new ArrayList<>();
        settings.add(new Setting("batch", Integer.toString(batch)));
        settings.add(new Setting("epochs", Integer.toString(epochs)));
        recipe.ifPresent(r -> addOfTable(settings, r));
        return settings;
    }

    private void addOfTable(List<Setting> settings, Recipe r) {
        settings.add(new Setting("network.hidden", r.hidden().toString()));
        settings.add(new Setting("forward.learning-rate", "[" + r.learningRate() + "]"));
        r.epsilon().ifPresent(e -> settings.add(new Setting("forward.epsilon", "[" + e + "]")));
        settings.add(new Setting("forward.schedule", SCHEDULE));
        settings.add(new Setting("forward.weight-decay", Double.toString(weightDecay)));
        if (controlled) {
            settings.add(new Setting("feedback.initialization", FEEDBACK));
        }
    }

    /** What of this a configuration took over, in words; empty if nothing. */
    String taken(RunConfiguration configuration) {
        return settings().stream()
                .filter(s -> RunConfigurations.holds(configuration, s))
                .map(DataDefaults::option)
                .collect(Collectors.joining(" "));
    }

    private static String option(Setting setting) {
        String value = setting.value().replaceAll("[\\[\\] ]", "");
        return switch (setting.key()) {
            case "batch", "epochs" -> "--" + setting.key() + " " + value;
            case "network.hidden" -> "--hidden " + value;
            default -> "--set " + setting.key() + "=" + value;
        };
    }
}
