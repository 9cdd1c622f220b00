package io.dfc.cpu.simd.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.cpu.simd.kernel.Simd;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * No phase allocates once it is warm, on the caller's thread or on a helper's. In processes of
 * their own, since what the compiler makes of vectors differs from one to the next.
 */
@Tag("slow")
class AllocationTest {
    private static final Path TASKSET = Path.of("/usr/bin/taskset");

    /** A kind of process. */
    enum Kind {
        /** As programs are started. */
        PLAIN,

        /** The compiler has to share a core with what it compiles. */
        STARVED,

        /** Vectors of half the length. */
        NARROW,

        /** The compiler may not guess classes from what it has seen. */
        UNGUESSED;

        private List<String> options() {
            return switch (this) {
                case PLAIN -> List.of();
                case STARVED -> List.of("-XX:ActiveProcessorCount=1");
                case NARROW ->
                        List.of("-D" + Simd.WIDTH_PROPERTY + "=" + Simd.SHAPE.vectorBitSize() / 2);
                case UNGUESSED -> List.of("-XX:-UseTypeProfile");
            };
        }

        private List<String> arguments() {
            return switch (this) {
                case PLAIN, STARVED -> List.of("2");
                case NARROW -> List.of("1");
                case UNGUESSED -> List.of("1", "quiet");
            };
        }

        List<String> command() {
            List<String> command = new ArrayList<>();
            String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
            if (this == STARVED && Files.isExecutable(TASKSET)) {
                command.addAll(List.of(TASKSET.toString(), "-c", "0", java));
            } else {
                command.add(java);
            }
            command.addAll(
                    List.of("--add-modules", "jdk.incubator.vector", "-Ddfc.simd.blocks=standard"));
            command.addAll(options());
            command.addAll(
                    List.of("-cp", ChildProcess.classPath(), AllocationProbe.class.getName()));
            command.addAll(arguments());
            return command;
        }
    }

    /** What each kind of process says. Two run at a time, for none keeps two cores busy. */
    private static Map<Kind, Future<String>> outputs;

    private static ExecutorService starters;

    @BeforeAll
    static void start() {
        starters = Executors.newFixedThreadPool(2);
        outputs = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            outputs.put(kind, starters.submit(() -> output(kind)));
        }
    }

    @AfterAll
    static void stop() {
        starters.shutdownNow();
    }

    private static String output(Kind kind) throws IOException {
        Process process = new ProcessBuilder(kind.command()).redirectErrorStream(true).start();
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsAllocatedOnceWarm(Kind kind) throws Exception {
        String output = outputs.get(kind).get();
        long cases =
                AllocationCases.all().stream()
                        .filter(c -> kind != Kind.UNGUESSED || !c.hasOtherObjects())
                        .count();
        assertThat(faults(output)).as(output).isEmpty();
        assertThat(output).contains(AllocationProbe.DONE + cases);
    }

    private static Stream<String> faults(String output) {
        return output.lines().filter(line -> line.startsWith(AllocationProbe.FAULT));
    }
}
