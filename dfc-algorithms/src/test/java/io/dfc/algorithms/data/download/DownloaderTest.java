package io.dfc.algorithms.data.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.data.IdxFiles;
import io.dfc.algorithms.data.Normalization;
import io.dfc.algorithms.files.ContentHash;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

@Timeout(30)
class DownloaderTest {
    private static final byte[] BODY = new byte[200_000];
    private static final RemoteFile FILE = file(BODY);

    private final Downloader downloader = new Downloader(Duration.ofMillis(1500));
    private final List<RawHttpServer> servers = new ArrayList<>();

    @TempDir private Path folder;

    @AfterEach
    void stopServers() throws IOException {
        for (RawHttpServer server : servers) {
            server.close();
        }
    }

    @Test
    void aFileArrivesWhole() throws IOException {
        Path file = fetch(sound());
        assertThat(file).isEqualTo(cache().resolve("data.gz")).hasBinaryContent(BODY);
        assertOnlyFiles("data.gz");
    }

    @Test
    void progressGrowsUpToTheLength() throws IOException {
        List<Long> progress = new ArrayList<>();
        downloader.fetch(
                FILE, List.of(sound()), cache(), (file, received) -> progress.add(received));
        assertThat(progress).isSorted().endsWith(FILE.bytes());
    }

    @Test
    void aFileThatIsThereIsNotFetchedAgain() throws IOException {
        URI address = sound();
        fetch(address);
        fetch(address);
        assertThat(servers.getFirst().requests()).isEqualTo(1);
    }

    @Test
    void aDamagedFileIsFetchedAgain() throws IOException {
        IdxFiles.write(cache(), "data.gz", new byte[BODY.length - 1]);
        assertThat(fetch(sound())).hasBinaryContent(BODY);
    }

    @Test
    void aWrongChecksumShowsBothSums() throws IOException {
        byte[] other = BODY.clone();
        other[7] = 1;
        URI address = serve(RawHttpServer.answering("200 OK", other.length, other));
        assertThatThrownBy(() -> fetch(address))
                .isInstanceOf(BadDataException.class)
                .hasMessage(
                        address
                                + "data.gz: expected 200000 bytes with MD5 "
                                + FILE.md5()
                                + ", received 200000 bytes with MD5 "
                                + file(other).md5());
        assertNothingLeft();
    }

    @Test
    void aMissingFileShowsTheStatus() throws IOException {
        URI address = serve(RawHttpServer.answering("404 Not Found", 3, new byte[3]));
        assertThatThrownBy(() -> fetch(address))
                .isInstanceOf(StorageException.class)
                .hasMessage(address + "data.gz: expected HTTP status 200, got 404");
        assertNothingLeft();
    }

    @Test
    void aBodyCutShortIsNotKept() throws IOException {
        URI address = serve(RawHttpServer.answering("200 OK", BODY.length, new byte[1000]));
        assertThatThrownBy(() -> fetch(address))
                .isInstanceOf(StorageException.class)
                .hasMessageStartingWith(address + "data.gz: ");
        assertNothingLeft();
    }

    @Test
    void aBodyThatDoesNotEndIsCutOff() throws IOException {
        URI address = serve(RawHttpServer.hanging("200 OK", 1L << 40, new byte[BODY.length + 1]));
        assertThatThrownBy(() -> fetch(address))
                .isInstanceOf(StorageException.class)
                .hasMessageEndingWith("expected 200000 bytes, the server sends more");
        assertNothingLeft();
    }

    @Test
    void aServerThatSaysNothingIsGivenUp() throws IOException {
        URI address = serve(RawHttpServer.silent());
        assertThatThrownBy(() -> fetch(address))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("nothing received for 1.5 s");
        assertNothingLeft();
    }

    @Test
    void aServerThatStallsInTheMiddleIsGivenUp() throws IOException {
        URI address = serve(RawHttpServer.hanging("200 OK", BODY.length, new byte[1000]));
        assertThatThrownBy(() -> fetch(address))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("nothing received for 1.5 s");
        assertNothingLeft();
    }

    @Test
    void aClosedPortIsReportedInOneLine() throws IOException {
        URI address = closedPort();
        assertThatThrownBy(() -> fetch(address))
                .isInstanceOf(StorageException.class)
                .hasMessage(address + "data.gz: no connection (no network?)");
        assertNothingLeft();
    }

    @Test
    void theNextMirrorIsTriedWhenOneFails() throws IOException {
        URI broken = serve(RawHttpServer.answering("200 OK", 4, new byte[4]));
        Path file =
                downloader.fetch(FILE, List.of(broken, sound()), cache(), DownloadListener.none());
        assertThat(file).hasBinaryContent(BODY);
    }

    @Test
    void whenEveryMirrorFailsAllAreNamed() throws IOException {
        URI first = serve(RawHttpServer.answering("503 Busy", 0, new byte[0]));
        URI second = closedPort();
        assertThatThrownBy(
                        () ->
                                downloader.fetch(
                                        FILE,
                                        List.of(first, second),
                                        cache(),
                                        DownloadListener.none()))
                .isInstanceOf(StorageException.class)
                .hasMessage(
                        first
                                + "data.gz: expected HTTP status 200, got 503; "
                                + second
                                + "data.gz: no connection (no network?)");
    }

    @Test
    void aCacheThatCannotBeMadeIsReported() throws IOException {
        Path blocked = IdxFiles.write(folder, "blocked", new byte[0]);
        URI address = sound();
        assertThatThrownBy(
                        () ->
                                downloader.fetch(
                                        FILE,
                                        List.of(address),
                                        blocked.resolve("x"),
                                        DownloadListener.none()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("cannot be written");
    }

    @Test
    void aPublicDataSetLandsInItsFolder() throws IOException {
        PublicData data =
                new PublicData("tiny", Normalization.UNIT_RANGE, List.of(sound()), List.of(FILE));
        assertThat(downloader.fetch(data, new DataCache(folder), DownloadListener.none()))
                .isEqualTo(folder.resolve("tiny"));
        assertThat(folder.resolve("tiny/data.gz")).hasBinaryContent(BODY);
    }

    private Path fetch(URI address) {
        return downloader.fetch(FILE, List.of(address), cache(), DownloadListener.none());
    }

    private Path cache() {
        return folder.resolve("cache");
    }

    private URI sound() throws IOException {
        return serve(RawHttpServer.answering("200 OK", BODY.length, BODY));
    }

    private URI serve(RawHttpServer server) {
        servers.add(server);
        return server.address();
    }

    private static URI closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
        }
    }

    private static RemoteFile file(byte[] content) {
        ContentHash hash = ContentHash.md5();
        hash.bytes(content, 0, content.length);
        return new RemoteFile("data.gz", content.length, hash.hex());
    }

    private void assertNothingLeft() throws IOException {
        assertOnlyFiles();
    }

    private void assertOnlyFiles(String... names) throws IOException {
        try (var files = Files.list(cache())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(names);
        }
    }
}
