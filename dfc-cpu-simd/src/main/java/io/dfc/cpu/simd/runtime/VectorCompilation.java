package io.dfc.cpu.simd.runtime;

import io.dfc.api.spi.Availability;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whether this virtual machine compiles vector code. Where it does not, each vector is an object
 * and each multiply-add of floats may be arithmetic on big decimals, and the plain loops of another
 * backend are 10 to 300 times faster. Asked once per process. It mentions no vector class.
 */
public final class VectorCompilation {
    private static final int CALLS = 20;
    private static final int ROUNDS = 3;

    /** A multiply-add takes some 20 ns even in the interpreter, and 20000 ns without hardware. */
    private static final double SLOW_NANOSECONDS = 1000;

    /** Options that can keep the second compiler from vector code or from parts of it. */
    private static final Pattern SUSPICIOUS =
            Pattern.compile(
                    "TieredStopAtLevel|CompilationMode|UseCompiler|JVMCI|VectorSupport|VectorReboxing|MaxVectorSize"
                            + "|UseSSE|UseAVX|DisableIntrinsic|CompileCommand|CompileOnly|-Inline|DoEscapeAnalysis"
                            + "|EliminateAllocations|VMOptionsFile|-XX:Flags");

    private static final String PLAIN_OPTIONS =
            "start java without options that restrict compilation";

    private VectorCompilation() {}

    /** What keeps vector code from being compiled, empty if nothing does. */
    public static Optional<Availability.Unavailable> problem() {
        return Holder.PROBLEM;
    }

    private static final class Holder {
        static final Optional<Availability.Unavailable> PROBLEM = find();

        private Holder() {}
    }

    private static Optional<Availability.Unavailable> find() {
        String vm = System.getProperty("java.vm.name", "");
        String info = System.getProperty("java.vm.info", "").toLowerCase(Locale.ROOT);
        if (info.contains("interpreted")) {
            return problem("this JVM interprets code (" + info + ")", "start java without -Xint");
        }
        if (info.contains("emulated-client") || vm.toLowerCase(Locale.ROOT).contains("client")) {
            return problem(
                    "this JVM has its first compiler alone, which does not compile vector code ("
                            + info
                            + ")",
                    "start java without -XX:TieredStopAtLevel and -XX:CompilationMode, on a server VM");
        }
        if (nanosecondsOfMultiplyAdd() > SLOW_NANOSECONDS) {
            return problem(
                    "this JVM has no fused multiply-add in hardware, without which plain loops are faster",
                    "start java without -XX:-UseFMA, -XX:UseAVX and -XX:UseSSE, on a processor that has it (x86: AVX2"
                            + " and FMA3)");
        }
        if (isUsual(vm) && !SUSPICIOUS.matcher(options()).find()) {
            return Optional.empty();
        }
        return VectorSpeed.beatsPlainLoops()
                ? Optional.empty()
                : problem(
                        "this JVM runs vector code slower than plain loops, as a short measurement says ("
                                + vm
                                + ", "
                                + info
                                + ")",
                        PLAIN_OPTIONS);
    }

    private static Optional<Availability.Unavailable> problem(String reason, String remedy) {
        return Optional.of(new Availability.Unavailable(reason, remedy));
    }

    private static boolean isUsual(String vm) {
        boolean hotspot = vm.startsWith("OpenJDK 64-Bit Server") || vm.startsWith("Java HotSpot");
        return hotspot && !System.getProperty("java.vm.version", "").contains("jvmci");
    }

    private static double nanosecondsOfMultiplyAdd() {
        long best = Long.MAX_VALUE;
        float sum = 1;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < CALLS; i++) {
                sum = Math.fma(sum, 0.999f, 0.001f);
            }
            best = Math.min(best, System.nanoTime() - start);
        }
        // The sum is looked at, so that no compiler can leave the work out.
        return sum == 0 ? 0 : (double) best / CALLS;
    }

    /** The options that this process was started with, as far as they can be had at no cost. */
    private static String options() {
        StringBuilder options = new StringBuilder();
        for (String name :
                new String[] {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"}) {
            options.append(System.getenv().getOrDefault(name, "")).append(' ');
        }
        Path own = Path.of("/proc/self/cmdline");
        try {
            // Bytes beyond ASCII do not matter here.
            return options + (Files.isReadable(own) ? latin(own) : ofProcess());
        } catch (IOException e) {
            return options + ofProcess();
        }
    }

    private static String latin(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }

    private static String ofProcess() {
        return ProcessHandle.current().info().arguments().map(a -> String.join(" ", a)).orElse("");
    }
}
