package io.dfc.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * The benchmarks that look into the SIMD backend's package are built by a profile alone, since they
 * need the class path; here they show that they still compile. For native libraries, which only the
 * profile has, stand the names that are used of them.
 */
class BenchmarkSourcesTest {
    private static final Path SOURCES = Path.of("src/benchmark/java/io/dfc");
    private static final List<String> FILES =
            List.of(
                    "cpu/simd/Kernels.java",
                    "bench/jmh/ActivationBenchmark.java",
                    "bench/jmh/KernelBenchmark.java",
                    "bench/jmh/Product.java",
                    "bench/jmh/WorkerPool.java");

    /** What the benchmarks call of native libraries, by class. */
    private static final Map<String, String> LIBRARIES =
            Map.of(
                    "org.bytedeco.javacpp.FloatPointer",
                    """
                    public FloatPointer(float... values) {}
                    public FloatPointer(long size) {}
                    public FloatPointer get(float[] values) { return this; }
                    public void close() {}
                    """,
                    "org.bytedeco.openblas.presets.openblas_nolapack",
                    "public static void blas_set_num_threads(int threads) {}",
                    "org.bytedeco.openblas.global.openblas_nolapack",
                    """
                    public static final int CblasRowMajor = 101, CblasNoTrans = 111;
                    public static void cblas_sgemm(
                            int order, int ta, int tb, int m, int n, int k,
                            float alpha, FloatPointer a, int lda, FloatPointer b, int ldb,
                            float beta, FloatPointer c, int ldc) {}
                    """,
                    "org.bytedeco.mkl.global.mkl_rt",
                    """
                    public static final int CblasRowMajor = 101, CblasNoTrans = 111;
                    public static final int CblasPacked = 151, CblasBMatrix = 162;
                    public static void MKL_Set_Dynamic(int on) {}
                    public static void MKL_Set_Num_Threads(int threads) {}
                    public static void cblas_sgemm(
                            int order, int ta, int tb, int m, int n, int k,
                            float alpha, FloatPointer a, int lda, FloatPointer b, int ldb,
                            float beta, FloatPointer c, int ldc) {}
                    public static long cblas_sgemm_pack_get_size(int which, int m, int n, int k) {
                        return 0;
                    }
                    public static void cblas_sgemm_pack(
                            int order, int which, int t, int m, int n, int k,
                            float alpha, FloatPointer b, int ldb, FloatPointer packed) {}
                    public static void cblas_sgemm_compute(
                            int order, int ta, int tb, int m, int n, int k,
                            FloatPointer a, int lda, FloatPointer b, int ldb,
                            float beta, FloatPointer c, int ldc) {}
                    """);

    @TempDir private Path classes;

    private Path library(String name, String members) throws IOException {
        int dot = name.lastIndexOf('.');
        Path file = classes.resolve("sources").resolve(name.replace('.', '/') + ".java");
        Files.createDirectories(file.getParent());
        return Files.writeString(
                file,
                "package %s;%nimport org.bytedeco.javacpp.FloatPointer;%npublic class %s {%n%s}%n"
                        .formatted(name.substring(0, dot), name.substring(dot + 1), members));
    }

    @Test
    void theBenchmarksOfKernelsCompile() throws IOException {
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
        List<String> files =
                new ArrayList<>(FILES.stream().map(f -> SOURCES.resolve(f).toString()).toList());
        for (Map.Entry<String, String> library : LIBRARIES.entrySet()) {
            files.add(library(library.getKey(), library.getValue()).toString());
        }
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);

        int code =
                ToolProvider.findFirst("javac")
                        .orElseThrow()
                        .run(
                                out,
                                out,
                                Stream.concat(options, files.stream()).toArray(String[]::new));

        assertThat(code).as(said.toString()).isZero();
        assertThat(classes.resolve("io/dfc/cpu/simd/Kernels.class")).exists();
        assertThat(classes.resolve("io/dfc/bench/jmh/KernelBenchmark.class")).exists();
    }
}
