package io.dfc.algorithms.run;

import io.dfc.algorithms.config.ForwardSection;
import io.dfc.algorithms.config.Method;
import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.TableEncoding;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Settings that suit data of the user, by their size: those of the published runs are for 55,000
 * images. A table of a hundred rows needs small minibatches, or there would be one step per epoch,
 * many epochs and one hidden layer, whose feedback weights begin as the product of its forward
 * weights, as there are too few steps to learn them first. That layer is wide: each of its units
 * then has little to do and stays where it is nearly linear. Adam's epsilon is large enough for
 * weights without a clear gradient to stay where they are. Learning rates fall to zero and weights
 * decay a little, so that what is linear is learnt as well as by a linear model, and the last epoch
 * counts. A folder of images keeps network and rates.
 *
 * @param batch samples in a minibatch
 * @param epochs number of epochs
 * @param hidden sizes of the hidden layers; empty to leave network and rates as they are
 * @param learningRate learning rate of the forward weights
 * @param epsilon Adam's epsilon for the forward weights
 * @param weightDecay decay of the forward weights
 */
record OwnDefaults(
        int batch,
        int epochs,
        List<Integer> hidden,
        double learningRate,
        double epsilon,
        double weightDecay) {
    private static final int SMALLEST_BATCH = 16;
    private static final int LARGEST_BATCH = 128;

    /** Minibatches of an epoch up to which the minibatches stay the smallest. */
    private static final int MINIBATCHES = 128;

    /** Steps of the forward weights that a run should have. */
    private static final int STEPS = 4000;

    private static final int FEWEST_EPOCHS = 10;
    private static final int MOST_EPOCHS = 80;
    private static final int MOST_EPOCHS_OF_TABLE = 120;
    private static final List<Integer> WIDE_NETWORK = List.of(128);
    private static final List<Integer> DEEP_NETWORK = List.of(64, 64);
    private static final int MANY_ROWS = 5000;

    private static final double RATE_OF_WIDE = 0.009;
    private static final double RATE_OF_DEEP = 0.006;
    private static final String SCHEDULE = "linear";
    private static final String FEEDBACK = "weight-product";

    /** The nudge of a sample, and so the gradient, is divided by the size of the minibatch. */
    private static final double EPSILON_WHEN_CONTROLLED = 0.0016;

    private static final double EPSILON_OF_BACKPROPAGATION = 0.01;
    private static final double EPSILON_OF_DEEP = 1e-8;

    /** Decay is added to the gradient, and the updates of a nudged network are small. */
    private static final double DECAY_WHEN_CONTROLLED = 0.00005;

    private static final double DECAY_OF_BACKPROPAGATION = 0.005;

    static OwnDefaults of(DataSplits data, Method method) {
        DataSet train = data.train();
        int batch = SMALLEST_BATCH;
        while (batch < LARGEST_BATCH && (long) batch * MINIBATCHES < train.size()) {
            batch *= 2;
        }
        int minibatches = Math.max(1, (train.size() + batch - 1) / batch);
        boolean table = data.encoding().filter(TableEncoding.class::isInstance).isPresent();
        int epochs =
                Math.clamp(
                        (STEPS + minibatches - 1) / minibatches,
                        FEWEST_EPOCHS,
                        table ? MOST_EPOCHS_OF_TABLE : MOST_EPOCHS);
        boolean wide = train.size() < MANY_ROWS;
        List<Integer> network = wide ? WIDE_NETWORK : DEEP_NETWORK;
        double epsilon =
                !wide
                        ? EPSILON_OF_DEEP
                        : method.isControlled()
                                ? EPSILON_WHEN_CONTROLLED / batch
                                : EPSILON_OF_BACKPROPAGATION;
        return new OwnDefaults(
                batch,
                epochs,
                table ? network : List.of(),
                wide ? RATE_OF_WIDE : RATE_OF_DEEP,
                epsilon,
                method.isControlled() ? DECAY_WHEN_CONTROLLED : DECAY_OF_BACKPROPAGATION);
    }

    List<Setting> settings() {
        List<Setting> settings = new ArrayList<>();
        settings.add(new Setting("batch", Integer.toString(batch)));
        settings.add(new Setting("epochs", Integer.toString(epochs)));
        if (!hidden.isEmpty()) {
            settings.add(new Setting("network.hidden", hidden.toString()));
            settings.add(new Setting("feedback.initialization", FEEDBACK));
            settings.add(new Setting("forward.learning-rate", "[" + learningRate + "]"));
            settings.add(new Setting("forward.epsilon", "[" + plain(epsilon) + "]"));
            settings.add(new Setting("forward.schedule", SCHEDULE));
            settings.add(new Setting("forward.weight-decay", plain(weightDecay)));
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
        if (!hidden.isEmpty()) {
            addOfTable(taken, configuration);
        }
        return String.join(" ", taken);
    }

    private static String plain(double value) {
        return BigDecimal.valueOf(value).toPlainString();
    }

    private void addOfTable(List<String> taken, RunConfiguration configuration) {
        if (configuration.network().hidden().equals(hidden)) {
            taken.add("--hidden " + hidden.toString().replaceAll("[\\[\\] ]", ""));
        }
        ForwardSection forward = configuration.forward();
        if (forward.learningRate().equals(List.of(learningRate))) {
            taken.add("--set forward.learning-rate=" + learningRate);
        }
        if (forward.epsilon().equals(List.of(epsilon))) {
            taken.add("--set forward.epsilon=" + plain(epsilon));
        }
        if (forward.schedule().equals(SCHEDULE)) {
            taken.add("--set forward.schedule=" + SCHEDULE);
        }
        if (forward.weightDecay() == weightDecay) {
            taken.add("--set forward.weight-decay=" + plain(weightDecay));
        }
        if (configuration.method().isControlled()
                && configuration.feedback().initialization().equals(FEEDBACK)) {
            taken.add("--set feedback.initialization=" + FEEDBACK);
        }
    }
}
