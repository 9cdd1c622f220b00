package io.dfc.bench.measure;

import io.dfc.algorithms.train.MinibatchGatherer;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.PhaseResult;
import io.dfc.api.spi.ReplicaTraining;
import io.dfc.api.spi.SampleBuffer;

import java.util.List;

/** Times one minibatch of one case at one size, as often as wanted. */
final class MinibatchTimer implements Trial {
    private static final double NANO = 1e-9;
    private static final long NOISE_SEED = 42;

    private final Engine engine;
    private final MinibatchGatherer gatherer;
    private final int[] samples;
    private final PhaseHandle phase;
    private int number;
    private int fallbackSamples;
    private double errorEstimate;
    private double gradientNorm;

    private MinibatchTimer(BenchCase benchCase, Size size, BenchPlan plan, Engine engine) {
        gatherer = new MinibatchGatherer(benchCase.samples().data(), engine);
        samples = benchCase.samples().minibatch(size.batch());
        phase = plan.phase();
        this.engine = engine;
    }

    /** A timer for a case of one network. */
    static MinibatchTimer one(
            Backend backend, BenchCase benchCase, Parameters parameters, Size size) {
        BenchPlan plan = benchCase.at(size);
        MinibatchTimer timer =
                new MinibatchTimer(benchCase, size, plan, backend.compile(plan.plan()));
        timer.load(parameters);
        return timer;
    }

    /** Timers for the networks of a case, each to be loaded by the thread that runs it. */
    static List<MinibatchTimer> all(ReplicaTraining backend, BenchCase benchCase, Size size) {
        BenchPlan plan = benchCase.at(size);
        return backend.compileReplicas(plan.plan(), benchCase.networks()).stream()
                .map(engine -> new MinibatchTimer(benchCase, size, plan, engine))
                .toList();
    }

    void load(Parameters parameters) {
        engine.load(new EngineState(engine.plan().select(parameters)));
    }

    @Override
    public double run() {
        // Noise that differs, so that nothing of the last run can be used again.
        Noise noise = new Noise.Generated(NOISE_SEED, ++number);
        // Before the clock starts, for gathering is work of the data set and not of a backend.
        SampleBuffer gathered = gatherer.gather(samples, 0, samples.length);
        long start = System.nanoTime();
        engine.forward(gathered);
        PhaseResult result =
                switch (phase) {
                    case LoopHandle loop -> {
                        LoopResult of = engine.run(loop, noise);
                        fallbackSamples = of.fallbackSamples();
                        errorEstimate = of.errorEstimate();
                        yield of;
                    }
                    case PerturbationHandle perturbation -> engine.run(perturbation, noise);
                    case ProgramHandle program -> engine.run(program, noise);
                };
        gradientNorm = result.gradientNorm(phase.gradients().getFirst(), 0);
        return (System.nanoTime() - start) * NANO;
    }

    @Override
    public int fallbackSamples() {
        return fallbackSamples;
    }

    @Override
    public double errorEstimate() {
        return errorEstimate;
    }

    /** Norm of the first layer's gradient in the last run; not finite if the loop diverged. */
    double gradientNorm() {
        return gradientNorm;
    }

    @Override
    public void close() {
        engine.close();
    }
}
