import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * Makes Javadoc: {@code Site site|MODULE CLASS_PATH FOLDER VERSION}, run at the root of the repository. The site is that of all
 * libraries, with the guides of {@code docs} in it.
 */
final class Site {
    private static final String REPOSITORY = "https://github.com/io-dfc/dfc/blob/main/";
    private static final List<String> LIBRARIES = List.of("dfc-api", "dfc-algorithms");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]+)(#[^)]*)?\\)");

    public static void main(String[] arguments) throws IOException {
        String what = arguments[0];
        Path out = Path.of(arguments[2]);
        List<String> options = new ArrayList<>(List.of("-d", out.toString(), "--module-path", arguments[1]));
        options.addAll(List.of("-quiet", "-notimestamp", "-Werror", "-Xdoclint:all,-missing", "--release", "25"));
        options.addAll(List.of("-encoding", "UTF-8", "-docencoding", "UTF-8", "-charset", "UTF-8", "-locale", "en_US"));
        options.addAll(List.of("-windowtitle", "Deep Feedback Control " + arguments[3]));
        if (what.equals("site")) {
            Path sources = out.resolveSibling("site-sources");
            options.addAll(List.of("-docfilessubdirs", "-overview", writeGuides(sources).toString()));
            for (String library : LIBRARIES) {
                addModule(options, library, library.equals("dfc-api") ? File.pathSeparator + sources : "");
            }
        } else if (Files.exists(sources(what).resolve("module-info.java"))) {
            addModule(options, what, "");
        } else {
            return;
        }
        delete(out);
        int code = ToolProvider.findFirst("javadoc").orElseThrow().run(System.out, System.err, options.toArray(String[]::new));
        if (code != 0 || what.equals("site")) {
            System.out.println(code == 0 ? "site: " + out.resolve("index.html") : "javadoc found faults in " + what);
        }
        System.exit(code);
    }

    private static Path sources(String module) {
        return Path.of(module, "src", "main", "java");
    }

    private static void addModule(List<String> options, String module, String more) {
        String name = "io." + module.replace('-', '.');
        options.addAll(List.of("--module-source-path", name + "=" + sources(module) + more, "--module", name));
    }

    /** Writes the guides where javadoc finds pages of the module of the API; returns the overview, which lists them. */
    private static Path writeGuides(Path sources) throws IOException {
        delete(sources);
        Path pages = Files.createDirectories(sources.resolve("doc-files"));
        StringBuilder list = new StringBuilder("<ul>\n");
        for (Path guide : guides()) {
            String text = Files.readString(guide);
            String name = guide.getFileName().toString();
            Files.writeString(pages.resolve(name), withLinks(guide, text));
            String title = text.lines().findFirst().orElseThrow().replaceFirst("# ", "");
            list.append("<li><a href=\"io.dfc.api/doc-files/" + page(name) + "\">" + title + "</a></li>\n");
        }
        copy(Path.of("docs", "figures"), pages.resolve("figures"));
        Files.copy(Path.of("docs", "javadoc", "modules.svg"), pages.resolve("modules.svg"));
        String overview = Files.readString(Path.of("docs", "javadoc", "overview.html"));
        return Files.writeString(sources.resolve("overview.html"), overview.replace("<!-- guides -->", list + "</ul>"));
    }

    private static List<Path> guides() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("docs"))) {
            List<Path> guides =
                    new ArrayList<>(files.filter(f -> f.toString().endsWith(".md")).sorted().toList());
            guides.add(Path.of("CONTRIBUTING.md"));
            return guides;
        }
    }

    private static String page(String markdown) {
        return markdown.replaceFirst("\\.md$", ".html");
    }

    /** Links to other guides lead to their pages, those to other files to the repository. */
    private static String withLinks(Path guide, String text) {
        return LINK.matcher(text)
                .replaceAll(
                        link -> {
                            Path file = guide.resolveSibling(link.group(1)).normalize();
                            String part = link.group(2) == null ? "" : link.group(2);
                            String to = file.toString().replace('\\', '/');
                            if (!Files.exists(file)) {
                                throw new IllegalStateException(guide + " links to " + file + ", which is not there");
                            }
                            boolean isGuide = to.equals("CONTRIBUTING.md") || to.matches("docs/[^/]+\\.md");
                            return "]("
                                    + (isGuide
                                            ? page(file.getFileName().toString())
                                            : to.startsWith("docs/figures/")
                                                    ? to.substring("docs/".length())
                                                    : REPOSITORY + to)
                                    + part
                                    + ")";
                        });
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.write(to.resolve(file.getFileName()), Files.readAllBytes(file));
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(
                            file -> {
                                try {
                                    Files.delete(file);
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            });
        }
    }
}
