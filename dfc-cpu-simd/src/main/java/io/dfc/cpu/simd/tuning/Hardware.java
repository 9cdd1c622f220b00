package io.dfc.cpu.simd.tuning;

import io.dfc.cpu.simd.kernel.Simd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Describes the processor as this backend uses it. */
public final class Hardware {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    /** What tells processors apart in Linux's list of them, on x86 and on ARM. */
    private static final List<String> FEATURES =
            List.of(
                    "model name",
                    "cpu family",
                    "model",
                    "stepping",
                    "CPU implementer",
                    "CPU part",
                    "CPU variant");

    private Hardware() {}

    /** In one line, with the register blocks that are or would be used. */
    public static String describe(BlockChoice choice) {
        return "CPU with "
                + Runtime.getRuntime().availableProcessors()
                + " cores, "
                + Simd.SHAPE.vectorBitSize()
                + "-bit vectors in float32, "
                + choice;
    }

    /** Everything that the speed of register blocks depends on: processor, vectors, compiler. */
    static String identity() {
        return processor() + ", " + Simd.SHAPE.vectorBitSize() + " bit, JDK " + Runtime.version();
    }

    private static String processor() {
        Map<String, String> first = new LinkedHashMap<>();
        try (Stream<String> lines = Files.lines(PROCESSORS, StandardCharsets.ISO_8859_1)) {
            lines.takeWhile(line -> !line.isBlank())
                    .map(line -> line.split(":", 2))
                    .filter(parts -> parts.length == 2)
                    .forEach(parts -> first.put(parts[0].strip(), parts[1].strip()));
        } catch (IOException | UncheckedIOException e) {
            return Stream.of(
                            System.getProperty("os.name"),
                            System.getProperty("os.arch"),
                            System.getenv("PROCESSOR_IDENTIFIER"))
                    .filter(Objects::nonNull)
                    .collect(Collectors.joining(" "));
        }
        return FEATURES.stream()
                .filter(first::containsKey)
                .map(first::get)
                .collect(Collectors.joining(" "));
    }
}
