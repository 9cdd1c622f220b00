import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Checks or applies the project's format: {@code Format check|apply}, run at the root of the repository. */
final class Format {
    public static void main(String[] arguments) throws Exception {
        boolean apply = arguments.length == 1 && arguments[0].equals("apply");
        JavaFormatterOptions options =
                JavaFormatterOptions.builder().style(JavaFormatterOptions.Style.AOSP).build();
        Formatter formatter = new Formatter(options);
        List<Path> differing = new ArrayList<>();
        for (Path file : sources()) {
            String before = Files.readString(file);
            String sorted = ImportOrderer.reorderImports(before, options.style());
            String after = formatter.formatSource(RemoveUnusedImports.removeUnusedImports(sorted));
            if (!after.equals(before)) {
                differing.add(file);
                if (apply) {
                    Files.writeString(file, after);
                }
            }
        }
        if (!apply && !differing.isEmpty()) {
            differing.forEach(f -> System.err.println("not formatted: " + f));
            System.err.println("run: mvn -N validate -Dformat.mode=apply");
            System.exit(1);
        }
    }

    private static List<Path> sources() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> modules = Files.list(Path.of("."))) {
            for (Path module : modules.filter(p -> Files.isDirectory(p.resolve("src"))).toList()) {
                try (Stream<Path> tree = Files.walk(module.resolve("src"))) {
                    tree.filter(p -> p.toString().endsWith(".java")).sorted().forEach(files::add);
                }
            }
        }
        return files;
    }
}
