package io.dfc.algorithms.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.StorageException;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class RunLeaseTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir private Path folder;

    private Path file() {
        return folder.resolve(RunLease.FILE);
    }

    private void write(LeaseHolder holder) throws IOException {
        Files.write(file(), JSON.writeValueAsBytes(holder));
    }

    private static LeaseHolder elsewhere(Instant heartbeat) {
        return new LeaseHolder("far-away", "another boot", 17, 1, heartbeat.toString(), "theirs");
    }

    @Test
    void theFileNamesHostProcessAndHeartbeatAndIsGoneAfterwards() {
        try (RunLease lease = RunLease.acquire(folder)) {
            LeaseHolder holder = JSON.readValue(file().toFile(), LeaseHolder.class);
            assertThat(holder.process()).isEqualTo(ProcessHandle.current().pid());
            assertThat(holder.host()).isNotBlank();
            assertThat(Instant.parse(holder.heartbeat())).isBefore(Instant.now().plusSeconds(1));
            assertThat(RunLease.isHeld(folder)).isTrue();
            lease.requireHeld();
        }
        assertThat(file()).doesNotExist();
        assertThat(RunLease.isHeld(folder)).isFalse();
    }

    @Test
    void aSecondHolderIsRefusedWithTheFirstOnesName() {
        try (RunLease lease = RunLease.acquire(folder)) {
            assertThatThrownBy(() -> RunLease.acquire(folder))
                    .isInstanceOf(BadConfigurationException.class)
                    .hasMessageContaining(folder.toString())
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
            assertThatThrownBy(() -> RunLease.requireFree(folder))
                    .isInstanceOf(BadConfigurationException.class);
            lease.requireHeld();
        }
    }

    @Test
    void ofManyWhoTryAtOnceOneHoldsIt() throws Exception {
        List<Callable<Boolean>> tries = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            tries.add(
                    () -> {
                        try {
                            // Held until the test ends, so that no other can come after it.
                            RunLease.acquire(folder).requireHeld();
                            return true;
                        } catch (BadConfigurationException e) {
                            return false;
                        }
                    });
        }
        int holders = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(tries.size())) {
            for (Future<Boolean> held : threads.invokeAll(tries)) {
                holders += held.get() ? 1 : 0;
            }
        }
        assertThat(holders).isEqualTo(1);
    }

    @Test
    void aProcessOfThisMachineThatDiedIsTakenOverAtOnce() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        LeaseHolder self = LeaseHolder.self("dead");
        write(
                new LeaseHolder(
                        self.host(),
                        self.machine(),
                        process.pid(),
                        self.started(),
                        Instant.now().toString(),
                        "dead"));
        try (RunLease lease = RunLease.acquire(folder)) {
            lease.requireHeld();
        }
    }

    @Test
    void aProcessNumberThatIsUsedAgainIsNotTheHolder() throws IOException {
        LeaseHolder self = LeaseHolder.self("before");
        write(
                new LeaseHolder(
                        self.host(),
                        self.machine(),
                        self.process(),
                        self.started() - 1000,
                        Instant.now().toString(),
                        "before"));
        try (RunLease lease = RunLease.acquire(folder)) {
            lease.requireHeld();
        }
    }

    @Test
    void aLeaseOfAnotherMachineHoldsUntilItsHeartbeatIsOld() throws IOException {
        write(elsewhere(Instant.now().minusSeconds(20)));
        assertThatThrownBy(() -> RunLease.acquire(folder))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("process 17 on far-away")
                .hasMessageContaining("runs out 60 s after");
        write(elsewhere(Instant.now().minusSeconds(61)));
        try (RunLease lease = RunLease.acquire(folder)) {
            lease.requireHeld();
        }
    }

    @Test
    void whateverALeaseSaysIsToldInOneLine() throws IOException {
        write(
                new LeaseHolder(
                        "far\n\u0085away" + "y".repeat(100),
                        "another boot",
                        17,
                        1,
                        Instant.now().toString(),
                        "theirs"));
        assertThatThrownBy(() -> RunLease.requireFree(folder))
                .hasMessageContaining("process 17 on far awayyyyy")
                .hasMessageContaining("yy... (last sign of life");
    }

    /** Whatever its own clock or this one did: nobody waits for years. */
    @Test
    void aLeaseFromTheFutureHoldsNoLongerThanOneOfThePast() throws IOException {
        write(elsewhere(Instant.now().plusSeconds(20)));
        assertThatThrownBy(() -> RunLease.acquire(folder))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessageContaining("last sign of life 0 s ago");
        write(elsewhere(Instant.now().plusSeconds(70)));
        try (RunLease lease = RunLease.acquire(folder)) {
            lease.requireHeld();
        }
    }

    /** A clock that was set back or forth since makes no other process of this one. */
    @Test
    void aProcessOfThisMachineHoldsItsLeaseWhateverTheClockSays() {
        LeaseHolder self = LeaseHolder.self("this");
        Instant now = Instant.now();
        for (long hours : new long[] {-24, 0, 24}) {
            assertThat(self.at(now.plusSeconds(hours * 3600)).isAlive(now)).isTrue();
        }
    }

    @Test
    void theStartOfAProcessIsToldByTheSystemAndNotByTheClock() throws IOException {
        Path stat = Path.of("/proc/self/stat");
        Assumptions.assumeTrue(Files.exists(stat), "skipped: this system has no /proc");
        String[] fields = Files.readString(stat).replaceFirst("^.*\\) ", "").split(" ", -1);
        assertThat(LeaseHolder.self("this").started()).isEqualTo(Long.parseLong(fields[19]));
        assertThat(LeaseHolder.self("this").started())
                .as("ticks since the boot are far fewer than milliseconds since 1970")
                .isLessThan(Instant.parse("2020-01-01T00:00:00Z").toEpochMilli());
    }

    @Test
    void whoeverWasTakenOverWritesNoMore() throws IOException {
        try (RunLease lease = RunLease.acquire(folder)) {
            write(elsewhere(Instant.now()));
            assertThatThrownBy(lease::requireHeld)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("taken over by process 17 on far-away");
        }
        assertThat(file()).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"host\": 5}", "null", "{\"heartbeat\": \"soon\"}"})
    void aFileThatSaysNothingHoldsNobodyOff(String text) throws IOException {
        Files.writeString(file(), text);
        try (RunLease lease = RunLease.acquire(folder)) {
            lease.requireHeld();
        }
    }
}
