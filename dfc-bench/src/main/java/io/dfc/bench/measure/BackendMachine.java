package io.dfc.bench.measure;

import io.dfc.api.network.Parameters;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.PeakMeasuring;
import io.dfc.api.spi.ReplicaTraining;
import io.dfc.api.spi.Support;

import org.jspecify.annotations.Nullable;

import java.util.OptionalDouble;

/** An open backend, with the clock and the compilers of this virtual machine. */
final class BackendMachine implements Machine {
    private static final double NANO = 1e-9;

    private final Backend backend;
    private final long start;
    private final CompilerWatch compiler = new CompilerWatch();

    /** What was measured last; none at first. */
    private @Nullable BenchNetwork network;

    private @Nullable Parameters parameters;

    /**
     * A machine.
     *
     * @param backend an open backend, closed with the machine
     * @param start {@link System#nanoTime} when the command began
     */
    BackendMachine(Backend backend, long start) {
        this.backend = backend;
        this.start = start;
    }

    @Override
    public String backend() {
        return backend.name();
    }

    @Override
    public String device() {
        return backend.device().description();
    }

    @Override
    public int threads() {
        return backend.threads();
    }

    @Override
    public double seconds() {
        return (System.nanoTime() - start) * NANO;
    }

    @Override
    public OptionalDouble measurePeak() {
        return backend instanceof PeakMeasuring measuring
                ? OptionalDouble.of(measuring.measurePeak())
                : OptionalDouble.empty();
    }

    @Override
    public Support supports(BenchCase benchCase) {
        Plan plan = benchCase.plan();
        int networks = benchCase.networks();
        if (networks == 1) {
            return backend.supports(plan);
        }
        return backend instanceof ReplicaTraining replicas
                ? replicas.supports(plan, networks)
                : new Support.Declined(
                        "it trains one network at a time, not " + networks + " at once");
    }

    @Override
    public Trial open(BenchCase benchCase, Size size) {
        // Backpropagation draws no feedback weights, so that its parameters will not do for all.
        Parameters shared = parameters;
        if (benchCase.network() != network || shared == null || missesGroups(benchCase, shared)) {
            network = benchCase.network();
            shared = benchCase.parameters();
            parameters = shared;
        }
        return benchCase.networks() == 1
                ? MinibatchTimer.one(backend, benchCase, shared, size)
                : new ReplicaTimer(
                        MinibatchTimer.all((ReplicaTraining) backend, benchCase, size), shared);
    }

    private static boolean missesGroups(BenchCase benchCase, Parameters parameters) {
        return benchCase.learning().plan().groups().stream()
                .anyMatch(g -> g.tensors() > 0 && parameters.group(g.name()).size() != g.tensors());
    }

    @Override
    public boolean awaitCompiler(double seconds) {
        return compiler.await(seconds);
    }

    @Override
    public void close() {
        backend.close();
    }
}
