package io.dfc.bench.hardware;

import io.dfc.api.network.Parameters;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Support;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Measures a backend within a bound on time, whatever its speed.
 *
 * <p>Time is shared out among the cases in proportion to their work. A case starts as a single
 * sample and grows while the last measurement promises that warm-up and some repetitions fit its
 * share; on a device that is fast enough it reaches its declared size.
 */
public final class HardwareBench {
    private static final double GIGA = 1e9;
    private static final double NANO = 1e-9;

    /** Seconds for all cases together; the peak and the start of the program come on top. */
    private static final double TOTAL_SECONDS = 45;

    /** Part of its share that one minibatch of a case may take. */
    private static final double LARGEST_PART = 1.0 / 2;

    /** Growth by which one measurement is trusted to foretell the next. */
    private static final double LARGEST_GROWTH = 32;

    /** Work that even the cheapest case is given time for: a compiler has to warm up. */
    private static final double SMALLEST_WEIGHT = 1e10;

    /** Work of a simulation that a solver with a shorter way is given time for. */
    private static final double LARGEST_FALLBACK = 7e10;

    /** Without improvement for so long, a workload counts as compiled. */
    private static final double SETTLED_SECONDS = 0.25;

    private static final double SETTLING_SECONDS = 1.5;
    private static final double IMPROVEMENT = 0.9;
    private static final Size SETTLING_SIZE = new Size(128, 20);
    private static final double PILOT_SECONDS = 0.15;
    private static final double WARM_UP_SECONDS = 0.4;
    private static final double MEASURED_SECONDS = 0.3;
    private static final int PILOT_RUNS = 10;
    private static final int REPETITIONS = 3;
    private static final int MAX_REPETITIONS = 10_000;

    private final Backend backend;
    private final String version;
    private final Consumer<String> progress;
    private long deadline;

    /**
     * A bench.
     *
     * @param backend an open backend
     * @param version version of the program, for the report
     * @param progress is told what is about to be measured
     */
    public HardwareBench(Backend backend, String version, Consumer<String> progress) {
        this.backend = backend;
        this.version = version;
        this.progress = progress;
    }

    /**
     * Measures the peak and then every case that the backend supports.
     *
     * @param cases the cases, network by network
     * @return the measurements
     */
    public BenchReport run(List<BenchCase> cases) {
        progress.accept("peak");
        double peak = backend.measurePeak() / GIGA;
        deadline = System.nanoTime() + (long) (TOTAL_SECONDS / NANO);
        progress.accept("nothing yet: the virtual machine compiles");
        BenchCase.of(
                        List.of(BenchNetwork.SMALL),
                        cases.stream().map(BenchCase::workload).distinct().toList())
                .forEach(this::settle);
        List<BenchRow> rows = new ArrayList<>();
        List<BenchReport.Declined> declined = new ArrayList<>();
        double weightLeft = cases.stream().mapToDouble(HardwareBench::weight).sum();
        BenchNetwork network = null;
        Parameters parameters = null;
        for (BenchCase c : cases) {
            if (c.network() != network) {
                network = c.network();
                parameters = c.parameters();
            }
            double share = Math.max(0, secondsLeft()) * weight(c) / weightLeft;
            weightLeft -= weight(c);
            if (backend.supports(c.plan()) instanceof Support.Declined(String reason)) {
                declined.add(
                        new BenchReport.Declined(
                                c.network().label(), c.workload().label(), reason));
            } else {
                progress.accept(c.network().label() + " " + c.workload().label());
                rows.add(measure(c, parameters, share, peak));
            }
        }
        return new BenchReport(
                version,
                backend.device().description(),
                backend.name(),
                backend.threads(),
                peak,
                rows,
                declined);
    }

