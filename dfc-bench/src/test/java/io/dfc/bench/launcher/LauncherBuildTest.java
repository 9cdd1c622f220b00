package io.dfc.bench.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.bench.cli.CommandRun;
import io.dfc.bench.cli.Unprivileged;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** The launcher builds what is missing or out of date, beside what runs. */
class LauncherBuildTest {
    @TempDir private Path folder;

    private LauncherTree tree;

    @BeforeEach
    void plant() throws IOException {
        tree = new LauncherTree(folder);
    }

    @Test
    void itBuildsOnce() throws Exception {
        assertThat(tree.run("train").err()).contains("dfc: building").hasLineCount(1);
        assertThat(tree.run("train").err()).isEmpty();
        assertThat(tree.builds()).hasSize(1);
    }

    @Test
    void aSourceThatWasOnlyTouchedOrMovedAlongIsNoReason() throws Exception {
        tree.run("train");
        Thread.sleep(10);
        tree.source("first");
        assertThat(tree.run("train").code()).isZero();
        assertThat(tree.builds()).hasSize(1);
    }

    @Test
    void changedAddedAndRemovedSourcesAreBuilt() throws Exception {
        tree.run("train");
        tree.source("second");
        tree.run("train");
        assertThat(tree.builds()).hasSize(2);
        assertThat(Files.readString(tree.build().resolve("lib/dfc-bench-1.jar")))
                .isEqualTo("second\n");
        Path more = tree.root().resolve("dfc-bench/src/main/java/More.java");
        Files.writeString(more, "more");
        tree.run("train");
        assertThat(tree.builds()).hasSize(3);
        Files.delete(more);
        tree.run("train");
        assertThat(tree.builds()).hasSize(4);
    }

    @Test
    void whatRemovedSourcesHaveLeftBehindIsNotPacked() throws Exception {
        Path resource = tree.root().resolve("dfc-bench/src/main/resources/services");
        Files.createDirectories(resource.getParent());
        Files.writeString(resource, "a provider");
        tree.run("train");
        Path classes = tree.root().resolve(".dfc/work/dfc-bench/classes");
        Path copied = Files.createDirectories(classes).resolve("services");
        Files.writeString(copied, "a provider");
        tree.source("second");
        tree.run("train");
        assertThat(copied).exists();
        Files.delete(resource);
        tree.run("train");
        assertThat(tree.builds()).hasSize(3);
        assertThat(copied).doesNotExist();
    }

    @Test
    void aSourceWithATimeBeforeTheBuildIsBuilt() throws Exception {
        tree.run("train");
        tree.source("other");
        Files.setLastModifiedTime(
                tree.root().resolve("dfc-bench/src/main/java/Main.java"), FileTime.fromMillis(0));
        tree.run("train");
        assertThat(tree.builds()).hasSize(2);
    }

    private List<Path> builds() throws IOException {
        try (Stream<Path> all = Files.list(tree.root().resolve(".dfc"))) {
            return all.filter(p -> p.getFileName().toString().startsWith("build-2")).toList();
        }
    }

    @Test
    void aRunningProgramKeepsItsJarsUntilItEnds() throws Exception {
        Path wait = Files.createFile(folder.resolve("wait"));
        tree.run("train");
        Process running = tree.with("WAIT", wait.toString()).start("train");
        // Its arguments are out, so it runs.
        assertThat(running.getInputStream().read()).isPositive();
        tree.without("WAIT");
        Path jar = tree.build().resolve("lib/dfc-bench-1.jar");
        for (String text : List.of("second", "third", "fourth")) {
            tree.source(text);
            assertThat(tree.run("train").code()).isZero();
            assertThat(jar).hasContent("first");
        }
        Files.delete(wait);
        assertThat(LauncherTree.finished(running).code()).isZero();
        tree.source("fifth");
        tree.run("train");
        assertThat(jar).doesNotExist();
        assertThat(builds()).hasSize(2);
    }

    @Test
    void firstStartsAtTheSameTimeBuildOnce() throws Exception {
        List<Process> both = List.of(tree.start("train"), tree.start("train"));
        for (Process process : both) {
            assertThat(LauncherTree.finished(process).code()).isZero();
        }
        assertThat(tree.builds()).hasSize(1);
    }

    /** Runs what follows as somebody who may not write to the tree. */
    private void asAnotherUser() throws Exception {
        tree.behind(Unprivileged.prefix());
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.toList()) {
                boolean open = Files.isDirectory(path) || Files.isExecutable(path);
                Files.setPosixFilePermissions(
                        path, PosixFilePermissions.fromString(open ? "r-xr-xr-x" : "r--r--r--"));
            }
        }
    }

    private void makeWritable() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.filter(Files::isDirectory).toList()) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }

    @Test
    void aSharedInstallationRunsForThoseWhoMayNotWriteIt() throws Exception {
        tree.run("train");
        asAnotherUser();
        try {
            CommandRun run = tree.run("train");
            assertThat(run.code()).as(run.err()).isZero();
            assertThat(run.err()).isEmpty();
        } finally {
            makeWritable();
        }
    }

    @Test
    void aStaleSharedInstallationIsSaidInOneSentence() throws Exception {
        tree.run("train");
        Thread.sleep(10);
        Files.writeString(tree.root().resolve("pom.xml"), "<project>new</project>");
        assertRefused("older than its sources");
    }

    @Test
    void aSharedInstallationThatWasNeverBuiltIsSaidInOneSentence() throws Exception {
        assertRefused("missing");
    }

    private void assertRefused(String what) throws Exception {
        asAnotherUser();
        try {
            CommandRun run = tree.run("train");
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.out()).isEmpty();
            assertThat(run.err())
                    .contains(what, "may not write", "ask ", "copy the folder")
                    .hasLineCount(1);
        } finally {
            makeWritable();
        }
    }
}
