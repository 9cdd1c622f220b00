package io.dfc.algorithms.train;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.measure.MeasuredUpdate;
import io.dfc.algorithms.measure.Measurements;
import io.dfc.algorithms.measure.RunMeasurement;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.ForwardResult;

/** Measures a network by what it would learn from one minibatch. */
public final class MinibatchProbe {
    private MinibatchProbe() {}

    /**
     * Learns from one minibatch, shuffled as that of the first sweep of a run, and measures its
     * update.
     *
     * @param spec what the run does
     * @param engine an engine of the run's plan that holds the network; it steps its parameters, so
     *     it is of no use afterwards
     * @param data where the samples come from
     * @param measurement what is measured
     * @return what was measured
     */
    public static Measurements measure(
            TrainingSpec spec, Engine engine, DataSet data, RunMeasurement measurement) {
        Minibatches samples = new Minibatches(data, engine);
        samples.shuffle(spec.seed(), 0);
        measurement.measuresUpdate(0);
        Parameters before = engine.snapshot().parameters();
        EngineMinibatchRun run = new EngineMinibatchRun(engine, measurement);
        ForwardResult forward = engine.forward(samples.get(0));
        run.begin(forward, new RunPosition(spec, 1, 1), new Noise.Generated(spec.seed(), 0), 0, 1);
        spec.learning().training().update().learn(run);
        return measurement.measure(
                new MeasuredUpdate(spec.plan(), 0, samples.copy(0), before, run.results()));
    }
}
