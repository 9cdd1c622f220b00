package io.dfc.bench.measure;

import io.dfc.api.spi.Support;

import java.util.EnumSet;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.ToDoubleBiFunction;

/** A machine that computes nothing, but lets its clock advance by what that would have taken. */
final class VirtualMachine implements Machine {
    private static final double START_SECONDS = 5;
    private static final double PEAK_SECONDS = 0.5;
    private static final double OPEN_SECONDS = 0.03;
    private static final double RUN_SECONDS = 1e-4;
    private static final double COMPILING_SECONDS = 0.5;
    private static final double COLD_FACTOR = 20;

    /** Part of the rate that a network reaches which is too small to fill the machine. */
    private static final double SMALL_PART = 0.2;

    private final double rate;
    private final int tile;
    private final ToDoubleBiFunction<BenchCase, Size> operations;
    private final Set<Workload> compiled = EnumSet.noneOf(Workload.class);
    private boolean compiling;
    private double clock = START_SECONDS;

    /**
     * A machine.
     *
     * @param rate operations per second
     * @param tile fewer samples than this take as long
     * @param operations what it computes in a minibatch
     */
    VirtualMachine(double rate, int tile, ToDoubleBiFunction<BenchCase, Size> operations) {
        this.rate = rate;
        this.tile = tile;
        this.operations = operations;
    }

    @Override
    public String backend() {
        return "virtual";
    }

    @Override
    public String device() {
        return "nothing";
    }

    @Override
    public int threads() {
        return 1;
    }

    synchronized void advance(double seconds) {
        clock += seconds;
    }

    @Override
    public synchronized double seconds() {
        return clock;
    }

    @Override
    public OptionalDouble measurePeak() {
        advance(PEAK_SECONDS);
        return OptionalDouble.of(rate);
    }

    @Override
    public Support supports(BenchCase benchCase) {
        return new Support.Supported();
    }

    @Override
    public Trial open(BenchCase benchCase, Size size) {
        advance(OPEN_SECONDS);
        return new Trial() {
            @Override
            public double run() {
                int samples = Math.ceilDiv(size.batch(), tile) * tile;
                Size tiles = new Size(samples, size.steps());
                double part = benchCase.network() == BenchNetwork.SMALL ? SMALL_PART : 1;
                double seconds =
                        RUN_SECONDS + operations.applyAsDouble(benchCase, tiles) / rate / part;
                compiling = !compiled.contains(benchCase.workload());
                if (compiling) {
                    seconds = Math.min(COLD_FACTOR * seconds, seconds + COMPILING_SECONDS);
                    compiled.add(benchCase.workload());
                }
                advance(seconds);
                return seconds;
            }

            @Override
            public int fallbackSamples() {
                return 0;
            }

            @Override
            public double errorEstimate() {
                return 0;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public boolean awaitCompiler(double seconds) {
        if (compiling) {
            advance(Math.min(seconds, COMPILING_SECONDS));
        }
        return compiling;
    }

    @Override
    public void close() {}
}
