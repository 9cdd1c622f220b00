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
 * many epochs and a small network; a folder of images keeps the network.
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
    private static final int STEPS = 600;

    private static final int FEWEST_EPOCHS = 10;
    private static final int MOST_EPOCHS = 80;
    private static final int NARROW = 32;
    private static final int WIDE = 64;
    private static final int MANY_ROWS = 5000;

    static OwnDefaults of(DataSplits data) {
        DataSet train = data.train();
        int batch = SMALLEST_BATCH;
        while (batch < LARGEST_BATCH && (long) batch * MINIBATCHES < train.size()) {
            batch *= 2;
        }
        int minibatches = Math.max(1, (train.size() + batch - 1) / batch);
        int epochs = Math.clamp((STEPS + minibatches - 1) / minibatches, FEWEST_EPOCHS, MOST_EPOCHS);
        boolean table = data.encoding().filter(TableEncoding.class::isInstance).isPresent();
        int width = train.size() < MANY_ROWS ? NARROW : WIDE;
        return new OwnDefaults(batch, epochs, table ? List.of(width, width) : List.of());
    }

    List<Setting> settings() {
        List<Setting> settings = new ArrayList<>();
        settings.add(new Setting("batch", Integer.toString(batch)));
        settings.add(new Setting("epochs", Integer.toString(epochs)));
        if (!hidden.isEmpty()) {
            settings.add(new Setting("network.hidden", hidden.toString()));
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
        return String.join(" ", taken);
    }
}
