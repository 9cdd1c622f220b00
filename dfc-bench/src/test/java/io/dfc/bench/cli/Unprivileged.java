package io.dfc.bench.cli;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands to which permissions of files apply. For others than root they do anyway; root gives up
 * its right to pass by them, and stays the owner of its files, so that this build can be read.
 */
public final class Unprivileged {
    private static final List<String> WITHOUT_RIGHTS =
            List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all");

    private Unprivileged() {}

    /** What stands before such a command; skips the test aloud where root cannot give that up. */
    public static List<String> prefix() throws IOException, InterruptedException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return List.of();
        }
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/setpriv")),
                "skipped: root may do anything, and there is no setpriv to give that up");
        List<String> probe = new ArrayList<>(WITHOUT_RIGHTS);
        probe.add("true");
        Assumptions.assumeTrue(
                new ProcessBuilder(probe).start().waitFor() == 0,
                "skipped: root may do anything, and setpriv may not change that here");
        return WITHOUT_RIGHTS;
    }
}
