package io.dfc.algorithms.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The property that the fuzzer looks for, over its seeds, over what it has found, and over seeds
 * changed at random, always in the same way.
 */
class ParserFuzzTest {
    /** Inputs that once broke it, in a folder for each reader. */
    private static final Path FOUND = Path.of("src", "test", "resources", "fuzz");

    private static final int CHANGED = 100;
    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final byte[] TELLING = {0, 1, '"', ',', ':', '[', ']', '{', '}', '\n', -1, 127};

    @TempDir private Path folder;

    static List<FuzzTarget> targets() {
        return FuzzTargets.all();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aSoundFileIsRead(FuzzTarget target) {
        ParserProperty property = new ParserProperty(folder);
        for (byte[] seed : target.seeds()) {
            assertThat(property.check(target, seed)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void aChangedFileIsReadOrRefusedInOneLine(FuzzTarget target) {
        ParserProperty property = new ParserProperty(folder);
        SplittableRandom random = new SplittableRandom(target.name().hashCode());
        long start = System.nanoTime();
        int refused = 0;
        for (int i = 0; i < CHANGED; i++) {
            byte[] seed = target.seeds().get(i % target.seeds().size());
            refused += property.check(target, changed(seed, random)).isEmpty() ? 0 : 1;
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONGEST);
        assertThat(refused).isBetween(lenient(target) ? 0 : 1, CHANGED);
    }

    /** Damage to these loses no more than what they say. */
    private static boolean lenient(FuzzTarget target) {
        return List.of("times", "lease").contains(target.name());
    }

    private static byte[] changed(byte[] seed, SplittableRandom random) {
        byte[] bytes = seed.clone();
        for (int change = random.nextInt(1, 5); change > 0; change--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = TELLING[random.nextInt(TELLING.length)];
                case 2 -> bytes = spliced(bytes, at, random.nextInt(at, bytes.length), 0);
                default -> bytes = spliced(bytes, at, at, random.nextInt(1, 40));
            }
            if (bytes.length == 0) {
                return bytes;
            }
        }
        return bytes;
    }

    /** Without what lies between two places, and with what follows them put in again. */
    private static byte[] spliced(byte[] bytes, int from, int to, int copied) {
        int n = Math.min(copied, bytes.length - to);
        byte[] result = new byte[from + n + bytes.length - to];
        System.arraycopy(bytes, 0, result, 0, from);
        System.arraycopy(bytes, to, result, from, n);
        System.arraycopy(bytes, to, result, from + n, bytes.length - to);
        return result;
    }

    @ParameterizedTest
    @MethodSource("targets")
    void whatTheFuzzerFoundStaysMended(FuzzTarget target) throws IOException {
        ParserProperty property = new ParserProperty(folder);
        for (Path input : found(target)) {
            assertThat(property.check(target, Files.readAllBytes(input)))
                    .as(input.toString())
                    .isNotEmpty();
        }
    }

    private static List<Path> found(FuzzTarget target) throws IOException {
        Path own = FOUND.resolve(target.name());
        if (!Files.isDirectory(own)) {
            return List.of();
        }
        try (var files = Files.list(own)) {
            return files.sorted().toList();
        }
    }

    @Test
    void whatWasFoundBelongsToAReader() throws IOException {
        List<String> names = new ArrayList<>();
        if (Files.isDirectory(FOUND)) {
            try (var folders = Files.list(FOUND)) {
                folders.forEach(f -> names.add(f.getFileName().toString()));
            }
        }
        assertThat(targets().stream().map(FuzzTarget::name)).containsAll(names);
    }
}
