package io.dfc.algorithms.store;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What {@code metrics.jsonl} tells of a run that may go on meanwhile.
 *
 * @param epochs epochs that have ended
 * @param meanSeconds mean wall-clock seconds of an epoch; 0 before the first
 * @param lastEpoch the numbers of the last epoch by their keys; none before the first
 */
public record EpochHistory(int epochs, double meanSeconds, Map<String, Double> lastEpoch) {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int PERCENT = 100;

    /** Copies the numbers. */
    public EpochHistory {
        lastEpoch = Map.copyOf(lastEpoch);
    }

    /**
     * Reads the history of a run; a line that is being written does not count.
     *
     * @param folder folder of the run
     * @return its history, empty if there is none
     */
    public static EpochHistory read(RunFolder folder) {
        int epochs = 0;
        double seconds = 0;
        JsonNode last = JSON.createObjectNode();
        for (String line : lines(folder)) {
            try {
                last = JSON.readTree(line);
            } catch (JacksonException e) {
                break;
            }
            epochs = Math.max(epochs, last.path("epoch").asInt(0));
            seconds += last.path("seconds").asDouble(0);
        }
        Map<String, Double> numbers = new HashMap<>();
        last.properties().stream()
                .filter(e -> e.getValue().isNumber())
                .forEach(e -> numbers.put(e.getKey(), e.getValue().doubleValue()));
        return new EpochHistory(epochs, epochs == 0 ? 0 : seconds / epochs, numbers);
    }

    private static List<String> lines(RunFolder folder) {
        try {
            return Files.exists(folder.metrics())
                    ? Files.readAllLines(folder.metrics())
                    : List.of();
        } catch (IOException e) {
            // Another process replaces it; the next look finds it whole.
            return List.of();
        }
    }

    /**
     * {@return a number of the last epoch}
     *
     * @param key its key, such as {@code test_error}
     */
    public OptionalDouble last(String key) {
        Double value = lastEpoch.get(key);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** {@return error or loss on the validation set after the last epoch, for people} */
    public Optional<String> lastValidation() {
        OptionalDouble error = last("val_error");
        OptionalDouble loss = last("val_loss");
        if (error.isPresent()) {
            return Optional.of(
                    String.format(Locale.ROOT, "error %.2f %%", PERCENT * error.getAsDouble()));
        }
        return loss.isPresent()
                ? Optional.of(String.format(Locale.ROOT, "loss %.4g", loss.getAsDouble()))
                : Optional.empty();
    }
}
