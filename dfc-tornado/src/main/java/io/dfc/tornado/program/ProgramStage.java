package io.dfc.tornado.program;

import io.dfc.api.plan.Operation;

import java.util.List;
import java.util.Optional;

/** A part of a program that is run by one launch, or by more of the same kind. */
sealed interface ProgramStage {
    /**
     * An operation as kernels read it, see {@link OperationLayout}.
     *
     * @param integers whole numbers of its record
     * @param reals floats of its record
     * @param mean whether the first float is divided by the number of samples
     * @param elements number of elements of the result, where it sums over samples
     */
    @SuppressWarnings("ArrayRecordComponent") // copied into a table and never compared
    record OperationRecord(int[] integers, double[] reals, boolean mean, int elements) {}

    /**
     * Operations on each sample by itself.
     *
     * @param records the operations
     * @param rounds number of rounds; more than one only if one launch holds all operations
     */
    record SampleOperations(List<OperationRecord> records, int rounds) implements ProgramStage {}

    /**
     * Sums over the samples, of which none reads what another writes.
     *
     * @param records the sums
     */
    record SampleSums(List<OperationRecord> records) implements ProgramStage {}

    /**
     * Stages that the host repeats.
     *
     * @param times largest number of rounds
     * @param until condition of an earlier end
     * @param body the stages
     */
    record Repeated(int times, Optional<Operation.Until> until, List<ProgramStage> body)
            implements ProgramStage {}
}
