package io.dfc.cpu.simd.program;

import io.dfc.cpu.simd.runtime.Workers;

import java.util.List;
import java.util.function.IntConsumer;

/** A stage of sums over the samples, whose buffers are complete. */
final class AccumulationStage implements ProgramStage {
    private final Workers workers;
    private final Accumulation[] sums;

    /** The sum of each task, and the number of the task within that sum. */
    private final int[] owner;

    private final int[] number;
    private final IntConsumer task = this::runTask;

    AccumulationStage(Workers workers, List<Accumulation> sums) {
        this.workers = workers;
        this.sums = sums.toArray(Accumulation[]::new);
        int count = sums.stream().mapToInt(Accumulation::tasks).sum();
        owner = new int[count];
        number = new int[count];
        int at = 0;
        for (int k = 0; k < this.sums.length; k++) {
            for (int t = 0; t < this.sums[k].tasks(); t++, at++) {
                owner[at] = k;
                number[at] = t;
            }
        }
    }

    @Override
    public void run(int round) {
        workers.run(owner.length, task);
    }

    private void runTask(int t) {
        sums[owner[t]].run(number[t]);
    }
}
