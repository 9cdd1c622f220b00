package io.dfc.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * The benchmarks that look into the SIMD backend's package are built by a profile alone, since they
 * need the class path; here they show that they still compile. Those next to native libraries are
 * left out, for only the profile has these.
 */
class BenchmarkSourcesTest {
    private static final Path SOURCES = Path.of("src/benchmark/java/io/dfc");
    private static final List<String> WITHOUT_LIBRARIES =
            List.of(
                    "cpu/simd/Kernels.java",
                    "bench/jmh/ActivationBenchmark.java",
                    "bench/jmh/WorkerPool.java");

    @TempDir private Path classes;

    @Test
    void theBenchmarksOfKernelsCompile() {
        String path =
                System.getProperty("jdk.module.path", "")
                        + File.pathSeparator
                        + System.getProperty("java.class.path", "");
        Stream<String> options =
                Stream.of(
                        "-proc:none",
                        "--add-modules=jdk.incubator.vector",
                        "--class-path=" + path,
                        "-d",
                        classes.toString());
        Stream<String> files = WITHOUT_LIBRARIES.stream().map(f -> SOURCES.resolve(f).toString());
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);

        int code =
                ToolProvider.findFirst("javac")
                        .orElseThrow()
                        .run(out, out, Stream.concat(options, files).toArray(String[]::new));

        assertThat(code).as(said.toString()).isZero();
        assertThat(classes.resolve("io/dfc/cpu/simd/Kernels.class")).exists();
    }
}
