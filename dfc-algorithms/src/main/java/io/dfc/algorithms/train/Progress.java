package io.dfc.algorithms.train;

/**
 * How far a run has come; with the seed it determines shuffling and noise of everything that
 * follows.
 *
 * @param pretrainingSweeps completed pre-training sweeps
 * @param epochs completed epochs
 * @param sweeps completed sweeps over the training set, of any kind: selects the next shuffle
 * @param minibatches minibatches learnt, of any kind: selects the next noise
 * @param bestEpoch best epoch so far, counted from 1; 0 before the first
 * @param bestValidation evaluation by which the best epoch was chosen
 * @param bestTest evaluation on the test set at the best epoch
 * @param bestTrain evaluation on the training set at the best epoch
 * @param last training evaluation of the last epoch
 * @param lowestTrainLoss lowest training loss of an epoch so far
 * @param lowestTrainLossEpoch its epoch
 */
public record Progress(
        int pretrainingSweeps,
        int epochs,
        int sweeps,
        int minibatches,
        int bestEpoch,
        Evaluation bestValidation,
        Evaluation bestTest,
        Evaluation bestTrain,
        Evaluation last,
        double lowestTrainLoss,
        int lowestTrainLossEpoch) {
    /** {@return the progress of a run that has not begun} */
    public static Progress none() {
        return new Progress(
                0,
                0,
                0,
                0,
                0,
                Evaluation.NONE,
                Evaluation.NONE,
                Evaluation.NONE,
                Evaluation.NONE,
                Double.POSITIVE_INFINITY,
                0);
    }
}
