package io.dfc.tornado.tuning;

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
 * The file of tuned sizes, two numbers to a device. A file that cannot be read counts as empty,
 * since it only makes kernels faster.
 */
record TuningFile(Path path) {
    private static final String NAME = "tornado.properties";

    /** Suffix of the key of a device's samples; the device's own key has the work-items. */
    private static final String SAMPLES = ".samples";

    /**
     * Sizes of a device; files may have one of the numbers alone.
     *
     * @param items work-items in a group
     * @param samples largest number of samples that a group simulates side by side
     */
    record Entry(Optional<Integer> items, Optional<Integer> samples) {}

    /** {@code tornado.properties} in {@code $XDG_CACHE_HOME/dfc} or {@code ~/.cache/dfc}. */
    static TuningFile ofUser() {
        String base = System.getenv("XDG_CACHE_HOME");
        Path cache =
                base != null && Path.of(base).isAbsolute()
                        ? Path.of(base)
                        : Path.of(System.getProperty("user.home"), ".cache");
        return new TuningFile(cache.resolve("dfc").resolve(NAME));
    }

    /** The sizes of a device. */
    Entry read(String device) {
        Properties all = load();
        return new Entry(number(all, device), number(all, device + SAMPLES));
    }

    private static Optional<Integer> number(Properties all, String key) {
        try {
            return Optional.ofNullable(all.getProperty(key)).map(Integer::valueOf);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private Properties load() {
        Properties all = new Properties();
        if (Files.isRegularFile(path)) {
            try (Reader reader = Files.newBufferedReader(path)) {
                all.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                return new Properties();
            }
        }
        return all;
    }

    /** Stores the sizes of a device; tells in which file. */
    String write(String device, GroupSizes sizes) {
        try {
            Properties all = load();
            all.setProperty(device, Integer.toString(sizes.items()));
            all.setProperty(device + SAMPLES, Integer.toString(sizes.samples()));
            Files.createDirectories(path.getParent());
            Path part = Files.createTempFile(path.getParent(), NAME, ".part");
            try (Writer writer = Files.newBufferedWriter(part)) {
                all.store(writer, "Found by ./dfc bench --tune");
            }
            Files.move(
                    part,
                    path,
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
            return path.toString();
        } catch (IOException e) {
            throw new StorageException(
                    path + ": the tuned settings cannot be written: " + e.getMessage(), e);
        }
    }
}
