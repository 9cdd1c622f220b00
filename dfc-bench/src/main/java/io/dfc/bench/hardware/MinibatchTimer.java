package io.dfc.bench.hardware;

import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackwardPass;
import io.dfc.api.spi.ControlPass;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.FeedbackPass;
import io.dfc.api.spi.Minibatch;

import java.util.List;

/** Times one minibatch of one case at one size, as often as wanted. */
final class MinibatchTimer implements Trial {
    private static final double NANO = 1e-9;
    private static final long NOISE_SEED = 42;

    private final Engine engine;
    private final Minibatch minibatch;
    private final Workload.Phase phase;
    private int number;
    private int simulated;
    private double errorEstimate;
    private double gradientNorm;

    private MinibatchTimer(BenchCase benchCase, Size size, Engine engine) {
        minibatch = benchCase.samples().minibatch(size.batch());
        phase = benchCase.workload().phase();
        this.engine = engine;
    }

    /** A timer for a case of one network. */
    MinibatchTimer(Backend backend, BenchCase benchCase, Parameters parameters, Size size) {
        this(benchCase, size, backend.compile(benchCase.at(size)));
        load(parameters);
    }

    /** Timers for the networks of a case, each to be loaded by the thread that runs it. */
    static List<MinibatchTimer> all(Backend backend, BenchCase benchCase, Size size) {
        int networks = benchCase.plan().replicas();
        return backend.compileReplicas(benchCase.at(size).withReplicas(networks)).stream()
                .map(engine -> new MinibatchTimer(benchCase, size, engine))
                .toList();
    }

    void load(Parameters parameters) {
        engine.load(new EngineState(parameters));
    }

    @Override
    public double run() {
        // Noise that differs, so that nothing of the last run can be used again.
        Noise noise = new Noise.Generated(NOISE_SEED, ++number);
        long start = System.nanoTime();
        engine.forward(minibatch);
        switch (phase) {
            case CONTROL -> {
                ControlPass pass = engine.control(noise);
                gradientNorm = pass.gradientNorm(0, 0);
                simulated = pass.simulated();
                errorEstimate = pass.errorEstimate();
            }
            case FEEDBACK -> {
                FeedbackPass pass = engine.feedback(noise);
                gradientNorm = pass.gradientNorm(0);
                simulated = pass.simulated();
                errorEstimate = pass.errorEstimate();
            }
            case BACKWARD -> {
                BackwardPass pass = engine.backward();
                gradientNorm = pass.gradientNorm(0);
            }
        }
        return (System.nanoTime() - start) * NANO;
    }

    @Override
    public int simulated() {
        return simulated;
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
