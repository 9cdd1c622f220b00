import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Packs the distribution for the machine that this runs on: {@code Dist VERSION BUILD}, run at the root of the repository
 * after the build of dfc-bench, whose folder is BUILD.
 *
 * <p>It holds a Java runtime, the jars, an archive of parsed classes, launchers, manual pages and completion of words.
 * Some of the jars have no module descriptor, so they stand beside the runtime and not in it.
 */
final class Dist {
    /** What the jars need of the JDK, and Flight Recorder. */
    private static final String MODULES =
            "java.base,java.desktop,java.logging,java.management,java.net.http,java.sql,java.xml,"
                    + "jdk.incubator.vector,jdk.jfr,jdk.management,jdk.unsupported";

    private final Path build;
    private final Path home;

    private Dist(Path build, String name) {
        this.build = build;
        home = build.resolve("dist").resolve(name);
    }

    public static void main(String[] arguments) throws Exception {
        String version = arguments[0];
        Path build = Path.of(arguments[1]).toAbsolutePath();
        String name = "dfc-" + version + "-" + platform();
        Dist dist = new Dist(build, name);
        dist.clear();
        dist.link();
        dist.copyJars();
        dist.copyTree(Path.of("dfc-bench/src/dist"));
        for (String file : List.of("LICENSE", "README.md", "CHANGELOG.md")) {
            Files.copy(Path.of(file), dist.home.resolve(file));
        }
        dist.java("-cp", dist.classPath(), "io.dfc.bench.manual.Manual", dist.home.resolve("share").toString());
        dist.archiveClasses();
        dist.pack(name);
    }

    private static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch");
        return (system.startsWith("windows") ? "windows" : system.startsWith("mac") ? "macos" : "linux")
                + "-"
                + (processor.equals("amd64") || processor.equals("x86_64") ? "x64" : processor);
    }

    private void clear() throws IOException {
        Path folder = home.getParent();
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        Files.createDirectories(home.resolve("lib"));
    }

    private void link() {
        int status =
                ToolProvider.findFirst("jlink")
                        .orElseThrow(() -> new IllegalStateException("this JDK has no jlink"))
                        .run(
                                System.out,
                                System.err,
                                "--add-modules",
                                MODULES,
                                "--no-header-files",
                                "--no-man-pages",
                                "--generate-cds-archive",
                                "--output",
                                home.resolve("runtime").toString());
        require(status, "jlink");
    }

    /** The jars, and one that names them all: its order is that of the archive of classes. */
    private void copyJars() throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> own = Files.list(build);
                Stream<Path> others = Files.list(build.resolve("modules"))) {
            for (Path jar : Stream.concat(own, others).filter(Dist::isProgram).sorted().toList()) {
                Files.copy(
                        jar,
                        home.resolve("lib").resolve(jar.getFileName()),
                        StandardCopyOption.COPY_ATTRIBUTES);
                names.add(jar.getFileName().toString());
            }
        }
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, String.join(" ", names));
        try (OutputStream file = Files.newOutputStream(home.resolve("lib/dfc.jar"));
                JarOutputStream _ = new JarOutputStream(file, manifest)) {
            // The manifest is all.
        }
    }

    private static boolean isProgram(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".jar")
                && !name.endsWith("-tests.jar")
                && !name.endsWith("-sources.jar")
                && !name.endsWith("-javadoc.jar");
    }

    private void copyTree(Path from) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = home.resolve(from.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private String classPath() {
        return home.resolve("lib/dfc.jar").toString();
    }

    /** Classes parsed and verified ahead of time, those of a short training. */
    private void archiveClasses() throws Exception {
        java(
                "-Xlog:cds*=off",
                "-Xlog:aot*=off",
                "-XX:ArchiveClassesAtExit=" + home.resolve("lib/classes.jsa"),
                "-XX:+UseParallelGC",
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                classPath(),
                "io.dfc.bench.cli.Main",
                "train",
                "--limit",
                "64",
                "--hidden",
                "8",
                "--batch",
                "32",
                "--epochs",
                "1",
                "--set",
                "feedback.pretraining-epochs=0",
                "--json",
                "--out",
                home.resolveSibling("trial").toString());
    }

    private void java(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(home.resolve("runtime/bin/java").toString()));
        command.addAll(Arrays.asList(arguments));
        run(home, command);
    }

    /** An archive for Unix, whose links and permissions zip files keep there only, and a zip file. */
    private void pack(String name) throws Exception {
        Path folder = home.getParent();
        boolean windows = name.contains("windows");
        if (!windows) {
            run(folder, List.of("tar", "-czf", name + ".tar.gz", name));
        }
        if (!name.contains("linux")) {
            run(folder, List.of("tar", "-a", "-cf", name + ".zip", name));
        } else if (isOnPath("zip")) {
            run(folder, List.of("zip", "-q", "-r", "-y", name + ".zip", name));
        } else {
            System.out.println("dist: there is no program zip here, so no zip file is made");
        }
        for (String end : List.of(".tar.gz", ".zip")) {
            Path file = folder.resolve(name + end);
            if (!Files.exists(file)) {
                continue;
            }
            System.out.printf(Locale.ROOT, "dist: %s, %.0f MB%n", file, Files.size(file) / 1e6);
        }
    }

    private static boolean isOnPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(path.split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(program)));
    }

    private static void run(Path folder, List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).inheritIO();
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        require(builder.start().waitFor(), String.join(" ", command));
    }

    private static void require(int status, String what) {
        if (status != 0) {
            throw new IllegalStateException(what + " ended with " + status);
        }
    }
}
