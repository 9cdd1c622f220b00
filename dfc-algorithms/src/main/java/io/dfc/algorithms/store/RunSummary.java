package io.dfc.algorithms.store;

import com.fasterxml.jackson.annotation.JsonProperty;

import io.dfc.algorithms.train.Progress;
import io.dfc.algorithms.train.TrainingResult;
import io.dfc.api.error.BadDataException;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.util.List;

/**
 * The result of a run: the contents of {@code summary.json}, whose keys are stable. Errors are
 * shares in [0, 1]. An undefined number (the error of a regression, say) is null.
 *
 * @param method method
 * @param data data set
 * @param dataFingerprint digest of the data
 * @param solver solver of the control phase
 * @param backend backend; several, separated by commas, if epochs ran on different ones
 * @param device its device
 * @param backends which epochs ran on which backend
 * @param seed seed
 * @param epochs completed epochs
 * @param bestEpoch epoch of the reported numbers: the best on the validation set, or the last
 *     without one
 * @param testError test error at the best epoch
 * @param testLoss test loss at the best epoch
 * @param valError validation error at the best epoch
 * @param valLoss validation loss at the best epoch
 * @param trainError training error at the best epoch
 * @param trainLoss training loss at the best epoch
 * @param secondsTotal seconds of training, pre-training included
 * @param secondsPerEpoch seconds per completed epoch, pre-training not counted apart
 * @param samplesPerSecond training samples learnt per second, over sweeps of all kinds
 * @param parameters number of weights and biases
 * @param stopped why the run ended
 * @param version version of this program
 */
@SuppressWarnings("exports") // what @Nullable says, compilers need alone
public record RunSummary(
        String method,
        String data,
        @JsonProperty("data_fingerprint") String dataFingerprint,
        String solver,
        String backend,
        String device,
        List<BackendEpochs> backends,
        long seed,
        int epochs,
        @JsonProperty("best_epoch") int bestEpoch,
        @JsonProperty("test_error") @Nullable Double testError,
        @JsonProperty("test_loss") @Nullable Double testLoss,
        @JsonProperty("val_error") @Nullable Double valError,
        @JsonProperty("val_loss") @Nullable Double valLoss,
        @JsonProperty("train_error") @Nullable Double trainError,
        @JsonProperty("train_loss") @Nullable Double trainLoss,
        @JsonProperty("seconds_total") double secondsTotal,
        @JsonProperty("seconds_per_epoch") @Nullable Double secondsPerEpoch,
        @JsonProperty("samples_per_second") @Nullable Double samplesPerSecond,
        long parameters,
        String stopped,
        String version) {
    private static final JsonMapper JSON = JsonMapper.shared();

    /**
     * Summarises a result.
     *
     * @param info what the run was
     * @param result its result
     * @param size size of the training set
     * @param backends which epochs ran on which backend, as far as that is known
     * @param seconds wall-clock seconds spent
     * @return the summary
     */
    public static RunSummary of(
            RunInfo info,
            TrainingResult result,
            TrainingSize size,
            List<BackendEpochs> backends,
            double seconds) {
        Progress p = result.snapshot().progress();
        return new RunSummary(
                info.method(),
                info.data(),
                info.dataFingerprint(),
                info.solver(),
                backends.isEmpty() ? info.device().backend() : BackendEpochs.backends(backends),
                backends.isEmpty() ? info.device().device() : BackendEpochs.devices(backends),
                List.copyOf(backends),
                info.seed(),
                p.epochs(),
                p.bestEpoch(),
                defined(p.bestTest().error()),
                defined(p.bestTest().loss()),
                defined(p.bestValidation().error()),
                defined(p.bestValidation().loss()),
                defined(p.bestTrain().error()),
                defined(p.bestTrain().loss()),
                seconds,
                p.epochs() == 0 ? null : seconds / p.epochs(),
                seconds == 0 ? null : size.learnt(p) / seconds,
                info.parameters(),
                result.reason().label(),
                info.version());
    }

    /**
     * Reads a summary.
     *
     * @param file the file
     * @return what it says
     * @throws io.dfc.api.error.StorageException if it cannot be read
     * @throws BadDataException if it is no summary
     */
    public static RunSummary read(Path file) {
        try {
            return JSON.readValue(RunFolder.readText(file), RunSummary.class);
        } catch (JacksonException e) {
            throw new BadDataException(file.toString(), "is no summary of a run");
        }
    }

    /**
     * Tells whether a run is over; one that gave up early would give up again.
     *
     * @param wanted epochs of the whole run
     * @return whether nothing remains to be done
     */
    public boolean isOver(int wanted) {
        return epochs >= wanted || !stopped.equals(TrainingResult.Reason.COMPLETE.label());
    }

    private static @Nullable Double defined(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
