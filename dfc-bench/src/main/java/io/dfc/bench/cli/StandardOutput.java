package io.dfc.bench.cli;

import io.dfc.bench.report.Text;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ExitCode;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Standard output that remembers a failure to write. A writer does not report one, and a result
 * that was never written would pass as written.
 */
final class StandardOutput extends OutputStream {
    /** What a shell reports of a program that wrote to a reader that had left. */
    private static final int READER_LEFT = 128 + 13;

    private final OutputStream out;
    private final PrintWriter writer = new PrintWriter(this, true, StandardCharsets.UTF_8);
    private @Nullable IOException failure;

    /** Creates it on the process' standard output. */
    StandardOutput() {
        this(new FileOutputStream(FileDescriptor.out));
    }

    /**
     * Creates it on any stream.
     *
     * @param out receives what is written
     */
    StandardOutput(OutputStream out) {
        this.out = out;
    }

    /** {@return a writer in UTF-8 to here} */
    PrintWriter writer() {
        return writer;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            if (failure == null) {
                failure = e;
            }
            throw e;
        }
    }

    /**
     * Writes what is left, and reports if something could not be written.
     *
     * @param code exit code of the command
     * @param err receives the report, in one line
     * @return the exit code, which is that of a failure if the command's own was not
     */
    int finish(int code, PrintWriter err) {
        writer.flush();
        if (failure == null) {
            return code;
        }
        String reason = Text.oneLine(String.valueOf(failure.getMessage()));
        if (reason.toLowerCase(Locale.ROOT).contains("pipe")) {
            return code == ExitCode.OK ? READER_LEFT : code;
        }
        err.println("error: cannot write the result to standard output: " + reason);
        err.flush();
        return code == ExitCode.OK ? ExitCode.SOFTWARE : code;
    }
}
