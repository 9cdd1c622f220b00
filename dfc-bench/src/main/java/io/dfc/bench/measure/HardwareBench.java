package io.dfc.bench.measure;

import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Support;

import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Measures a backend in less than a minute, whatever its speed.
 *
 * <p>The time is shared out among the cases; {@link Schedule} and {@link SizePlan} hold the rules.
 * A run that has begun cannot be stopped, and how long it takes is only predicted, so a thread of
 * its own measures, and no other waits for that thread beyond the limit.
 */
public final class HardwareBench {
    /** Seconds after the command's start at which no further measurement begins. */
    static final double BUDGET_SECONDS = 52;

    /** Seconds after the command's start at which a measurement that still runs is given up. */
    private static final double LIMIT_SECONDS = 56;

    private static final double WARM_UP_SECONDS = 3;

    /** Part of the time left that warming up one workload may take. */
    private static final double WARM_UP_PART = 0.1;

    /** Part of a case's time that measuring the peak next to it may take, each time. */
    private static final double PEAK_PART = 0.1;

    private static final Size WARM_UP_SIZE = new Size(32, 20);
    private static final double MILLI = 1e-3;

    private final Machine machine;
    private final double limit;
    private final String version;
    private final Consumer<String> progress;

    /** Seconds that measuring the peak took the last time. */
    private double peakSeconds;

    /** The best rate of any case so far, in operations per second. */
    private double rate;

    /**
     * A bench.
     *
     * @param backend an open backend, which {@link #run} closes when it is done with it
     * @param start {@link System#nanoTime} when the command began
     * @param version version of the program, for the report
     * @param progress is told what is about to be measured, by another thread
     */
    public HardwareBench(Backend backend, long start, String version, Consumer<String> progress) {
        this(new BackendMachine(backend, start), LIMIT_SECONDS, version, progress);
    }

    HardwareBench(Machine machine, double limit, String version, Consumer<String> progress) {
        this.machine = machine;
        this.limit = limit;
        this.version = version;
        this.progress = progress;
    }

    /**
     * Measures the peak and then every case that the backend supports.
     *
     * @param cases the cases
     * @return the measurements
     */
    public BenchReport run(List<BenchCase> cases) {
        BenchLog log = new BenchLog(cases);
        FutureTask<Void> task =
                new FutureTask<>(
                        () -> {
                            try (machine) {
                                measure(cases, log);
                            }
                        },
                        null);
        Thread thread = new Thread(task, "dfc-bench");
        thread.setDaemon(true);
        double left = Math.max(0, limit - machine.seconds());
        thread.start();
        try {
            task.get((long) (left / MILLI), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            progress.accept("no more: the time is over");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            switch (Objects.requireNonNull(e.getCause())) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                default -> throw new IllegalStateException(e.getCause());
            }
        }
        return log.report(machine, version);
    }

    private void measure(List<BenchCase> cases, BenchLog log) {
        progress.accept("peak");
        measurePeak(log);
        // Again, to see how long it takes once it is compiled.
        measurePeak(log);
        BenchCase.of(
                        List.of(BenchNetwork.SMALL),
                        cases.stream().map(BenchCase::workload).distinct().toList(),
                        BenchScale.USUAL)
                .forEach(this::warmUp);
        List<Integer> order = Schedule.order(cases);
        List<BenchCase> ordered = order.stream().map(cases::get).toList();
        for (int i = 0; i < ordered.size(); i++) {
            BenchCase c = ordered.get(i);
            int number = order.get(i);
            if (machine.supports(c) instanceof Support.Declined(String reason)) {
                log.outcome(number, new Outcome.Declined(reason));
            } else if (left() > 0) {
                progress.accept(c.label() + " " + c.workload().label());
                double left = left();
                double share = Schedule.share(left, ordered.subList(i, ordered.size()));
                boolean nearby = peakSeconds <= PEAK_PART * share;
                OptionalDouble before = nearby ? measurePeak(log) : OptionalDouble.empty();
                Outcome outcome = new CaseRun(machine, c, share, left).run(rate);
                if (outcome instanceof Outcome.Measured(Timing timing)) {
                    seen(c, timing.size(), timing.seconds());
                    if (before.isPresent()) {
                        OptionalDouble after = measurePeak(log);
                        log.nearbyPeak(number, (before.getAsDouble() + after.orElseThrow()) / 2);
                    }
                }
                log.outcome(number, outcome);
            }
            boolean last = i == ordered.size() - 1 || ordered.get(i + 1).network() != c.network();
            if (last && left() > 0) {
                // Again, because another program may have used the processor the first time.
                measurePeak(log);
            }
        }
    }

    private OptionalDouble measurePeak(BenchLog log) {
        double start = machine.seconds();
        OptionalDouble peak = machine.measurePeak();
        peakSeconds = machine.seconds() - start;
        peak.ifPresent(log::peak);
        return peak;
    }

    private double left() {
        return BUDGET_SECONDS - machine.seconds();
    }

    private void seen(BenchCase c, Size size, double seconds) {
        rate = Math.max(rate, c.operations(size) / seconds);
    }

    /**
     * Runs a small case until it gets no faster: code that has not been compiled can be a thousand
     * times slower, and its time would say that nothing larger fits.
     */
    private void warmUp(BenchCase c) {
        if (!machine.supports(c).isSupported()) {
            return;
        }
        progress.accept("nothing yet: the virtual machine compiles " + c.workload().label());
        Size size = c.workload().isTimed() ? WARM_UP_SIZE : new Size(WARM_UP_SIZE.batch(), 0);
        try (Trial trial = machine.open(c, size)) {
            double longest = Math.min(WARM_UP_SECONDS, WARM_UP_PART * left());
            // The first run may be longer than that, where a device's compiler is at work in it.
            double first = trial.run();
            double second = trial.run();
            seen(c, size, WarmUp.run(machine, trial, Math.min(first, second), longest));
        }
    }
}
