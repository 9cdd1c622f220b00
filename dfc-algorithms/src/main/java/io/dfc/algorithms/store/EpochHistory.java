package io.dfc.algorithms.store;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What {@code metrics.jsonl} tells of a run that may go on meanwhile.
 *
 * @param epochs epochs that have ended
 * @param meanSeconds mean wall-clock seconds of an epoch; 0 before the first
 * @param lastValidation loss or error on the validation set after the last epoch, for people
 */
public record EpochHistory(int epochs, double meanSeconds, Optional<String> lastValidation) {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int PERCENT = 100;

    /**
     * Reads the history of a run; a line that is being written does not count.
     *
     * @param folder folder of the run
     * @return its history, empty if there is none
     */
    public static EpochHistory read(RunFolder folder) {
        List<String> lines;
        try {
            lines =
                    Files.exists(folder.metrics())
                            ? Files.readAllLines(folder.metrics())
                            : List.of();
        } catch (IOException e) {
            lines = List.of();
        }
        int epochs = 0;
        double seconds = 0;
        Optional<String> last = Optional.empty();
        for (String line : lines) {
            try {
                JsonNode epoch = JSON.readTree(line);
                epochs = Math.max(epochs, epoch.path("epoch").asInt(0));
                seconds += epoch.path("seconds").asDouble(0);
                last = validation(epoch);
            } catch (JacksonException e) {
                break;
            }
        }
        return new EpochHistory(epochs, epochs == 0 ? 0 : seconds / epochs, last);
    }

    private static Optional<String> validation(JsonNode epoch) {
        if (epoch.path("val_error").isNumber()) {
            return Optional.of(
                    String.format(
                            Locale.ROOT,
                            "error %.2f %%",
                            PERCENT * epoch.path("val_error").doubleValue()));
        }
        return epoch.path("val_loss").isNumber()
                ? Optional.of(
                        String.format(
                                Locale.ROOT, "loss %.4g", epoch.path("val_loss").doubleValue()))
                : Optional.empty();
    }
}
