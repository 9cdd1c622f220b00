package io.dfc.algorithms.run;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.TableEncoding;

import java.util.ArrayList;
import java.util.List;

/**
 * Settings that suit data of the user, by their size: those of the published runs are for 55,000
 * images. A table of a hundred rows needs small minibatches, or there would be one step per epoch,
 * many epochs and a small network, whose feedback weights begin as the product of its forward
 * weights, as there are too few steps to learn them first. A folder of images keeps the network.
 *
 * @param batch samples in a minibatch
 * @param epochs number of epochs
 * @param hidden sizes of the hidden layers; empty to leave them as they are
 */
record OwnDefaults(int batch, int epochs, List<Integer> hidden) {
    private static final int SMALLEST_BATCH = 16;
    private static final int LARGEST_BATCH = 128;

    /** Minibatches of an epoch up to which the minibatches stay the smallest. */
    private static final int MINIBATCHES = 128;

    /** Steps of the forward weights that a run should have. */
    private static final int STEPS = 1500;

    private static final int FEWEST_EPOCHS = 10;
    private static final int MOST_EPOCHS = 80;
    private static final List<Integer> SMALL_NETWORK = List.of(32);
    private static final List<Integer> LARGE_NETWORK = List.of(64, 64);
    private static final int MANY_ROWS = 5000;

    private static final double LEARNING_RATE = 0.003;
    private static final String FEEDBACK = "weight-product";
    private static final List<Setting> OF_TABLES =
            List.of(
                    new Setting("feedback.initialization", FEEDBACK),
                    new Setting("forward.learning-rate", "[" + LEARNING_RATE + "]"));

    static OwnDefaults of(DataSplits data) {
        DataSet train = data.train();
        int batch = SMALLEST_BATCH;
        while (batch < LARGEST_BATCH && (long) batch * MINIBATCHES < train.size()) {
            batch *= 2;
        }
        int minibatches = Math.max(1, (train.size() + batch - 1) / batch);
        int epochs =
                Math.clamp((STEPS + minibatches - 1) / minibatches, FEWEST_EPOCHS, MOST_EPOCHS);
        boolean table = data.encoding().filter(TableEncoding.class::isInstance).isPresent();
        List<Integer> network = train.size() < MANY_ROWS ? SMALL_NETWORK : LARGE_NETWORK;
        return new OwnDefaults(batch, epochs, table ? network : List.of());
    }

    List<Setting> settings() {
        List<Setting> settings = new ArrayList<>();
        settings.add(new Setting("batch", Integer.toString(batch)));
        settings.add(new Setting("epochs", Integer.toString(epochs)));
        if (!hidden.isEmpty()) {
            settings.add(new Setting("network.hidden", hidden.toString()));
            settings.addAll(OF_TABLES);
        }
        return settings;
    }

    /** What of this a configuration took over, in words; empty if nothing. */
    String taken(RunConfiguration configuration) {
        List<String> taken = new ArrayList<>();
        if (configuration.batch() == batch) {
            taken.add("--batch " + batch);
        }
        if (configuration.epochs() == epochs) {
            taken.add("--epochs " + epochs);
        }
        if (configuration.network().hidden().equals(hidden)) {
            taken.add("--hidden " + hidden.toString().replaceAll("[\\[\\] ]", ""));
        }
        if (!hidden.isEmpty()
                && configuration.forward().learningRate().equals(List.of(LEARNING_RATE))) {
            taken.add("--set forward.learning-rate=" + LEARNING_RATE);
        }
        if (!hidden.isEmpty()
                && configuration.method().isControlled()
                && configuration.feedback().initialization().equals(FEEDBACK)) {
            taken.add("--set feedback.initialization=" + FEEDBACK);
        }
        return String.join(" ", taken);
    }
}
