package io.dfc.algorithms.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What Jazzer calls: {@code --target_class=io.dfc.algorithms.fuzz.ParserFuzz --target_args=NAME}.
 * Without a name the first byte of an input chooses the reader.
 */
public final class ParserFuzz {
    private static final List<FuzzTarget> ALL = FuzzTargets.all();

    private static ParserProperty property;
    private static FuzzTarget chosen;

    private ParserFuzz() {}

    /**
     * Prepares.
     *
     * @param arguments name of a reader, or none
     * @throws IOException if there is no folder for files
     */
    public static void fuzzerInitialize(String[] arguments) throws IOException {
        property = ParserProperty.inMemory();
        chosen = arguments.length == 0 ? null : FuzzTargets.named(arguments[0]);
        // Loading and instrumenting classes allocates more than reading does.
        for (FuzzTarget target : ALL) {
            property.warmUp(target);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(property::clear));
    }

    /**
     * Reads one input.
     *
     * @param data the input
     */
    public static void fuzzerTestOneInput(byte[] data) {
        if (chosen != null) {
            property.check(chosen, data);
        } else if (data.length > 0) {
            property.check(
                    ALL.get((data[0] & 0xFF) % ALL.size()),
                    Arrays.copyOfRange(data, 1, data.length));
        }
    }

    /**
     * Writes the seeds of a reader, or of all with the byte that chooses theirs before them.
     *
     * @param arguments a folder, and the name of a reader or none
     * @throws IOException if they cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        for (int i = 0; i < ALL.size(); i++) {
            FuzzTarget target = ALL.get(i);
            boolean all = arguments.length == 1;
            if (!all && !target.name().equals(arguments[1])) {
                continue;
            }
            int n = 0;
            for (byte[] seed : target.seeds()) {
                byte[] input = new byte[seed.length + (all ? 1 : 0)];
                input[0] = (byte) i;
                System.arraycopy(seed, 0, input, all ? 1 : 0, seed.length);
                Files.write(folder.resolve(target.name() + "-" + n++), input);
            }
        }
    }
}
