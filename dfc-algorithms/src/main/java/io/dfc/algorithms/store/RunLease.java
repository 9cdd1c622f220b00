package io.dfc.algorithms.store;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.StorageException;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The right to write into a run folder, held by one process at a time: a file that names host and
 * process and is renewed every few seconds. The lease of a process that died is taken over: on the
 * same machine at once, on another one when it has not been renewed for a minute.
 */
public final class RunLease implements AutoCloseable {
    static final String FILE = "lease.json";

    /** Age at which the lease of a process that cannot be asked counts as left behind. */
    static final Duration EXPIRY = Duration.ofSeconds(60);

    private static final Duration HEARTBEAT = Duration.ofSeconds(10);
    private static final int MAX_BYTES = 1 << 16;

    /** Another holder may delete the file between opening and locking it. */
    private static final int ATTEMPTS = 10;

    /** Far longer than a write takes. */
    private static final long LOCK_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final System.Logger LOGGER = System.getLogger(RunLease.class.getPackageName());

    /** Locks of files are those of the whole virtual machine, so its threads take turns here. */
    private static final Object MONITOR = new Object();

    private final Path file;
    private final LeaseHolder self;
    private final ScheduledExecutorService renewals;

    private RunLease(Path file, LeaseHolder self) {
        this.file = file;
        this.self = self;
        renewals =
                Executors.newSingleThreadScheduledExecutor(
                        task -> {
                            Thread thread = new Thread(task, "lease of " + file);
                            thread.setDaemon(true);
                            return thread;
                        });
        var _ =
                renewals.scheduleAtFixedRate(
                        this::renew,
                        HEARTBEAT.toMillis(),
                        HEARTBEAT.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /**
     * Takes the lease of a folder.
     *
     * @param folder an existing folder
     * @return the lease, to be closed when nothing more is written
     * @throws BadConfigurationException if another process, or another run of this one, holds it
     * @throws StorageException if the operating system refuses
     */
    public static RunLease acquire(Path folder) {
        Path file = folder.resolve(FILE);
        LeaseHolder self = LeaseHolder.self(UUID.randomUUID().toString());
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            exchange(
                    file,
                    found -> {
                        found.ifPresent(holder -> refuseIfAlive(folder, holder));
                        return Optional.of(self.at(Instant.now()));
                    });
            if (holder(file).filter(self::isSame).isPresent()) {
                return new RunLease(file, self);
            }
        }
        throw new StorageException("cannot take the lease " + file + ": it keeps changing");
    }

    /**
     * Refuses a folder that is being written, before anything costly is done for it.
     *
     * @param folder a folder
     * @throws BadConfigurationException if another process holds its lease
     */
    public static void requireFree(Path folder) {
        holder(folder.resolve(FILE)).ifPresent(holder -> refuseIfAlive(folder, holder));
    }

    /**
     * {@return whether a process writes into a folder}
     *
     * @param folder a folder
     */
    public static boolean isHeld(Path folder) {
        return holder(folder.resolve(FILE)).filter(h -> h.isAlive(Instant.now())).isPresent();
    }

    private static void refuseIfAlive(Path folder, LeaseHolder holder) {
        Instant now = Instant.now();
        if (holder.isAlive(now)) {
            throw new BadConfigurationException(
                    "run folder",
                    folder
                            + " is being written by "
                            + holder.describe(now)
                            + "; wait until it ends, or stop it"
                            + (holder.isOnThisMachine()
                                    ? ""
                                    : "; if it is gone, its lease runs out "
                                            + EXPIRY.toSeconds()
                                            + " s after its last sign of life"));
        }
    }

    /**
     * Makes sure that the lease is still this one: a process that was halted for long may have been
     * taken for dead.
     *
     * @throws StorageException if another process has taken over
     */
    public void requireHeld() {
        holder(file)
                .filter(h -> !self.isSame(h))
                .ifPresent(
                        h -> {
                            throw new StorageException(
                                    file.getParent()
                                            + " was taken over by "
                                            + h.describe(Instant.now())
                                            + "; this run stops, so that their files do not mix");
                        });
    }

    private void renew() {
        try {
            exchange(
                    file,
                    found ->
                            found.filter(h -> !self.isSame(h)).isPresent()
                                    ? Optional.empty()
                                    : Optional.of(self.at(Instant.now())));
        } catch (StorageException e) {
            // A full disk, say: the run itself fails on it; the next renewal may succeed.
            LOGGER.log(System.Logger.Level.DEBUG, "the lease is not renewed", e);
        }
    }

    /** Gives the lease back. */
    @Override
    public void close() {
        renewals.shutdownNow();
        synchronized (MONITOR) {
            try {
                if (holder(file).filter(self::isSame).isPresent()) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                // The next process notices that this one has ended.
            }
        }
    }

    private interface Exchange {
        Optional<LeaseHolder> next(Optional<LeaseHolder> found);
    }

    /**
     * Reads the file and writes what comes of it, alone; no channel, which an interrupt of this
     * thread would close.
     */
    private static void exchange(Path file, Exchange exchange) {
        synchronized (MONITOR) {
            try (OutputStream _ =
                            // There from now on; says what is wrong where it cannot be.
                            Files.newOutputStream(
                                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw");
                    FileLock _ = lock(open.getChannel())) {
                Optional<LeaseHolder> next = exchange.next(read(open));
                if (next.isPresent()) {
                    byte[] bytes = JSON.writeValueAsBytes(next.get());
                    open.seek(0);
                    open.write(bytes);
                    open.setLength(bytes.length);
                }
            } catch (IOException e) {
                throw AtomicFiles.failure("cannot write " + file, e);
            }
        }
    }

    /**
     * Some network file systems have no locks; the token then tells who came last. Others hold the
     * lock for the moment of a write, so trying again soon gets it; to wait in {@code lock()} would
     * let an interrupt of this thread close the file.
     */
    private static @Nullable FileLock lock(FileChannel channel) {
        try {
            long end = System.nanoTime() + LOCK_NANOS;
            FileLock lock = channel.tryLock();
            while (lock == null && System.nanoTime() < end) {
                LockSupport.parkNanos(PAUSE_NANOS);
                lock = channel.tryLock();
            }
            return lock;
        } catch (IOException e) {
            return null;
        }
    }

    private static Optional<LeaseHolder> read(RandomAccessFile file) throws IOException {
        byte[] bytes = new byte[(int) Math.min(file.length(), MAX_BYTES)];
        file.readFully(bytes);
        return parse(new String(bytes, StandardCharsets.UTF_8));
    }

    private static Optional<LeaseHolder> holder(Path file) {
        try {
            return Files.size(file) > MAX_BYTES ? Optional.empty() : parse(Files.readString(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A file that was cut short, or has another form, is no lease. */
    private static Optional<LeaseHolder> parse(String text) {
        try {
            return text.isBlank()
                    ? Optional.empty()
                    : Optional.ofNullable(JSON.readValue(text, LeaseHolder.class));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }
}
