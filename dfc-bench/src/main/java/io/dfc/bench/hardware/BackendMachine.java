package io.dfc.bench.hardware;

import io.dfc.api.network.Parameters;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Plan;
import io.dfc.api.spi.Support;

/** A backend on this machine. */
final class BackendMachine implements Machine {
    private static final double NANO = 1e-9;

    private final Backend backend;
    private final long start;
    private final CompilerWatch compiler = new CompilerWatch();
    private BenchNetwork network;
    private Parameters parameters;

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
    public double measurePeak() {
        return backend.measurePeak();
    }

    @Override
    public Support supports(Plan plan) {
        return backend.supports(plan);
    }

    @Override
    public Trial open(BenchCase benchCase, Size size) {
        if (benchCase.network() != network) {
            network = benchCase.network();
            parameters = benchCase.parameters();
        }
        return benchCase.plan().replicas() == 1
                ? new MinibatchTimer(backend, benchCase, parameters, size)
                : new SideBySide(MinibatchTimer.all(backend, benchCase, size), parameters);
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
