package io.dfc.cpu.simd.program;

import io.dfc.cpu.simd.model.Batch;
import io.dfc.cpu.simd.runtime.Workers;

import java.util.List;
import java.util.function.IntConsumer;

/** Operations on samples by themselves, one after the other for each share of the minibatch. */
final class RowStage implements ProgramStage {
    private final Batch batch;
    private final Workers workers;
    private final RowOperation[] operations;
    private final IntConsumer task = this::runTask;
    private int round;

    RowStage(Batch batch, Workers workers, List<RowOperation> operations) {
        this.batch = batch;
        this.workers = workers;
        this.operations = operations.toArray(RowOperation[]::new);
    }

    @Override
    public void run(int ofRepetition) {
        round = ofRepetition;
        workers.run(batch.tasks(), task);
    }

    private void runTask(int number) {
        int first = batch.taskRow(number);
        int rows = batch.taskRows(number);
        for (RowOperation operation : operations) {
            operation.run(number, first, rows, round);
        }
    }

    /** A repetition of a fixed number of rounds, in which no sample has to wait for another. */
    static RowOperation repeated(int times, List<RowOperation> body) {
        RowOperation[] operations = body.toArray(RowOperation[]::new);
        return (task, first, rows, outer) -> {
            for (int round = 0; round < times; round++) {
                for (RowOperation operation : operations) {
                    operation.run(task, first, rows, round);
                }
            }
        };
    }
}
