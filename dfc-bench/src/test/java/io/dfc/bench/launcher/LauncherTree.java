package io.dfc.bench.launcher;

import io.dfc.bench.cli.CommandRun;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A small tree of sources with the real launcher in it, beside a Maven and JDKs that only note how
 * they are called.
 */
final class LauncherTree {
    /** The version of TornadoVM that this tree says was tested. */
    static final String TESTED_TORNADO = "5.2.0-jdk25";

    private final Path root;
    private final Path tools;
    private final Map<String, String> environment = new HashMap<>();
    private List<String> prefix = List.of();

    LauncherTree(Path folder) throws IOException {
        root = Files.createDirectories(folder.resolve("tree"));
        tools = Files.createDirectories(folder.resolve("tools"));
        Path launcher = Path.of(System.getProperty("dfc.root")).resolve("dfc");
        executable(root.resolve("dfc"), Files.readString(launcher));
        Path functions = Files.createDirectory(root.resolve(".mvn")).resolve("tornadovm.sh");
        Files.copy(launcher.resolveSibling(".mvn").resolve("tornadovm.sh"), functions);
        Files.createDirectories(root.resolve("dfc-tornado"));
        Files.writeString(
                root.resolve("dfc-tornado/pom.xml"),
                "<tornadovm.version>" + TESTED_TORNADO + "</tornadovm.version>");
        Files.createDirectories(root.resolve("dfc-bench/src/main/java"));
        Files.writeString(root.resolve("pom.xml"), "<project/>");
        Files.writeString(root.resolve("dfc-bench/pom.xml"), "<project/>");
        source("first");
        executable(tools.resolve("mvn"), maven(folder.resolve("maven.log")));
        environment.put("HOME", folder.toString());
        environment.put("JAVA_HOME", jdk(25).toString());
        environment.put("PATH", tools + ":/usr/bin:/bin");
    }

    /**
     * Notes how it is called. It prints the file {@code broken} and fails where there is one;
     * {@code broken-tornado} does so where the build has a part for TornadoVM.
     */
    private static String maven(Path log) {
        return """
        #!/bin/sh
        echo "$JAVA_HOME ${TORNADOVM_HOME-none}" >> "%s"
        echo "$@" >> "%1$s.arguments"
        [ ! -e broken ] || { cat broken; exit 1; }
        [ ! -e broken-tornado ] || [ -z "${TORNADOVM_HOME-}" ] || { cat broken-tornado; exit 1; }
        mkdir -p .dfc/work/dfc-bench/modules .dfc/work/dfc-tornado/classes
        cat dfc-bench/src/main/java/* > .dfc/work/dfc-bench/dfc-bench-1.jar
        echo library > .dfc/work/dfc-bench/modules/library.jar
        """
                .formatted(log);
    }

    /** Writes the archive it is asked for; else shows its arguments, and waits if told to. */
    private static String java(int version) {
        return """
        #!/bin/sh
        for a in "$@"; do
          case $a in -XX:ArchiveClassesAtExit=*) : > "${a#*=}"; exit 0 ;; esac
        done
        echo "jdk %s"
        echo "locale ${LC_ALL:-} ${LC_CTYPE:-}"
        echo "tornado ${TORNADOVM_HOME-none}"
        for a in "$@"; do echo "<$a>"; done
        [ -z "$WAIT" ] || while [ -e "$WAIT" ]; do sleep 0.02; done
        """
                .formatted(version);
    }

    private static void executable(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    Path root() {
        return root;
    }

    /** The folder of a JDK of that version. */
    Path jdk(int version) throws IOException {
        Path jdk = root.resolveSibling("jdk" + version);
        executable(jdk.resolve("bin/java"), java(version));
        executable(jdk.resolve("bin/javac"), "#!/bin/sh\n");
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + ".0.1\"\n");
        return jdk;
    }

    /** Changes the one source file. */
    void source(String text) throws IOException {
        Files.writeString(root.resolve("dfc-bench/src/main/java/Main.java"), text + "\n");
    }

    LauncherTree with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    LauncherTree without(String variable) {
        environment.remove(variable);
        return this;
    }

    /** Words before the command, such as one that drops privileges. */
    LauncherTree behind(List<String> words) {
        prefix = words;
        return this;
    }

    /** Calls of Maven so far: the JDK and the SDK that it was given. */
    List<String> builds() throws IOException {
        Path log = root.resolveSibling("maven.log");
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }

    /** The arguments of the calls of Maven so far. */
    List<String> buildArguments() throws IOException {
        return Files.readAllLines(root.resolveSibling("maven.log.arguments"));
    }

    /**
     * Makes a folder of an SDK of TornadoVM and points TORNADOVM_HOME at it.
     *
     * @param name name of the folder
     * @param version version of its API
     */
    Path sdk(String name, String version) throws IOException {
        Path sdk = root.resolveSibling(name);
        Path jars = Files.createDirectories(sdk.resolve("share/java/tornado"));
        Files.writeString(jars.resolve("tornado-api-" + version + ".jar"), "");
        with("TORNADOVM_HOME", sdk.toString());
        return sdk;
    }

    /** The folder of the build that is in use. */
    Path build() throws IOException {
        Path builds = root.resolve(".dfc");
        return builds.resolve(Files.readString(builds.resolve("current")).strip());
    }

    Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(root.resolve("dfc").toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(root.getParent().toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    CommandRun run(String... arguments) throws IOException, InterruptedException {
        return finished(start(arguments));
    }

    static CommandRun finished(Process process) throws IOException, InterruptedException {
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("the launcher did not end");
        }
        return new CommandRun(process.exitValue(), out, err);
    }
}
