package io.dfc.algorithms.store;

import io.dfc.algorithms.files.Excerpt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Who holds a {@link RunLease}.
 *
 * @param host name of the computer
 * @param machine what tells this boot of the computer, and its view of processes, from others; may
 *     be empty
 * @param process process number
 * @param started when the process started: ticks since the boot of the computer where the system
 *     tells, which no change of its clock moves, else milliseconds since 1970; 0 if unknown
 * @param heartbeat last sign of life, in ISO 8601
 * @param token tells this lease from every other
 */
record LeaseHolder(
        String host, String machine, long process, long started, String heartbeat, String token) {
    /** Among the fields behind the name of the process. */
    private static final int START_FIELD = 19;

    /** Nobody is null, so that a file with a key missing is refused when it is read. */
    LeaseHolder {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(machine, "machine");
        Objects.requireNonNull(heartbeat, "heartbeat");
        Objects.requireNonNull(token, "token");
    }

    static LeaseHolder self(String token) {
        ProcessHandle process = ProcessHandle.current();
        return new LeaseHolder(
                hostName(),
                thisMachine(),
                process.pid(),
                start(process),
                Instant.now().toString(),
                token);
    }

    LeaseHolder at(Instant time) {
        return new LeaseHolder(host, machine, process, started, time.toString(), token);
    }

    boolean isSame(LeaseHolder other) {
        return token.equals(other.token);
    }

    boolean isOnThisMachine() {
        return host.equals(hostName()) && machine.equals(thisMachine());
    }

    boolean isAlive(Instant now) {
        if (isOnThisMachine()) {
            return ProcessHandle.of(process)
                    .filter(ProcessHandle::isAlive)
                    .map(LeaseHolder::start)
                    // Process numbers are used again.
                    .filter(start -> start == started || start == 0 || started == 0)
                    .isPresent();
        }
        // One from the future tells as little as an old one: a clock was wrong, and may be for
        // long.
        return age(now).abs().compareTo(RunLease.EXPIRY) < 0;
    }

    String describe(Instant now) {
        return "process "
                + process
                + " on "
                + Excerpt.of(host)
                + " (last sign of life "
                + Math.max(0, age(now).toSeconds())
                + " s ago)";
    }

    private Duration age(Instant now) {
        try {
            return Duration.between(Instant.parse(heartbeat), now);
        } catch (DateTimeException e) {
            return RunLease.EXPIRY;
        }
    }

    /**
     * Java derives the instant from the clock as it was when the virtual machine began, so that two
     * of them disagree about the same process if the clock was set in between.
     */
    private static long start(ProcessHandle process) {
        return text(Path.of("/proc", Long.toString(process.pid()), "stat"))
                .flatMap(LeaseHolder::ticks)
                .or(() -> process.info().startInstant().map(Instant::toEpochMilli))
                .orElse(0L);
    }

    /** The start among what Linux tells of a process; its name, in brackets, may hold anything. */
    private static Optional<Long> ticks(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        return fields.length > START_FIELD
                ? Optional.of(Long.parseLong(fields[START_FIELD]))
                : Optional.empty();
    }

    private static String hostName() {
        return text(Path.of("/proc/sys/kernel/hostname"))
                .or(() -> Optional.ofNullable(System.getenv("HOSTNAME")))
                .or(() -> Optional.ofNullable(System.getenv("COMPUTERNAME")))
                .orElse("unknown host");
    }

    private static String thisMachine() {
        return text(Path.of("/proc/sys/kernel/random/boot_id")).orElse("") + processNamespace();
    }

    /** Containers of one host have process numbers of their own. */
    private static String processNamespace() {
        try {
            return " " + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }

    private static Optional<String> text(Path file) {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
