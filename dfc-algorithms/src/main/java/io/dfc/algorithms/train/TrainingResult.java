package io.dfc.algorithms.train;

/**
 * The end of a run.
 *
 * @param snapshot its last state
 * @param reason why it ended
 */
public record TrainingResult(TrainingSnapshot snapshot, Reason reason) {
    /** Why a run ended. */
    public enum Reason {
        /** All epochs are done. */
        COMPLETE("all epochs done"),
        /** The training accuracy stayed too low. */
        LOW_ACCURACY("stopped early: training accuracy stayed too low"),
        /** The training loss did not fall any more. */
        NO_IMPROVEMENT("stopped early: training loss no longer falls"),
        /** The thread was interrupted; what came after the last finished epoch is dropped. */
        INTERRUPTED("interrupted: the last finished epoch is kept");

        private final String label;

        Reason(String label) {
            this.label = label;
        }

        /** {@return a sentence for the user} */
        public String label() {
            return label;
        }
    }
}
