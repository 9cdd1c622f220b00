package io.dfc.bench.faults;

import com.sun.management.UnixOperatingSystemMXBean;

import io.dfc.bench.cli.CommandRun;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Trains for long in one virtual machine, and opens, trains and closes many times; prints heap,
 * threads and open files on the way.
 */
final class Soak {
    private static final int SAMPLES = 20;

    private Soak() {}

    /**
     * What a virtual machine holds.
     *
     * @param heap bytes in use after a collection
     * @param threads live threads
     * @param files open files; 0 where the system does not tell
     */
    private record Sample(long heap, int threads, long files) {
        static Sample now() {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            return new Sample(
                    runtime.totalMemory() - runtime.freeMemory(),
                    ManagementFactory.getThreadMXBean().getThreadCount(),
                    ManagementFactory.getOperatingSystemMXBean()
                                    instanceof UnixOperatingSystemMXBean unix
                            ? unix.getOpenFileDescriptorCount()
                            : 0);
        }
    }

    /**
     * Runs it.
     *
     * @param arguments a folder, seconds of training, number of loops
     */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        train(folder.resolve("long"), Integer.parseInt(arguments[1]));
        loop(folder, Integer.parseInt(arguments[2]));
    }

    /** A single run that goes on to later and later ends; sampled while it learns. */
    private static void train(Path run, int seconds) throws InterruptedException {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        List<Sample> samples = new ArrayList<>();
        Thread sampler =
                Thread.ofPlatform()
                        .daemon()
                        .start(
                                () -> {
                                    while (System.nanoTime() < end) {
                                        try {
                                            Thread.sleep(seconds * 1000L / SAMPLES);
                                        } catch (InterruptedException e) {
                                            return;
                                        }
                                        samples.add(Sample.now());
                                    }
                                });
        int epochs = 0;
        while (System.nanoTime() < end) {
            epochs += 40;
            require(
                    epochs == 40
                            ? CommandRun.train(run, "--epochs", "40")
                            : CommandRun.of(
                                    "train",
                                    "--resume",
                                    run.toString(),
                                    "--epochs",
                                    Integer.toString(epochs)));
        }
        sampler.join();
        report("training of " + seconds + " s, " + epochs + " epochs", samples);
    }

    private static void loop(Path folder, int loops) throws IOException {
        List<Sample> samples = new ArrayList<>();
        Path run = folder.resolve("short");
        for (int i = 1; i <= loops; i++) {
            require(CommandRun.train(run, "--epochs", "1", "--limit", "100"));
            delete(run);
            if (i % Math.max(1, loops / SAMPLES) == 0) {
                samples.add(Sample.now());
            }
        }
        report(loops + " loops", samples);
    }

    private static void require(CommandRun run) {
        if (run.code() != 0) {
            throw new IllegalStateException(run.err());
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** The first third warms up; what follows is compared with the end. */
    private static void report(String what, List<Sample> samples) {
        int third = samples.size() / 3;
        System.out.println(
                what
                        + ": "
                        + largest("then", samples.subList(third, 2 * third))
                        + largest("at the end", samples.subList(2 * third, samples.size())));
    }

    private static String largest(String when, List<Sample> samples) {
        return "%s heap %d KiB threads %d files %d; "
                .formatted(
                        when,
                        samples.stream().mapToLong(Sample::heap).min().orElseThrow() >> 10,
                        samples.stream().mapToInt(Sample::threads).max().orElseThrow(),
                        samples.stream().mapToLong(Sample::files).max().orElseThrow());
    }
}
