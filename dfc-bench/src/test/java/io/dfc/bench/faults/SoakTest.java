package io.dfc.bench.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.bench.cli.CommandRun;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Memory, threads and files of a virtual machine with a small heap stay level while it trains, and
 * while it opens, trains and closes again and again. {@code -Dsoak.seconds=600 -Dsoak.loops=200} is
 * the long form.
 */
@Tag("slow")
class SoakTest {
    private static final int SECONDS = Integer.getInteger("soak.seconds", 12);
    private static final int LOOPS = Integer.getInteger("soak.loops", 30);

    /** What compilers and caches of the platform may still take, in KiB. */
    private static final long HEAP_DRIFT = 2048;

    private static final Pattern FIGURES =
            Pattern.compile("heap (\\d+) KiB threads (\\d+) files (\\d+)");

    @TempDir private Path folder;

    @Test
    void memoryThreadsAndFilesStayLevel() throws Exception {
        CommandRun run =
                new Child()
                        .with("-Xmx96m", "-XX:+UseSerialGC")
                        .and(Child.testClasses())
                        .run(
                                Soak.class.getName(),
                                List.of(
                                        folder.toString(),
                                        Integer.toString(SECONDS),
                                        Integer.toString(LOOPS)));
        assertThat(run.code()).as(run.err()).isZero();
        System.out.print(run.out());
        Matcher figures = FIGURES.matcher(run.out());
        int compared = 0;
        while (figures.find()) {
            long[] before = numbers(figures);
            assertThat(figures.find()).isTrue();
            long[] after = numbers(figures);
            assertThat(after[0] - before[0])
                    .as("KiB of heap: %s", run.out())
                    .isLessThan(HEAP_DRIFT);
            assertThat(after[1]).as("threads: %s", run.out()).isLessThanOrEqualTo(before[1]);
            assertThat(after[2]).as("files: %s", run.out()).isLessThanOrEqualTo(before[2] + 1);
            compared++;
        }
        assertThat(compared).isEqualTo(2);
    }

    private static long[] numbers(Matcher figures) {
        return new long[] {
            Long.parseLong(figures.group(1)),
            Long.parseLong(figures.group(2)),
            Long.parseLong(figures.group(3))
        };
    }
}
