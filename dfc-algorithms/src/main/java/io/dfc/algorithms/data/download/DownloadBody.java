package io.dfc.algorithms.data.download;

import io.dfc.algorithms.files.ContentHash;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * Writes the body of a response to a file and hashes it, up to the length that is expected; its
 * result is the MD5 sum.
 */
final class DownloadBody implements HttpResponse.BodySubscriber<String> {
    private final RemoteFile file;
    private final FileChannel out;
    private final DownloadListener listener;
    private final ContentHash hash = ContentHash.md5();
    private final CompletableFuture<String> sum = new CompletableFuture<>();

    @SuppressWarnings("NullAway.Init") // comes before any bytes
    private Flow.Subscription subscription;

    private volatile long received;
    private volatile long lastActivity = System.nanoTime();

    DownloadBody(RemoteFile file, FileChannel out, DownloadListener listener) {
        this.file = file;
        this.out = out;
        this.listener = listener;
    }

    /** A failure to write on this machine, which no other host would mend. */
    static final class LocalFailure extends IOException {
        private static final long serialVersionUID = 1L;

        private final IOException problem;

        LocalFailure(IOException problem) {
            super(problem);
            this.problem = problem;
        }

        IOException problem() {
            return problem;
        }
    }

    /** The number of bytes so far. */
    long received() {
        return received;
    }

    /** The time since anything came. */
    Duration idle() {
        return Duration.ofNanos(System.nanoTime() - lastActivity);
    }

    @Override
    public CompletionStage<String> getBody() {
        return sum;
    }

    @Override
    public void onSubscribe(Flow.Subscription bytes) {
        subscription = bytes;
        lastActivity = System.nanoTime();
        bytes.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        lastActivity = System.nanoTime();
        try {
            for (ByteBuffer buffer : buffers) {
                take(buffer);
            }
            listener.received(file, received);
            subscription.request(1);
        } catch (IOException | RuntimeException e) {
            subscription.cancel();
            sum.completeExceptionally(e);
        }
    }

    private void take(ByteBuffer buffer) throws IOException {
        long total = received + buffer.remaining();
        if (total > file.bytes()) {
            throw new IOException("expected " + file.bytes() + " bytes, the server sends more");
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        hash.bytes(bytes, 0, bytes.length);
        try {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                out.write(rest);
            }
        } catch (IOException e) {
            throw new LocalFailure(e);
        }
        received = total;
    }

    @Override
    public void onError(Throwable problem) {
        sum.completeExceptionally(problem);
    }

    @Override
    public void onComplete() {
        sum.complete(hash.hex());
    }
}
