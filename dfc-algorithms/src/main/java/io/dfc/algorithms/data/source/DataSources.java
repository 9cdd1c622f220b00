package io.dfc.algorithms.data.source;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.FittedEncoding;
import io.dfc.algorithms.data.SplitSizes;
import io.dfc.algorithms.data.TableEncoding;
import io.dfc.algorithms.data.csv.CsvFile;
import io.dfc.algorithms.data.csv.CsvOptions;
import io.dfc.algorithms.data.download.PublicData;
import io.dfc.algorithms.data.idx.IdxFolder;
import io.dfc.algorithms.data.source.DataDescription.Kind;
import io.dfc.algorithms.data.source.DataDescription.Shape;
import io.dfc.algorithms.data.synthetic.Glyphs;
import io.dfc.algorithms.data.synthetic.StudentTeacher;
import io.dfc.algorithms.files.InputFile;
import io.dfc.algorithms.files.PathProblem;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Loads data sets by name.
 *
 * <table>
 *   <caption>Names</caption>
 *   <tr><td>{@code glyphs}</td><td>built-in digits, see {@link Glyphs}</td></tr>
 *   <tr><td>{@code student-teacher}</td><td>toy regression, see {@link StudentTeacher}</td></tr>
 *   <tr><td>{@code mnist}, {@code fashion-mnist}</td><td>see {@link PublicData}; 5000 of the 60000 training images are held
 *       out, in a fixed random order that does not depend on the seed</td></tr>
 *   <tr><td>{@code X-autoencoder}</td><td>the images of {@code X} with themselves as targets</td></tr>
 *   <tr><td>{@code csv:FILE}</td><td>a table with a header row; see {@link CsvOptions}</td></tr>
 *   <tr><td>{@code idx:DIR}</td><td>a folder with four files of the MNIST kind, or one above it, standardised with the mean
 *       and deviation of all training pixels; a twelfth of the training images is held out; the training labels name the
 *       classes</td></tr>
 * </table>
 */
public final class DataSources {
    private static final String GLYPHS = "glyphs";
    private static final String STUDENT_TEACHER = "student-teacher";
    private static final String CSV = "csv:";
    private static final String IDX = "idx:";
    private static final String AUTOENCODER = "-autoencoder";
    private static final String KEY = "data";
    private static final int IMAGE_CLASSES = 10;
    private static final int IMAGE_PIXELS = 28 * 28;

    private DataSources() {}

    /**
     * Loads a data set.
     *
     * @param spec its name, as in the table above
     * @param options choices besides the name
     * @return its parts
     * @throws BadConfigurationException if there is no data set of that name, or a CSV file's
     *     target column is not chosen
     * @throws StorageException if files are missing or cannot be read; the message says where they
     *     were looked for
     * @throws BadDataException if a file is damaged
     */
    public static DataSplits load(String spec, DataOptions options) {
        if (spec.startsWith(CSV)) {
            return CsvFile.load(
                    path(spec, CSV), options.csv(), options.holdOut(), options.fitted());
        }
        if (spec.startsWith(IDX)) {
            return IdxFolder.require(path(spec, IDX))
                    .load(
                            spec,
                            Optional.empty(),
                            Optional.empty(),
                            options.holdOut(),
                            options.fitted());
        }
        if (!names().contains(spec)) {
            throw new BadConfigurationException(
                    KEY,
                    "no data set '"
                            + spec
                            + "'; expected "
                            + String.join(", ", names())
                            + ", "
                            + CSV
                            + "FILE or "
                            + IDX
                            + "DIR"
                            + ownFile(spec));
        }
        if (spec.endsWith(AUTOENCODER)) {
            String images = spec.substring(0, spec.length() - AUTOENCODER.length());
            return load(images, options).asAutoencoder(spec);
        }
        return switch (spec) {
            case GLYPHS -> Glyphs.generate(sizes(options.glyphs(), options), Glyphs.DEFAULT_SEED);
            case STUDENT_TEACHER -> task(options).generate(options.seed());
            default -> load(PublicData.of(spec), options);
        };
    }

    private static DataSplits load(PublicData data, DataOptions options) {
        return find(data, options)
                .flatMap(IdxFolder::find)
                .orElseThrow(() -> missing(data, options))
                .load(
                        data.name(),
                        Optional.of(data.normalization()),
                        Optional.of(IMAGE_CLASSES),
                        options.holdOut(),
                        Optional.empty());
    }

