package io.dfc.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.spi.BackendProvider;
import io.dfc.api.spi.Backends;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** Backends are found wherever the API was put, and whatever the thread's class loader is. */
class BackendDiscoveryTest {
    private static final String SERVICES = "META-INF/services/" + BackendProvider.class.getName();

    @TempDir private Path folder;

    /** Folders and jars of the API and the backends that depend on it alone. */
    private static List<Path> parts() {
        String all =
                System.getProperty("jdk.module.path", "")
                        + File.pathSeparator
                        + System.getProperty("java.class.path");
        List<Path> parts =
                Stream.of(all.split(File.pathSeparator))
                        .map(Path::of)
                        .distinct()
                        .filter(
                                p ->
                                        p.toString().contains("dfc-api")
                                                || p.toString().contains("dfc-cpu-simd"))
                        .filter(p -> !p.toString().endsWith("-tests.jar"))
                        .filter(p -> !p.toString().contains("test-classes"))
                        .toList();
        assertThat(parts).hasSize(2);
        return parts;
    }

    private static URL[] urls(List<Path> paths) throws IOException {
        List<URL> urls = new ArrayList<>();
        for (Path path : paths) {
            urls.add(path.toUri().toURL());
        }
        return urls.toArray(URL[]::new);
    }

    private static URLClassLoader alone(List<Path> paths) throws IOException {
        return new Isolated(urls(paths));
    }

    /** Loads the API and backends itself; even the platform's loader knows the tests' modules. */
    private static final class Isolated extends URLClassLoader {
        Isolated(URL[] urls) {
            super(urls, ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("io.dfc.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }
    }

    /** Names of the backends that the API of a loader discovers while the thread has another. */
    private static List<String> discovered(ClassLoader api, ClassLoader ofThread) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(ofThread);
        try {
            Class<?> type = api.loadClass(Backends.class.getName());
            assertThat(type).isNotSameAs(Backends.class);
            Object backends = type.getMethod("discover").invoke(null);
            List<?> listings = (List<?>) type.getMethod("listings").invoke(backends);
            Class<?> listing = api.loadClass(Backends.Listing.class.getName());
            List<String> names = new ArrayList<>();
            for (Object one : listings) {
                names.add((String) listing.getMethod("name").invoke(one));
            }
            return names;
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static void assertFindsAll(ClassLoader api) throws Exception {
        for (ClassLoader ofThread :
                new ClassLoader[] {
                    null,
                    api,
                    ClassLoader.getPlatformClassLoader(),
                    BackendDiscoveryTest.class.getClassLoader()
                }) {
            assertThat(discovered(api, ofThread))
                    .as("thread's loader %s", ofThread)
                    .containsExactly("cpu-simd", "reference");
        }
    }

    @Test
    void aClassPathOrThatOfAPlugIn() throws Exception {
        try (URLClassLoader loader = alone(parts())) {
            assertFindsAll(loader);
        }
    }

    @Test
    void aFatJarWithMergedServiceFiles() throws Exception {
        try (URLClassLoader loader = alone(List.of(fatJar(true)))) {
            assertFindsAll(loader);
        }
    }

    @Test
    void aFatJarWithoutServiceFilesSaysSo() throws Exception {
        try (URLClassLoader loader = alone(List.of(fatJar(false)))) {
            assertThat(discovered(loader, null)).isEmpty();
        }
    }

    @Test
    void aModulePathWithOneLoaderOrManyOrAsALayerOfAPlugIn() throws Exception {
        // Before the modules of the tests, among which the API is as well.
        Configuration own =
                Configuration.resolve(
                        ModuleFinder.of(parts().toArray(Path[]::new)),
                        List.of(ModuleLayer.boot().configuration()),
                        ModuleFinder.of(),
                        Set.of("io.dfc.api", "io.dfc.cpu.simd"));
        ClassLoader parent = ClassLoader.getPlatformClassLoader();
        for (ModuleLayer layer :
                List.of(
                        ModuleLayer.defineModulesWithOneLoader(
                                        own, List.of(ModuleLayer.boot()), parent)
                                .layer(),
                        ModuleLayer.defineModulesWithManyLoaders(
                                        own, List.of(ModuleLayer.boot()), parent)
                                .layer())) {
            assertFindsAll(layer.findLoader("io.dfc.api"));
        }
    }

    @Test
    void backendsOfALoaderBelowTheApi() throws Exception {
        Path plugIn = Files.createDirectories(folder.resolve("plug-in/META-INF/services"));
        Files.writeString(
                plugIn.resolve(BackendProvider.class.getName()), "io.example.NotThereProvider\n");
        URL[] urls = {folder.resolve("plug-in").toUri().toURL()};
        try (URLClassLoader loader =
                new URLClassLoader(urls, BackendDiscoveryTest.class.getClassLoader())) {
            assertThat(Backends.discover(loader).listings())
                    .extracting(Backends.Listing::name)
                    .contains("reference", "broken-provider-1");
            assertThat(Backends.discover().listings())
                    .extracting(Backends.Listing::name)
                    .contains("reference")
                    .doesNotContain("broken-provider-1");
        }
    }

    private Path fatJar(boolean services) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        StringBuilder merged = new StringBuilder();
        for (Path part : parts()) {
            for (Map.Entry<String, byte[]> entry : contents(part).entrySet()) {
                if (entry.getKey().equals(SERVICES)) {
                    merged.append(new String(entry.getValue(), StandardCharsets.UTF_8))
                            .append('\n');
                } else if (entry.getKey().endsWith(".class")
                        && !entry.getKey().equals("module-info.class")) {
                    entries.put(entry.getKey(), entry.getValue());
                }
            }
        }
        if (services) {
            entries.put(SERVICES, merged.toString().getBytes(StandardCharsets.UTF_8));
        }
        Path jar = folder.resolve("fat.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                out.putNextEntry(new JarEntry(entry.getKey()));
                out.write(entry.getValue());
            }
        }
        return jar;
    }

    private static Map<String, byte[]> contents(Path part) throws IOException {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        if (Files.isDirectory(part)) {
            try (Stream<Path> files = Files.walk(part)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    contents.put(part.relativize(file).toString(), Files.readAllBytes(file));
                }
            }
            return contents;
        }
        try (JarFile jar = new JarFile(part.toFile())) {
            for (JarEntry entry : jar.stream().filter(e -> !e.isDirectory()).toList()) {
                try (InputStream in = jar.getInputStream(entry)) {
                    contents.put(entry.getName(), in.readAllBytes());
                }
            }
        }
        return contents;
    }
}
