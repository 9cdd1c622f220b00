package io.dfc.algorithms.model;

import io.dfc.algorithms.train.Evaluation;
import io.dfc.algorithms.train.TrainingResult;

import java.util.List;
import java.util.Locale;

/**
 * What a fit brought.
 *
 * @param epochs finished epochs
 * @param bestEpoch the epoch whose parameters the model has, counted from 1; 0 if none was finished
 * @param train loss and error of that epoch on the samples learnt from, each before its update
 * @param validation loss and error after it on the samples held out; not a number without them
 * @param reason why it ended
 * @param notes what the user should know of settings and data, one sentence each
 */
public record FitResult(
        int epochs,
        int bestEpoch,
        Evaluation train,
        Evaluation validation,
        TrainingResult.Reason reason,
        List<String> notes) {
    /** Copies the list. */
    public FitResult {
        notes = List.copyOf(notes);
    }

    /** {@return whether the thread was interrupted; the last finished epoch is kept} */
    public boolean interrupted() {
        return reason == TrainingResult.Reason.INTERRUPTED;
    }

    /** {@return the numbers in one line} */
    @Override
    public String toString() {
        String done = epochs + " epochs (" + reason.label() + ")";
        if (epochs == 0) {
            return done;
        }
        return done
                + ", best "
                + bestEpoch
                + ": training "
                + words(train)
                + (Double.isNaN(validation.loss()) ? "" : ", validation " + words(validation));
    }

    private static String words(Evaluation e) {
        return String.format(Locale.ROOT, "loss %.4g", e.loss())
                + (Double.isNaN(e.error())
                        ? ""
                        : String.format(Locale.ROOT, " error %.2f %%", 100 * e.error()));
    }
}