    /** What to say where a name is that of a file or folder. */
    private static String ownFile(String spec) {
        try {
            Path path = Path.of(spec);
            return !Files.exists(path)
                    ? ""
                    : "; did you mean " + (Files.isDirectory(path) ? IDX : CSV) + spec + "?";
        } catch (InvalidPathException _) {
            return "";
        }
    }

    /**
     * Loads samples to evaluate another reader's network on: all rows of a table, or the test
     * images of a folder.
     *
     * @param spec {@code csv:FILE} or {@code idx:DIR}
     * @param options choices besides the name, {@link DataOptions#fitted} among them
     * @return the samples
     * @throws BadConfigurationException if the name is none of a file
     * @throws StorageException if files are missing or cannot be read
     * @throws BadDataException if a file is damaged, or its columns or classes are not those of the
     *     network
     */
    public static DataSet loadForEvaluation(String spec, DataOptions options) {
        FittedEncoding fitted =
                options.fitted()
                        .orElseThrow(
                                () -> new IllegalArgumentException("expected a fitted encoding"));
        boolean table = fitted.encoding() instanceof TableEncoding;
        if (table && spec.startsWith(CSV)) {
            return CsvFile.all(
                    InputFile.require(path(spec, CSV), "a CSV file"), options.csv(), fitted);
        }
        if (!table && spec.startsWith(IDX)) {
            return IdxFolder.require(path(spec, IDX)).test(spec, fitted);
        }
        throw new BadConfigurationException(
                KEY,
                "expected "
                        + (table ? CSV + "FILE" : IDX + "DIR")
                        + ", like that of "
                        + fitted.owner()
                        + ", found '"
                        + spec
                        + "'");
    }

    /**
     * The same data set, named so that it is found from any folder.
     *
     * @param spec its name
     * @return the name, with an absolute path if it has one
     */
    public static String absolute(String spec) {
        for (String prefix : List.of(CSV, IDX)) {
            if (spec.startsWith(prefix)) {
                return prefix + path(spec, prefix).toAbsolutePath().normalize();
            }
        }
        return spec;
    }

    /**
     * Whether a data set is made of files of the user.
     *
     * @param spec its name
     * @return whether it names a file or folder
     */
    public static boolean isOwn(String spec) {
        return spec.startsWith(CSV) || spec.startsWith(IDX);
    }

    /**
     * Whether a data set is a table of the user.
     *
     * @param spec its name
     * @return whether it names a CSV file
     */
    public static boolean isTable(String spec) {
        return spec.startsWith(CSV);
    }

    /**
     * Whether a data set is a public one, whose files are looked for by its name.
     *
     * @param spec its name
     * @return whether it is
     */
    public static boolean isPublished(String spec) {
        String images =
                spec.endsWith(AUTOENCODER)
                        ? spec.substring(0, spec.length() - AUTOENCODER.length())
                        : spec;
        return PublicData.ALL.stream().anyMatch(data -> data.name().equals(images));
    }

    /**
     * A short name for a data set.
     *
     * @param spec its name
     * @return the name of its file without folder and endings, or its own
     */
    public static String shortName(String spec) {
        if (!isOwn(spec)) {
            return spec;
        }
        Path file = Path.of(absolute(spec).substring(CSV.length())).getFileName();
        String name = file == null ? "" : file.toString();
        int end = name.indexOf('.', 1);
        return end < 0 ? name : name.substring(0, end);
    }

    /** {@return the names that need no file of the user's own} */
    public static List<String> names() {
        List<String> images = new ArrayList<>();
        images.add(GLYPHS);
        PublicData.ALL.stream().map(PublicData::name).forEach(images::add);
        List<String> names = new ArrayList<>(images);
        names.add(1, STUDENT_TEACHER);
        images.forEach(name -> names.add(name + AUTOENCODER));
        return names;
    }

    /**
     * Describes every data set without loading it.
     *
     * @param options choices besides the name
     * @return one description per name, those of the user's own files last
     */
    public static List<DataDescription> describe(DataOptions options) {
        List<DataDescription> descriptions =
                new ArrayList<>(names().stream().map(name -> describe(name, options)).toList());
        Kind csvKind =
                switch (options.csv().task()) {
                    case AUTO, CLASSIFICATION -> Kind.CLASSIFICATION;
                    case REGRESSION -> Kind.REGRESSION;
                };
        descriptions.add(
                new DataDescription(CSV + "FILE", csvKind, Optional.empty(), true, "your file"));
        descriptions.add(
                new DataDescription(
                        IDX + "DIR", Kind.CLASSIFICATION, Optional.empty(), true, "your folder"));
        return List.copyOf(descriptions);
    }

