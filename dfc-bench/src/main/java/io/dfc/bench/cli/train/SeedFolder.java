package io.dfc.bench.cli.train;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.files.StrictJson;
import io.dfc.algorithms.store.AtomicFiles;
import io.dfc.algorithms.store.RunFolder;
import io.dfc.api.error.BadDataException;
import io.dfc.api.error.StorageException;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder of several runs that differ by their seeds: {@code seedN} for each, and a list of the
 * seeds that are wanted, so that an interrupted series is completed.
 *
 * @param path the folder
 */
public record SeedFolder(Path path) {
    private static final String LIST = "seeds.json";
    private static final Pattern NAME = Pattern.compile("seed(-?\\d{1,19})");
    private static final JsonMapper JSON = StrictJson.mapper().build();

    /** The list of the seeds that are wanted. */
    record Wanted(List<Long> seeds) {
        /** Copies the list, of which no element is null. */
        Wanted {
            seeds = List.copyOf(seeds);
        }
    }

    /** {@return whether a folder holds several runs, and is not a run itself} */
    public static boolean isOne(Path folder) {
        return !Files.exists(new RunFolder(folder).configuration())
                && Files.isDirectory(folder)
                && new SeedFolder(folder).firstConfiguration().isPresent();
    }

    /** {@return the folder of one run} */
    public RunFolder run(long seed) {
        return new RunFolder(path.resolve("seed" + seed));
    }

    /** {@return the seeds that are wanted or there, in ascending order} */
    public SortedSet<Long> seeds() {
        SortedSet<Long> seeds = new TreeSet<>(listed());
        seeds.addAll(present());
        return seeds;
    }

    /** {@return those of the seeds whose run has a checkpoint} */
    public List<Long> trained() {
        return present().stream().filter(seed -> run(seed).hasCheckpoint()).sorted().toList();
    }

    /** {@return the configuration of the run with the lowest seed that has one} */
    Optional<RunFolder> firstConfiguration() {
        return present().stream()
                .sorted()
                .map(this::run)
                .filter(run -> Files.exists(run.configuration()))
                .findFirst();
    }

    /** Adds seeds to those that are wanted. */
    void want(Collection<Long> seeds) {
        SortedSet<Long> all = seeds();
        all.addAll(seeds);
        AtomicFiles.createFolders(path);
        AtomicFiles.writeText(
                path.resolve(LIST),
                JSON.writeValueAsString(new Wanted(new ArrayList<>(all))) + "\n");
    }

    /** Whether runs with a configuration, but for the seed, belong here. */
    boolean fits(RunConfiguration configuration) {
        return firstConfiguration()
                .map(RunFolder::configuration)
                .map(file -> RunConfigurations.load(file.toString(), List.of()))
                .filter(found -> SeedSeries.differences(found, configuration).isEmpty())
                .isPresent();
    }

    private List<Long> present() {
        List<Long> seeds = new ArrayList<>();
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.toList()) {
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (name.matches() && Files.isDirectory(file)) {
                    seeds.add(Long.parseLong(name.group(1)));
                }
            }
        } catch (NumberFormatException e) {
            throw new StorageException(path + " holds a folder whose seed is out of range", e);
        } catch (IOException e) {
            return List.of();
        }
        return seeds;
    }

    private List<Long> listed() {
        Path list = path.resolve(LIST);
        if (!Files.exists(list)) {
            return List.of();
        }
        Optional<Wanted> wanted;
        try {
            wanted = Optional.ofNullable(JSON.readValue(RunFolder.readText(list), Wanted.class));
        } catch (JacksonException e) {
            wanted = Optional.empty();
        }
        return wanted.orElseThrow(
                        () ->
                                new BadDataException(
                                        list.toString(), "is no list of seeds; delete it"))
                .seeds();
    }
}
