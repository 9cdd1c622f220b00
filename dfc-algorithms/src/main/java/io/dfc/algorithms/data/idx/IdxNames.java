package io.dfc.algorithms.data.idx;

import io.dfc.algorithms.files.IoProblem;
import io.dfc.algorithms.files.PathProblem;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.StorageException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds the four files of a data set of the MNIST kind by their names, however they are written:
 * {@code train-images-idx3-ubyte}, {@code Train_Images.idx3-float.gz}, {@code
 * emnist-letters-test-labels-idx1-ubyte}; in a folder or, as torchvision puts them, in one below.
 */
final class IdxNames {
    private static final Pattern NAME =
            Pattern.compile(
                    "(?:.*-)?(train|t10k|test)-(image|label)s?(?:-idx\\d?)?"
                            + "(?:-(?:ubyte|byte|short|int|float|double))?");

    private static final int DEPTH = 3;
    private static final int MOST_FOLDERS = 2000;

    private IdxNames() {}

    /** What a file holds. */
    enum Role {
        TRAIN_IMAGES("train-images-idx3-ubyte"),
        TRAIN_LABELS("train-labels-idx1-ubyte"),
        TEST_IMAGES("t10k-images-idx3-ubyte"),
        TEST_LABELS("t10k-labels-idx1-ubyte");

        private final String usualName;

        Role(String usualName) {
            this.usualName = usualName;
        }

        /** The usual name of such a file. */
        String usualName() {
            return usualName;
        }

        private static Role of(String part, String content) {
            boolean images = content.equals("image");
            return part.equals("train")
                    ? images ? TRAIN_IMAGES : TRAIN_LABELS
                    : images ? TEST_IMAGES : TEST_LABELS;
        }
    }

    private record Candidate(Path file, String name) {}

    /**
     * The files of a folder itself.
     *
     * @throws BadConfigurationException if there are files of several data sets
     */
    static Map<Role, Path> files(Path folder) {
        Map<Role, List<Candidate>> found = new EnumMap<>(Role.class);
        for (Path file : children(folder, false)) {
            String name = plain(file);
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches() && Files.isRegularFile(file)) {
                found.computeIfAbsent(
                                Role.of(matcher.group(1), matcher.group(2)), _ -> new ArrayList<>())
                        .add(new Candidate(file, name));
            }
        }
        Map<Role, Path> files = new EnumMap<>(Role.class);
        found.forEach((role, candidates) -> files.put(role, only(folder, role, candidates)));
        return files;
    }

    /** Lower case, without {@code .gz}, all separators alike. */
    private static String plain(Path file) {
        return file.getFileName()
                .toString()
                .toLowerCase(Locale.ROOT)
                .replaceFirst("\\.gz$", "")
                .replaceAll("[-_. ]+", "-");
    }

    /** The usual name goes before others, and a plain file before its packed copy. */
    private static Path only(Path folder, Role role, List<Candidate> candidates) {
        List<Candidate> best =
                candidates.stream()
                        .sorted(
                                Comparator.comparing(
                                                (Candidate c) -> !c.name.equals(role.usualName))
                                        .thenComparingInt(c -> c.file.toString().length())
                                        .thenComparing(c -> c.file.toString()))
                        .toList();
        List<String> names = best.stream().map(Candidate::name).distinct().toList();
        if (names.size() > 1 && !names.getFirst().equals(role.usualName)) {
            throw new BadConfigurationException(
                    "data",
                    folder
                            + " holds several data sets ("
                            + String.join(", ", names)
                            + "); put the four files of one into a folder of their own");
        }
        return best.getFirst().file;
    }

    /**
     * The folder that holds all four files: the given one, or the only such one below it.
     *
     * @return the folder; absent if there is none
     * @throws BadConfigurationException if there are several
     */
    static Optional<Path> complete(Path folder) {
        if (isComplete(folder)) {
            return Optional.of(folder);
        }
        List<Path> found = new ArrayList<>();
        List<Path> level = List.of(folder);
        int seen = 0;
        for (int depth = 0; depth < DEPTH; depth++) {
            List<Path> next = new ArrayList<>();
            for (Path parent : level) {
                next.addAll(children(parent, true));
            }
            seen += next.size();
            if (seen > MOST_FOLDERS) {
                break;
            }
            next.stream().filter(IdxNames::isComplete).forEach(found::add);
            level = next;
        }
        if (found.size() > 1) {
            throw new BadConfigurationException(
                    "data",
                    folder
                            + " holds several data sets; name one of "
                            + String.join(", ", found.stream().map(Path::toString).toList()));
        }
        return found.stream().findFirst();
    }

    private static boolean isComplete(Path folder) {
        return files(folder).size() == Role.values().length;
    }

    private static List<Path> children(Path folder, boolean folders) {
        if (!Files.isDirectory(folder) || !Files.isReadable(folder)) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(folder)) {
            return list.filter(p -> Files.isDirectory(p, LinkOption.NOFOLLOW_LINKS) == folders)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new StorageException(folder + ": cannot be read: " + IoProblem.describe(e), e);
        }
    }

    /**
     * Makes sure that a folder can be read.
     *
     * @throws StorageException if it is missing, a file or locked
     */
    static void requireFolder(Path folder) {
        String problem =
                PathProblem.of(folder)
                        .orElse(Files.isDirectory(folder) ? "" : "is a file and no folder");
        if (!problem.isEmpty()) {
            throw new StorageException(folder + ": " + problem + ", expected four IDX files in it");
        }
    }
}