    private static DataDescription describe(String name, DataOptions options) {
        if (name.equals(STUDENT_TEACHER)) {
            StudentTeacher task = task(options);
            Shape shape = new Shape(task.inputs(), task.outputs(), task.sizes());
            return new DataDescription(
                    name, Kind.REGRESSION, Optional.of(shape), true, "generated");
        }
        boolean autoencoder = name.endsWith(AUTOENCODER);
        String images =
                autoencoder ? name.substring(0, name.length() - AUTOENCODER.length()) : name;
        Kind kind = autoencoder ? Kind.AUTOENCODER : Kind.CLASSIFICATION;
        int outputs = autoencoder ? IMAGE_PIXELS : IMAGE_CLASSES;
        if (images.equals(GLYPHS)) {
            Shape shape = new Shape(IMAGE_PIXELS, outputs, sizes(options.glyphs(), options));
            return new DataDescription(name, kind, Optional.of(shape), true, "generated");
        }
        SplitSizes published =
                options.holdOut()
                        ? new SplitSizes(55_000, 5_000, 10_000)
                        : new SplitSizes(60_000, 0, 10_000);
        Optional<Path> folder = find(PublicData.of(images), options);
        return new DataDescription(
                name,
                kind,
                Optional.of(new Shape(IMAGE_PIXELS, outputs, published)),
                folder.isPresent(),
                folder.map(Path::toString).orElse(fetchCommand(images)));
    }

    private static StudentTeacher task(DataOptions options) {
        StudentTeacher task = options.studentTeacher();
        return new StudentTeacher(
                task.inputs(),
                task.outputs(),
                task.width(),
                task.depth(),
                sizes(task.sizes(), options));
    }

    private static SplitSizes sizes(SplitSizes sizes, DataOptions options) {
        return options.holdOut() ? sizes : new SplitSizes(sizes.train(), 0, sizes.test());
    }

    private static List<Path> folders(PublicData data, DataOptions options) {
        return options.directory()
                .map(folder -> List.of(folder.resolve(data.name()), folder))
                .orElseGet(() -> List.of(options.cache().folder(data.name())));
    }

    private static Optional<Path> find(PublicData data, DataOptions options) {
        return Stream.concat(folders(data, options).stream(), torchvision(data, options))
                .filter(folder -> IdxFolder.find(folder).isPresent())
                .findFirst();
    }

    /** Where torchvision puts the files, seen from any folder above them. */
    private static Stream<Path> torchvision(PublicData data, DataOptions options) {
        String name = data.equals(PublicData.MNIST) ? "MNIST" : "FashionMNIST";
        return options.directory().stream()
                .flatMap(
                        d ->
                                Stream.of(
                                        d.resolve(name).resolve("raw"),
                                        d.resolve(name),
                                        d.resolve("raw")));
    }

    private static StorageException missing(PublicData data, DataOptions options) {
        String looked =
                folders(data, options).stream()
                        .map(folder -> folder + lacking(folder, data))
                        .collect(Collectors.joining(" and "));
        return new StorageException(
                data.name()
                        + ": files not found, looked in "
                        + looked
                        + "; get them with '"
                        + fetchCommand(data.name())
                        + "' or name their folder with --data-dir");
    }

    /** Names what keeps a folder from being read, or the missing files of one that has some. */
    private static String lacking(Path folder, PublicData data) {
        Optional<String> problem = PathProblem.of(folder);
        if (problem.isPresent()) {
            return " (" + problem.get() + ")";
        }
        List<String> missing = IdxFolder.missing(folder);
        return missing.size() == data.files().size()
                ? ""
                : " (which lacks " + String.join(", ", missing) + ")";
    }

    private static String fetchCommand(String name) {
        return "./dfc data fetch " + name;
    }

    private static Path path(String spec, String prefix) {
        String text = spec.substring(prefix.length());
        // Behind a colon the shell leaves the tilde alone.
        if (text.startsWith("~/")) {
            text = System.getProperty("user.home") + text.substring(1);
        }
        try {
            if (!text.isBlank()) {
                return Path.of(text);
            }
        } catch (InvalidPathException _) {
            // Reported below, like an empty path.
        }
        throw new BadConfigurationException(
                KEY, "expected a path after '" + prefix + "', found '" + text + "'");
    }
}