    /**
     * Runs a small case until it gets no faster: what has not been compiled can be a thousand times
     * slower, and would foretell that nothing larger fits.
     */
    private void settle(BenchCase c) {
        if (!backend.supports(c.plan()).isSupported()) {
            return;
        }
        Size size = c.workload().isTimed() ? SETTLING_SIZE : new Size(SETTLING_SIZE.batch(), 0);
        try (MinibatchTimer timer = new MinibatchTimer(backend, c, c.parameters(), size)) {
            double least = Double.POSITIVE_INFINITY;
            double sinceLeast = 0;
            for (double spent = 0; spent < SETTLING_SECONDS && sinceLeast < SETTLED_SECONDS; ) {
                double seconds = timer.run();
                spent += seconds;
                sinceLeast += seconds;
                if (seconds < IMPROVEMENT * least) {
                    least = seconds;
                    sinceLeast = 0;
                }
            }
        }
    }

    private static double weight(BenchCase c) {
        Size declared = c.declared();
        double fallback = Math.min(LARGEST_FALLBACK, c.operationsWhenSimulated(declared));
        return Math.max(SMALLEST_WEIGHT, Math.max(c.operations(declared), fallback));
    }

    private double secondsLeft() {
        return (deadline - System.nanoTime()) * NANO;
    }

    private BenchRow measure(BenchCase c, Parameters parameters, double share, double peak) {
        long start = System.nanoTime();
        double limit = share * LARGEST_PART;
        List<Size> ladder = c.declared().ladder();
        int chosen = ladder.size() - 1;
        while (true) {
            Size size = ladder.get(chosen);
            try (MinibatchTimer timer = new MinibatchTimer(backend, c, parameters, size)) {
                double seconds = pilot(timer, limit);
                int larger = grow(c, ladder, chosen, limit / seconds);
                if (larger == chosen) {
                    double left = share - (System.nanoTime() - start) * NANO;
                    return row(c, size, timer, median(timer, seconds, left), peak);
                }
                chosen = larger;
            }
        }
    }

    /**
     * The least of a few times, since the first runs of a program are slow; a single one where that
     * is fast enough to go on.
     */
    private static double pilot(MinibatchTimer timer, double limit) {
        double least = timer.run();
        double spent = least;
        for (int i = 1;
                i < PILOT_RUNS && spent < PILOT_SECONDS && least * LARGEST_GROWTH > limit;
                i++) {
            double seconds = timer.run();
            spent += seconds;
            least = Math.min(least, seconds);
        }
        return least;
    }

    /**
     * The largest size that is promised to be within the limit even if the solver falls back to
     * simulation there; where it does not, the next measurement promises more.
     */
    private static int grow(BenchCase c, List<Size> ladder, int current, double factor) {
        double limit =
                Math.min(LARGEST_GROWTH, factor) * c.operationsWhenSimulated(ladder.get(current));
        for (int i = 0; i < current; i++) {
            if (c.operationsWhenSimulated(ladder.get(i)) <= limit) {
                return i;
            }
        }
        return current;
    }

    private static double median(MinibatchTimer timer, double pilotSeconds, double left) {
        double warm = pilotSeconds;
        for (double spent = pilotSeconds;
                spent + warm < Math.min(WARM_UP_SECONDS, left);
                spent += warm) {
            warm = timer.run();
        }
        double[] seconds = new double[MAX_REPETITIONS];
        int n = 0;
        double spent = 0;
        do {
            seconds[n] = timer.run();
            spent += seconds[n++];
        } while (n < MAX_REPETITIONS
                && (n < REPETITIONS ? spent + spent / n < left : spent < MEASURED_SECONDS));
        double[] sorted = Arrays.copyOf(seconds, n);
        Arrays.sort(sorted);
        return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }

    private BenchRow row(
            BenchCase c, Size size, MinibatchTimer timer, double seconds, double peak) {
        double gflops = c.operations(size) / seconds / GIGA;
        return new BenchRow(
                backend.name(),
                c.network().label(),
                c.workload().label(),
                size.batch(),
                size.steps(),
                backend.threads(),
                seconds,
                gflops,
                gflops / peak,
                timer.simulated(),
                timer.errorEstimate());
    }
}
