package io.dfc.algorithms.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Says why a path cannot be read. What the operating system and Java say is often a bare path, and
 * a folder without permission or a dangling link passes for a file that is not there.
 */
public final class PathProblem {
    private PathProblem() {}

    /**
     * Looks along a path for what keeps it from being read.
     *
     * @param path file or folder
     * @return the reason, without the path itself but with the part of it that is to blame; empty
     *     if the path can be read
     */
    public static Optional<String> of(Path path) {
        Path absolute = path.toAbsolutePath();
        for (int names = 1; names <= absolute.getNameCount(); names++) {
            Path part = absolute.getRoot().resolve(absolute.subpath(0, names));
            boolean last = names == absolute.getNameCount();
            String who = last ? "it" : "the folder " + part;
            if (!Files.exists(part)) {
                return Optional.of(
                        Files.isSymbolicLink(part)
                                ? who + " is a dangling link" + target(part)
                                : last ? "no such file or folder" : "there is no folder " + part);
            }
            if (!last && !Files.isDirectory(part)) {
                return Optional.of(part + " is not a folder");
            }
            boolean folder = Files.isDirectory(part);
            if (folder && !Files.isExecutable(part) || last && !Files.isReadable(part)) {
                return Optional.of(
                        "permission denied: "
                                + who
                                + " may not be "
                                + (folder && !Files.isExecutable(part) ? "entered" : "read"));
            }
        }
        return Optional.empty();
    }

    /**
     * Describes a failure of the file system.
     *
     * @param e the failure
     * @return the reason in one line
     */
    public static String describe(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> atFault(missing, "no such file or folder");
            case AccessDeniedException denied -> "permission denied";
            case FileAlreadyExistsException exists ->
                    atFault(exists, exists.getFile() + " is a file, not a folder");
            case FileNotFoundException old -> inBrackets(message(old));
            case NotDirectoryException notFolder -> "a part of the path is not a folder";
            case FileSystemException other when other.getReason() != null ->
                    other.getReason().equals("Not a directory")
                            ? "a part of the path is not a folder"
                            : other.getReason();
            default -> message(e);
        };
    }

    /**
     * Exceptions without words, or with none but the name of their class, say nothing to a user.
     */
    private static String message(IOException e) {
        String first =
                e.getMessage() == null ? "" : e.getMessage().lines().findFirst().orElse("").strip();
        return first.isEmpty() ? "the operating system gives no reason" : first;
    }

    /** Older classes of Java say the path, and the reason of the operating system in brackets. */
    private static String inBrackets(String message) {
        int open = message.lastIndexOf('(');
        String reason =
                open >= 0 && message.endsWith(")")
                        ? message.substring(open + 1, message.length() - 1)
                        : message;
        return switch (reason) {
            case "No such file or directory" -> "no such file or folder";
            case "Not a directory" -> "a part of the path is not a folder";
            case "Permission denied" -> "permission denied";
            default -> reason;
        };
    }

    /** The dangling link that the failure is about, if it is about one. */
    private static String atFault(FileSystemException e, String otherwise) {
        try {
            for (Path part = e.getFile() == null ? null : Path.of(e.getFile()).toAbsolutePath();
                    part != null;
                    part = part.getParent()) {
                if (Files.exists(part, LinkOption.NOFOLLOW_LINKS)) {
                    return Files.exists(part)
                            ? otherwise
                            : part + " is a dangling link" + target(part);
                }
            }
        } catch (InvalidPathException unusual) {
            return otherwise;
        }
        return otherwise;
    }

    private static String target(Path link) {
        try {
            return " to " + Files.readSymbolicLink(link);
        } catch (IOException e) {
            return "";
        }
    }
}
