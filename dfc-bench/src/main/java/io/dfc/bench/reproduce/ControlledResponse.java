package io.dfc.bench.reproduce;

import static java.util.stream.Collectors.toList;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.MinibatchCopy;
import io.dfc.algorithms.method.dfc.DfcSettings;
import io.dfc.algorithms.run.RunAssembler;
import io.dfc.algorithms.train.Trainer;
import io.dfc.algorithms.train.TrainingSpec;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Recording;
import io.dfc.api.trajectory.Trajectory;
import io.dfc.api.trajectory.Variable;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The trajectory of a minibatch under control, after the feedback weights were trained: what Fig.
 * 1D shows of one network.
 *
 * @param seed seed of the network
 * @param time time points {@code t}, in units of tau_u
 * @param target change {@code r* - r_L^-} that each sample's target asks for
 * @param output change {@code r_L(t) - r_L^-} of each sample's output
 * @param control control signal {@code u(t)} of each sample
 * @param error {@code |e(t)| / |e(0)|}, mean over the minibatch
 */
record ControlledResponse(
        long seed,
        double[] time,
        double[] target,
        double[][] output,
        double[][] control,
        double[] error) {
    private static final String CONFIGURATION = "toy/fig1d";
    private static final int QUICK_PRETRAINING = 10;

    /**
     * Trains the feedback weights and records the loop.
     *
     * @param lab where it runs
     * @param seed seed of the network
     * @param shown samples whose trajectories are kept, the first of the training set
     * @return the trajectories
     */
    static ControlledResponse of(Lab lab, long seed, int shown) {
        RunConfiguration published = lab.configuration(CONFIGURATION, seed);
        int pretraining =
                lab.scale()
                        .epochs(
                                published
                                        .settings(DfcSettings.class)
                                        .feedback()
                                        .pretrainingEpochs(),
                                QUICK_PRETRAINING);
        RunConfiguration configuration =
                lab.configuration(
                        CONFIGURATION,
                        seed,
                        new Setting("epochs", "0"),
                        new Setting("solver", "euler"),
                        new Setting("feedback.pretraining-epochs", Integer.toString(pretraining)));
        DataSplits data = lab.data(configuration);
        TrainingSpec spec = new RunAssembler(configuration, data.train()).assemble();
        lab.say("fig1d, seed " + seed + ": feedback weights learn for " + pretraining + " epochs");
        try (Backend backend = lab.open(spec.plan());
                Engine engine = backend.compile(spec.plan())) {
            engine.load(new Trainer(spec, data, List.of()).run(backend).snapshot().state());
            return record(engine, spec, data.train(), seed, shown);
        }
    }

    private static ControlledResponse record(
            Engine engine, TrainingSpec spec, DataSet samples, long seed, int shown) {
        ForwardResult forward =
                engine.forward(MinibatchCopy.first(samples, spec.plan().maxBatch()));
        LoopHandle loop = spec.learning().forwardLoop().orElseThrow();
        Tensor feedforward = forward.rate(spec.plan().network().depth() - 1);
        Tensor target = forward.outputTarget(loop);
        int points = loop.phase().dynamics().timePoints();
        Trajectory trajectory =
                engine.run(
                                loop,
                                Noise.none(),
                                new Recording(
                                        Set.of(
                                                Variable.RATE,
                                                Variable.CONTROL,
                                                Variable.ERROR_NORM),
                                        IntStream.range(0, points).boxed().collect(toList()),
                                        true))
                        .trajectory();
        double step = loop.phase().dynamics().timeStep();
        Tensor error = trajectory.recorded(Variable.ERROR_NORM).getFirst();
        int batch = error.dim(1);
        return new ControlledResponse(
                seed,
                IntStream.range(0, points).mapToDouble(k -> k * step).toArray(),
                IntStream.range(0, shown)
                        .mapToDouble(s -> target.get(s) - feedforward.get(s))
                        .toArray(),
                samples(trajectory.recorded(Variable.RATE).getLast(), shown),
                samples(trajectory.recorded(Variable.CONTROL).getFirst(), shown),
                IntStream.range(0, points)
                        .mapToDouble(
                                k ->
                                        IntStream.range(0, batch)
                                                .mapToDouble(
                                                        b ->
                                                                error.get(k * batch + b)
                                                                        / error.get(b))
                                                .average()
                                                .orElseThrow())
                        .toArray());
    }

    /** Trajectories of the first samples, of shape [S, B, 1]. */
    private static double[][] samples(Tensor values, int shown) {
        int batch = values.dim(1);
        return IntStream.range(0, shown)
                .mapToObj(
                        s ->
                                IntStream.range(0, values.dim(0))
                                        .mapToDouble(k -> values.get(k * batch + s))
                                        .toArray())
                .toArray(double[][]::new);
    }
}
