package io.dfc.algorithms.data.download;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** A local server that answers every request with the same bytes, whatever HTTP thinks of them. */
final class RawHttpServer implements AutoCloseable {
    private final ServerSocket socket;
    private final byte[] answer;
    private final boolean hangs;
    private final AtomicInteger requests = new AtomicInteger();

    private RawHttpServer(byte[] answer, boolean hangs) throws IOException {
        this.answer = answer;
        this.hangs = hangs;
        socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    /**
     * Answers with a status, a promised length and a body that need not have that length, and hangs
     * up.
     */
    static RawHttpServer answering(String status, long length, byte[] body) throws IOException {
        return new RawHttpServer(message(status, length, body), false);
    }

    /** Answers like the other one, but never hangs up. */
    static RawHttpServer hanging(String status, long length, byte[] body) throws IOException {
        return new RawHttpServer(message(status, length, body), true);
    }

    /** Takes requests and says nothing. */
    static RawHttpServer silent() throws IOException {
        return new RawHttpServer(new byte[0], true);
    }

    private static byte[] message(String status, long length, byte[] body) {
        byte[] head =
                ("HTTP/1.1 " + status + "\r\nContent-Length: " + length + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/files/");
    }

    int requests() {
        return requests.get();
    }

    private void serve() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                Thread.ofVirtual().start(() -> answer(connection));
            } catch (SocketException _) {
                return;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void answer(Socket connection) {
        try (connection) {
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(
                                    connection.getInputStream(), StandardCharsets.US_ASCII));
            String line = in.readLine();
            while (line != null && !line.isEmpty()) {
                line = in.readLine();
            }
            requests.incrementAndGet();
            OutputStream out = connection.getOutputStream();
            out.write(answer);
            out.flush();
            if (hangs) {
                // Blocks until the client gives up.
                in.read();
            }
        } catch (IOException _) {
            // The client has gone, as several tests expect.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
