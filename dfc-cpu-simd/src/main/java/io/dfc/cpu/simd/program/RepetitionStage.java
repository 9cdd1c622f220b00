package io.dfc.cpu.simd.program;

import java.util.List;

/** A repetition whose rounds end for all samples at the same time. */
final class RepetitionStage implements ProgramStage {
    private final int times;

    /** Null if the number of rounds is fixed. */
    private final RoundChange change;

    private final ProgramStage[] body;

    RepetitionStage(int times, RoundChange change, List<ProgramStage> body) {
        this.times = times;
        this.change = change;
        this.body = body.toArray(ProgramStage[]::new);
    }

    @Override
    public void run(int outer) {
        for (int round = 0; round < times; round++) {
            for (ProgramStage stage : body) {
                stage.run(round);
            }
            if (change != null && change.isBelowThreshold()) {
                return;
            }
        }
    }
}
