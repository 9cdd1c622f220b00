package io.dfc.cpu.simd.program;

import java.util.List;

/** A repetition in which samples meet after every round. */
final class RepetitionStage implements ProgramStage {
    private final int times;

    /** Null if all rounds are done whatever happens. */
    private final Settling settling;

    private final ProgramStage[] body;

    RepetitionStage(int times, Settling settling, List<ProgramStage> body) {
        this.times = times;
        this.settling = settling;
        this.body = body.toArray(ProgramStage[]::new);
    }

    @Override
    public void run(int outer) {
        for (int round = 0; round < times; round++) {
            for (ProgramStage stage : body) {
                stage.run(round);
            }
            if (settling != null && settling.hasSettled()) {
                return;
            }
        }
    }
}
