package io.dfc.algorithms.train;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.event.TrainingEvents;
import io.dfc.algorithms.measure.MeasuredUpdate;
import io.dfc.algorithms.measure.Measurements;
import io.dfc.algorithms.measure.RunMeasurement;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.Minibatch;

/** Forms the update of one minibatch outside of a run. */
public final class MinibatchProbe {
    private MinibatchProbe() {}

    /**
     * Learns from a minibatch as a run would that begins with it.
     *
     * @param spec what the run does
     * @param engine an engine of the run's plan that holds the network; it steps its parameters, so
     *     that they are to be loaded again afterwards
     * @param samples the minibatch
     * @param measurement which loops are recorded
     * @return the update; its results are valid until the engine is used again
     */
    public static MeasuredUpdate update(
            TrainingSpec spec, Engine engine, Minibatch samples, RunMeasurement measurement) {
        Parameters before = engine.snapshot().parameters();
        EngineMinibatchRun run = new EngineMinibatchRun(engine, measurement, TrainingEvents.none());
        ForwardResult forward = engine.forward(samples);
        run.begin(forward, new RunPosition(spec, 1, 1), new Noise.Generated(spec.seed(), 0), 0, 1);
        spec.learning().training().update().learn(run);
        return new MeasuredUpdate(spec.plan(), 0, samples, before, run.results());
    }

    /**
     * Measures the update of the first minibatch of a run, shuffled as that of its first sweep.
     *
     * @param spec what the run does
     * @param engine an engine of the run's plan that holds the network; it steps its parameters, so
     *     that they are to be loaded again afterwards
     * @param data where the samples come from
     * @param measurement what is measured
     * @return what was measured
     */
    public static Measurements measure(
            TrainingSpec spec, Engine engine, DataSet data, RunMeasurement measurement) {
        Minibatches samples = new Minibatches(data, engine);
        samples.shuffle(spec.seed(), 0);
        measurement.measuresUpdate(0);
        return measurement.measure(update(spec, engine, samples.copy(0), measurement));
    }
}
