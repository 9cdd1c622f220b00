package io.dfc.algorithms.train;

import io.dfc.algorithms.data.DataSet;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.ForwardResult;

/** Measures loss and error of an engine's network on a data set. */
public final class Evaluator {
    private Evaluator() {}

    /**
     * Evaluates a data set; every sample counts alike (the published DFC program gives every
     * minibatch the same weight, however small).
     *
     * @param engine engine that holds the parameters
     * @param data the data set; may be empty
     * @return its evaluation, {@link Evaluation#NONE} if it is empty
     */
    public static Evaluation evaluate(Engine engine, DataSet data) {
        Minibatches batches = new Minibatches(data, engine);
        return evaluate(engine, batches, data.classification(), () -> {});
    }

    /**
     * Evaluates in a run.
     *
     * @throws Trainer.InterruptedRun if the thread is interrupted
     */
    static Evaluation evaluate(Engine engine, Minibatches batches, boolean classification) {
        return evaluate(engine, batches, classification, Trainer.InterruptedRun::check);
    }

    private static Evaluation evaluate(
            Engine engine, Minibatches batches, boolean classification, Runnable before) {
        Tally tally = new Tally(classification, batches.lossFactor());
        for (int i = 0; i < batches.count(); i++) {
            before.run();
            ForwardResult result = engine.forward(batches.get(i));
            tally.add(result, batches.correct(i, result));
        }
        return tally.evaluation();
    }

    /** Sums over the samples seen so far. */
    static final class Tally {
        private final boolean classification;
        private final double lossFactor;
        private double loss;
        private long correct;
        private long samples;

        Tally(boolean classification, double lossFactor) {
            this.classification = classification;
            this.lossFactor = lossFactor;
        }

        /**
         * Adds a minibatch.
         *
         * @param rightOnes samples whose largest output among the classes is the right one
         */
        void add(ForwardResult result, int rightOnes) {
            loss += result.loss() * result.samples();
            correct += rightOnes;
            samples += result.samples();
        }

        long samples() {
            return samples;
        }

        Evaluation evaluation() {
            return samples == 0
                    ? Evaluation.NONE
                    : new Evaluation(
                            lossFactor * loss / samples,
                            classification ? (double) (samples - correct) / samples : Double.NaN);
        }
    }
}
