package io.dfc.bench.sweep;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.store.RunFolder;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Cells and seeds: every cell has a run of every seed.
 *
 * @param cells the cells, the most telling first
 * @param seeds seeds, in order
 */
public record Series(List<Cell> cells, List<Long> seeds) {
    /** Copies the lists. */
    public Series {
        cells = List.copyOf(cells);
        seeds = List.copyOf(seeds);
    }

    /**
     * A run of a series.
     *
     * @param cell its cell
     * @param configuration its settings, all of them
     * @param folder where it lies
     */
    public record Run(Cell cell, RunConfiguration configuration, RunFolder folder) {}

    /**
     * The runs, first those of the first seed, so that every cell has a result early.
     *
     * @param root folder of the series
     * @param surroundings settings that change no result, such as the backend and where data lie
     * @return the runs, in the order in which they are to begin
     * @throws io.dfc.api.error.BadConfigurationException if a setting of a cell is wrong
     */
    public List<Run> runs(Path root, List<Setting> surroundings) {
        List<Run> runs = new ArrayList<>();
        for (long seed : seeds) {
            for (Cell cell : cells) {
                List<Setting> settings = new ArrayList<>(surroundings);
                settings.addAll(cell.settings());
                settings.add(new Setting("seed", Long.toString(seed)));
                runs.add(
                        new Run(
                                cell,
                                RunConfigurations.load(cell.configuration(), settings),
                                new RunFolder(root.resolve(cell.name()).resolve("seed" + seed))));
            }
        }
        return runs;
    }
}
