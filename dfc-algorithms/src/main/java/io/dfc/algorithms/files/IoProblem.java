package io.dfc.algorithms.files;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NotDirectoryException;

/**
 * Describes failures of the operating system, whose own messages are often a bare path or nothing.
 */
public final class IoProblem {
    private IoProblem() {}

    /**
     * Describes a failure.
     *
     * @param e the failure
     * @return one line without the path
     */
    public static String describe(IOException e) {
        return switch (e) {
            case FileAlreadyExistsException _, NotDirectoryException _ ->
                    "a part of the path is not a folder";
            case ConnectException c when c.getCause() instanceof UnresolvedAddressException ->
                    "unknown host (no network?)";
            case ConnectException _ -> "no connection (no network?)";
            default -> PathProblem.describe(e);
        };
    }
}
