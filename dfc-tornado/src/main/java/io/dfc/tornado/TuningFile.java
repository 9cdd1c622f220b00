package io.dfc.tornado;

import io.dfc.api.error.StorageException;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;

/**
 * Where tuned settings are kept: {@code tornado.properties} in {@code $XDG_CACHE_HOME/dfc} or
 * {@code ~/.cache/dfc}, a number to a device. A file that cannot be read is as good as none, since
 * it only makes programs faster.
 */
final class TuningFile {
    private static final String NAME = "tornado.properties";

    private TuningFile() {}

    private static Path path() {
        String base = System.getenv("XDG_CACHE_HOME");
        Path cache =
                base != null && Path.of(base).isAbsolute()
                        ? Path.of(base)
                        : Path.of(System.getProperty("user.home"), ".cache");
        return cache.resolve("dfc").resolve(NAME);
    }

    static Optional<Integer> read(String device) {
        try {
            return Optional.ofNullable(load().getProperty(device)).map(Integer::valueOf);
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Properties load() throws IOException {
        Properties all = new Properties();
        if (Files.isRegularFile(path())) {
            try (Reader reader = Files.newBufferedReader(path())) {
                all.load(reader);
            }
        }
        return all;
    }

    /** Keeps a number, and says where. */
    static String write(String device, int value) {
        Path file = path();
        try {
            Properties all;
            try {
                all = load();
            } catch (IOException | IllegalArgumentException e) {
                all = new Properties();
            }
            all.setProperty(device, Integer.toString(value));
            Files.createDirectories(file.getParent());
            Path part = Files.createTempFile(file.getParent(), NAME, ".part");
            try (Writer writer = Files.newBufferedWriter(part)) {
                all.store(writer, "Found by ./dfc bench --tune");
            }
            Files.move(
                    part,
                    file,
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
            return file.toString();
        } catch (IOException e) {
            throw new StorageException(
                    file + ": the tuned settings cannot be written: " + e.getMessage(), e);
        }
    }
}
