package io.dfc.algorithms.train;

/**
 * How far a run has come; with the seed it determines shuffling and noise of everything that
 * follows.
 *
 * @param pretrainingSweeps completed pre-training sweeps
 * @param epochs completed epochs
 * @param sweeps completed sweeps over the training set, of any kind, those included that ended
 *     early: selects the next shuffle
 * @param minibatches minibatches learnt, of any kind, each once whatever learns from it: selects
 *     the next noise
 * @param best the best epoch so far
 * @param last training evaluation of the last epoch
 * @param lowestTrainLoss lowest training loss of an epoch so far
 * @param lowestTrainLossEpoch its epoch
 */
public record Progress(
        int pretrainingSweeps,
        int epochs,
        int sweeps,
        int minibatches,
        BestEpoch best,
        Evaluation last,
        double lowestTrainLoss,
        int lowestTrainLossEpoch) {
    /** {@return the progress of a run that has not begun} */
    public static Progress none() {
        return new Progress(
                0, 0, 0, 0, BestEpoch.NONE, Evaluation.NONE, Double.POSITIVE_INFINITY, 0);
    }

    /** {@return the best epoch so far, counted from 1; 0 before the first} */
    public int bestEpoch() {
        return best.epoch();
    }

    /** {@return the evaluation by which the best epoch was chosen} */
    public Evaluation bestValidation() {
        return best.validation();
    }

    /** {@return the evaluation on the test set at the best epoch} */
    public Evaluation bestTest() {
        return best.test();
    }

    /** {@return the evaluation on the training set at the best epoch} */
    public Evaluation bestTrain() {
        return best.train();
    }

    /**
     * The progress after a pre-training sweep.
     *
     * @param allSweeps completed sweeps of any kind
     * @param allMinibatches minibatches learnt, of any kind
     * @return the progress
     */
    Progress afterPretraining(int allSweeps, int allMinibatches) {
        return new Progress(
                pretrainingSweeps + 1,
                epochs,
                allSweeps,
                allMinibatches,
                best,
                last,
                lowestTrainLoss,
                lowestTrainLossEpoch);
    }

    /**
     * The progress after an epoch.
     *
     * @param allSweeps completed sweeps of any kind
     * @param allMinibatches minibatches learnt, of any kind
     * @param train training evaluation of the epoch
     * @param bestNow the best epoch, this one included
     * @return the progress
     */
    Progress afterEpoch(int allSweeps, int allMinibatches, Evaluation train, BestEpoch bestNow) {
        int epoch = epochs + 1;
        boolean lowest = train.loss() < lowestTrainLoss;
        return new Progress(
                pretrainingSweeps,
                epoch,
                allSweeps,
                allMinibatches,
                bestNow,
                train,
                lowest ? train.loss() : lowestTrainLoss,
                lowest ? epoch : lowestTrainLossEpoch);
    }
}
