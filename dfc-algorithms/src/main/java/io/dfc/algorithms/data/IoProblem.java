package io.dfc.algorithms.data;

import io.dfc.algorithms.files.PathProblem;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NotDirectoryException;

/**
 * Words for failures of the operating system, whose own messages are often a bare path or nothing.
 */
final class IoProblem {
    private IoProblem() {}

    /** One line without the path. */
    static String describe(IOException e) {
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
