package io.dfc.cpu.simd.tuning;

import io.dfc.cpu.simd.product.RegisterBlocks;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;

/**
 * File of the fastest register blocks, by processor. One that cannot be read is ignored, since
 * blocks change no result.
 */
record BlockFile(Path path) {
    private static final String NAME = "cpu-simd.properties";

    /**
     * {@code cpu-simd.properties} in {@code $XDG_CACHE_HOME/dfc} or {@code ~/.cache/dfc}; empty
     * where a user has neither.
     */
    static Optional<BlockFile> ofUser() {
        return absolute(System.getenv("XDG_CACHE_HOME"))
                .or(() -> absolute(System.getProperty("user.home")).map(h -> h.resolve(".cache")))
                .map(cache -> new BlockFile(cache.resolve("dfc").resolve(NAME)));
    }

    private static Optional<Path> absolute(String folder) {
        try {
            return Optional.ofNullable(folder).map(Path::of).filter(Path::isAbsolute);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** The blocks of a processor, if the file has them. */
    Optional<RegisterBlocks> read(String processor) {
        return Optional.ofNullable(load().getProperty(processor)).flatMap(RegisterBlocks::parse);
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

    /**
     * Stores the blocks that a trial finds, unless another process tries blocks now.
     *
     * @param found tries blocks; not called where they could not be stored
     * @return the blocks that are stored now; empty if another process is trying blocks, or the
     *     file cannot be written
     */
    Optional<RegisterBlocks> write(String processor, Supplier<RegisterBlocks> found) {
        Path folder = path.toAbsolutePath().getParent();
        try {
            Files.createDirectories(folder);
            try (FileChannel channel =
                            FileChannel.open(
                                    folder.resolve(NAME + ".lock"),
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.WRITE);
                    FileLock lock = channel.tryLock()) {
                if (lock == null || !Files.isWritable(folder)) {
                    return Optional.empty();
                }
                RegisterBlocks blocks = found.get();
                replace(folder, processor, blocks);
                return Optional.of(blocks);
            }
        } catch (IOException | OverlappingFileLockException e) {
            return Optional.empty();
        }
    }

    private void replace(Path folder, String processor, RegisterBlocks blocks) throws IOException {
        Properties all = load();
        all.setProperty(processor, blocks.toString());
        Path part = Files.createTempFile(folder, NAME, ".part");
        try {
            try (Writer writer = Files.newBufferedWriter(part)) {
                all.store(writer, "Fastest register blocks; ./dfc bench --tune looks anew");
            }
            Files.move(
                    part,
                    path,
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
