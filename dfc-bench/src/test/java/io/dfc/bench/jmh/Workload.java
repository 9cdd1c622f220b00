package io.dfc.bench.jmh;

import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.SplitSizes;
import io.dfc.algorithms.data.synthetic.Glyphs;
import io.dfc.algorithms.run.RunAssembler;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.algorithms.train.TrainingSpec;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Rows;
import io.dfc.api.tensor.Tensor;

import java.util.List;
import java.util.stream.IntStream;

/**
 * An engine at the published MNIST settings (784-256-256-256-10), and minibatches of 128 drawn
 * glyphs for it.
 */
final class Workload implements AutoCloseable {
    private static final int BATCH = 128;

    private final TrainingSpec spec;
    private final Backend backend;
    private final Engine engine;
    private final DataSet data;
    private final List<Minibatch> minibatches;

    /**
     * Compiles the plan and draws minibatches.
     *
     * @param method name of the method, after a slash the solver where it is not the default one
     * @param backendName the backend
     * @param count number of minibatches
     */
    Workload(String method, String backendName, int count) {
        String[] parts = method.split("/", -1);
        List<Setting> solver =
                parts.length > 1 ? List.of(new Setting("solver", parts[1])) : List.of();
        data = Glyphs.generate(new SplitSizes(count * BATCH, 1, 1), Glyphs.DEFAULT_SEED).train();
        spec =
                new RunAssembler(RunConfigurations.load("mnist/" + parts[0], solver), data)
                        .assemble();
        backend =
                Backends.discover()
                        .select(backendName, BackendOptions.defaults(), List.of(spec.plan()))
                        .backend();
        engine = backend.compile(spec.plan());
        minibatches = IntStream.range(0, count).mapToObj(i -> draw(data, i * BATCH)).toList();
        reset();
    }

    private static Minibatch draw(DataSet data, int from) {
        int[] order = IntStream.range(from, from + BATCH).toArray();
        double[] inputs = new double[BATCH * data.inputSize()];
        data.copyInputs(order, 0, BATCH, Rows.of(inputs, data.inputSize()));
        int[] labels = new int[BATCH];
        data.copyLabels(order, 0, BATCH, labels);
        return new Minibatch(
                Tensor.wrap(inputs, BATCH, data.inputSize()), new Targets.Labels(labels));
    }

    /** The samples. */
    DataSet data() {
        return data;
    }

    /** Takes the parameters of the start. */
    void reset() {
        engine.load(new EngineState(spec.initial()));
    }

    TrainingSpec spec() {
        return spec;
    }

    /** The engine's plan, and the steps of its sweeps. */
    LearningPlan learning() {
        return spec.learning();
    }

    Engine engine() {
        return engine;
    }

    List<Minibatch> minibatches() {
        return minibatches;
    }

    @Override
    public void close() {
        engine.close();
        backend.close();
    }
}
