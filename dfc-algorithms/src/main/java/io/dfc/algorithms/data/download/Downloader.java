package io.dfc.algorithms.data.download;

import io.dfc.algorithms.files.ContentHash;
import io.dfc.algorithms.files.IoProblem;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.DfcException;
import io.dfc.api.error.StorageException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Fetches files of known length and checksum over HTTP.
 *
 * <p>A file appears under its name only when it is complete and its checksum is right; otherwise
 * nothing stays behind. A file that is there already with the right checksum is not fetched again.
 */
public final class Downloader {
    /** How long a server may send nothing before it is given up, unless asked otherwise. */
    public static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(30);

    private static final int OK = 200;
    private static final int CHUNK = 1 << 16;
    private static final int CHECKS_PER_PATIENCE = 10;

    private final Duration patience;

    /**
     * Creates a downloader.
     *
     * @param patience how long a server may send nothing before it is given up, above 0
     */
    public Downloader(Duration patience) {
        if (!patience.isPositive()) {
            throw new IllegalArgumentException(
                    "patience: expected a duration above 0, got " + patience);
        }
        this.patience = patience;
    }

    /**
     * Fetches the files of a public data set.
     *
     * @param data the data set
     * @param cache where to put them: in a folder with the name of the data set
     * @param listener receives the progress
     * @return the folder
     * @throws StorageException if no host delivers, or the file cannot be written
     * @throws BadDataException if the only host delivers something else
     */
    public Path fetch(PublicData data, DataCache cache, DownloadListener listener) {
        Path folder = cache.folder(data.name());
        for (RemoteFile file : data.files()) {
            fetch(file, data.mirrors(), folder, listener);
        }
        return folder;
    }

    /**
     * Fetches one file.
     *
     * @param file the file
     * @param mirrors folders on the web that hold it, tried in order; each ends in a slash; at
     *     least one
     * @param folder where to put it; created if missing
     * @param listener receives the progress
     * @return the file on disk
     * @throws StorageException if no host delivers, or the file cannot be written
     * @throws BadDataException if the only host delivers something else
     */
    public Path fetch(RemoteFile file, List<URI> mirrors, Path folder, DownloadListener listener) {
        Path target = folder.resolve(file.name());
        Path part = null;
        try {
            Files.createDirectories(folder);
            if (holds(target, file)) {
                return target;
            }
            part = Files.createTempFile(folder, file.name(), ".part");
            receive(file, mirrors, part, listener);
            move(part, target);
            return target;
        } catch (IOException e) {
            throw new StorageException(target + ": cannot be written: " + IoProblem.describe(e), e);
        } finally {
            deleteQuietly(part);
        }
    }

    private static boolean holds(Path target, RemoteFile file) throws IOException {
        if (!Files.isRegularFile(target) || Files.size(target) != file.bytes()) {
            return false;
        }
        ContentHash hash = ContentHash.md5();
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = Files.newInputStream(target)) {
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                hash.bytes(chunk, 0, read);
            }
        }
        return hash.hex().equals(file.md5());
    }

    private void receive(RemoteFile file, List<URI> mirrors, Path part, DownloadListener listener)
            throws IOException {
        List<DfcException> failures = new ArrayList<>();
        for (URI mirror : mirrors) {
            try (FileChannel out =
                    FileChannel.open(
                            part, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                DfcException failure =
                        attempt(
                                mirror.resolve(file.name()),
                                new DownloadBody(file, out, listener),
                                file);
                if (failure == null) {
                    out.force(true);
                    return;
                }
                failures.add(failure);
            }
        }
        if (failures.size() == 1) {
            throw failures.getFirst();
        }
        throw new StorageException(
                failures.stream().map(Throwable::getMessage).collect(Collectors.joining("; ")));
    }

    /** Tries one host; returns what is wrong with it, or null if the file came as expected. */
    private @Nullable DfcException attempt(URI address, DownloadBody body, RemoteFile file)
            throws IOException {
        HttpClient client =
                HttpClient.newBuilder()
                        .followRedirects(HttpClient.Redirect.NORMAL)
                        .connectTimeout(patience)
                        .build();
        try {
            HttpResponse<String> response = await(client, address, body);
            if (response.statusCode() != OK) {
                return new StorageException(
                        address + ": expected HTTP status 200, got " + response.statusCode());
            }
            return response.body().equals(file.md5())
                    ? null
                    : new BadDataException(
                            address.toString(),
                            "expected "
                                    + file.bytes()
                                    + " bytes with MD5 "
                                    + file.md5()
                                    + ", received "
                                    + body.received()
                                    + " bytes with MD5 "
                                    + response.body());
        } catch (DownloadBody.LocalFailure e) {
            throw new IOException(IoProblem.describe(e.problem()), e);
        } catch (IOException e) {
            return new StorageException(address + ": " + IoProblem.describe(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException(address + ": the download was interrupted", e);
        } finally {
            client.shutdownNow();
        }
    }

    /** Waits for the whole response, but only as long as bytes arrive. */
    private HttpResponse<String> await(HttpClient client, URI address, DownloadBody body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address).build();
        CompletableFuture<HttpResponse<String>> response =
                client.sendAsync(
                        request,
                        head ->
                                head.statusCode() == OK
                                        ? body
                                        : HttpResponse.BodySubscribers.replacing(""));
        long check = Math.max(1, patience.toMillis() / CHECKS_PER_PATIENCE);
        try {
            while (true) {
                try {
                    return response.get(check, TimeUnit.MILLISECONDS);
                } catch (TimeoutException _) {
                    if (body.idle().compareTo(patience) > 0) {
                        throw new HttpTimeoutException(
                                "nothing received for "
                                        + patience.toMillis() / 1000.0
                                        + " s; try again later");
                    }
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException problem) {
                throw problem;
            }
            throw new IOException(e.getCause());
        } finally {
            response.cancel(true);
        }
    }

    private static void move(Path part, Path target) throws IOException {
        try {
            Files.move(
                    part,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException _) {
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void deleteQuietly(@Nullable Path part) {
        try {
            if (part != null) {
                Files.deleteIfExists(part);
            }
        } catch (IOException _) {
            // The error that led here says more than a temporary file that stays.
        }
    }
}
