package io.dfc.tornado.program;

import io.dfc.api.plan.Operation;
import io.dfc.tornado.kernel.ProgramSlots;

import java.util.List;
import java.util.Optional;

/** A part of a program that is run by one launch, or by more of the same kind. */
sealed interface ProgramStage {
    /**
     * A record of {@link ProgramSlots}.
     *
     * @param whole its whole numbers
     * @param others its other numbers
     * @param mean whether the first of these is to be divided by the number of samples
     * @param elements elements that the operation writes, where it sums over samples
     */
    @SuppressWarnings("ArrayRecordComponent") // what is copied into a table; nobody compares it
    record Code(int[] whole, double[] others, boolean mean, int elements) {}

    /**
     * Operations on each sample by itself.
     *
     * @param codes what they are
     * @param rounds how often they are done; more than once only if one launch has room for all
     */
    record Samples(List<Code> codes, int rounds) implements ProgramStage {}

    /**
     * Sums over the samples, of which none reads what another writes.
     *
     * @param codes what they are
     */
    record Totals(List<Code> codes) implements ProgramStage {}

    /**
     * Stages that the host repeats.
     *
     * @param times how often, at most
     * @param until when to end earlier
     * @param body the stages
     */
    record Repeated(int times, Optional<Operation.Until> until, List<ProgramStage> body)
            implements ProgramStage {}
}
