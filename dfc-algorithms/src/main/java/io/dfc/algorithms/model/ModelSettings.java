package io.dfc.algorithms.model;

import io.dfc.algorithms.config.LossChoice;
import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataEncoding;
import io.dfc.algorithms.method.RecordCopy;
import io.dfc.algorithms.run.PlainEncoding;
import io.dfc.algorithms.run.Predictor;
import io.dfc.algorithms.run.RunAssembler;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Layer;
import io.dfc.api.network.Network;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backends;

import java.util.ArrayList;
import java.util.List;

/**
 * What a model is created from, as settings of a run.
 *
 * @param network the network
 * @param method the method with what was set of it
 * @param backend where it computes
 * @param seed seed of everything that is drawn
 */
record ModelSettings(Network network, Method method, Backends.Request backend, long seed) {
    /** In place of the name of a data set that a run could load. */
    static final String MEMORY = "memory";

    private static final double NO_SLOPE = -1;

    /**
     * The settings of a run.
     *
     * @param classes whether there are classes to learn, otherwise numbers
     * @param base settings that replace the documented defaults
     * @param more settings that replace what the user has set
     */
    RunConfiguration configuration(boolean classes, List<Setting> base, List<Setting> more) {
        List<Setting> settings = new ArrayList<>(method.settings());
        settings.addAll(ofNetwork());
        settings.add(Setting.text("backend", backend.name()));
        settings.add(new Setting("threads", Integer.toString(backend.options().threads())));
        settings.add(new Setting("seed", Long.toString(seed)));
        LossChoice loss = classes ? LossChoice.CROSS_ENTROPY : LossChoice.MSE;
        settings.add(new Setting("loss", loss.label()));
        settings.addAll(more);
        RunConfiguration configuration =
                RunConfigurations.forRun(MEMORY, method.name(), base, settings);
        return method.record()
                .map(record -> withRecord(configuration, record))
                .orElse(configuration);
    }

    /** The method checks its settings once more, as they come from the caller. */
    private RunConfiguration withRecord(RunConfiguration configuration, Record record) {
        return RunConfigurations.with(
                RecordCopy.with(configuration, "settings", record), method.settings());
    }

    private List<Setting> ofNetwork() {
        List<Layer> hidden = network.layers().subList(0, network.depth() - 1);
        List<String> labels = hidden.stream().map(l -> l.activation().label()).toList();
        List<Setting> settings = new ArrayList<>();
        settings.add(
                new Setting(
                        "network.hidden", hidden.stream().map(Layer::size).toList().toString()));
        settings.add(
                new Setting(
                        "network.activations", labels.isEmpty() ? "[linear]" : labels.toString()));
        settings.add(
                new Setting(
                        "network.output-activation",
                        network.activation(network.depth() - 1).label()));
        settings.add(new Setting("network.output-units", Integer.toString(network.outputs())));
        settings.add(new Setting("network.bias", Boolean.toString(network.bias())));
        double slope = slope();
        if (slope != NO_SLOPE) {
            settings.add(new Setting("network.leaky-relu-slope", Double.toString(slope)));
        }
        return settings;
    }

    private double slope() {
        double slope = NO_SLOPE;
        for (Layer layer : network.layers()) {
            if (layer.activation() instanceof Activation.LeakyRelu(double own)) {
                if (slope != NO_SLOPE && slope != own) {
                    throw new BadConfigurationException(
                            "network",
                            "leaky rectifiers of one model have one slope, got "
                                    + slope
                                    + " and "
                                    + own);
                }
                slope = own;
            }
        }
        return slope;
    }

    /**
     * Plans that tell which backend will do, before samples tell the loss: of learning and of
     * predicting.
     *
     * @throws BadConfigurationException if the method cannot be planned for the network, whatever
     *     the loss
     */
    List<Plan> plans() {
        boolean classes = network.outputs() > 1;
        try {
            return plans(classes);
        } catch (BadConfigurationException e) {
            try {
                return plans(!classes);
            } catch (BadConfigurationException _) {
                throw e;
            }
        }
    }

    private List<Plan> plans(boolean classes) {
        RunConfiguration plain = configuration(classes, List.of(), List.of());
        List<String> inputs = PlainEncoding.names("x", network.inputs());
        List<String> outputs = PlainEncoding.names("y", network.outputs());
        DataEncoding encoding =
                classes
                        ? PlainEncoding.ofClasses(inputs, outputs)
                        : PlainEncoding.ofNumbers(inputs, outputs);
        RunAssembler assembler = new RunAssembler(plain, Predictor.example(encoding));
        return List.of(assembler.learning().plan(), assembler.evaluationPlan());
    }
}
