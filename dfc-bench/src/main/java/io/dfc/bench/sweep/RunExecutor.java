package io.dfc.bench.sweep;

import java.util.List;

/**
 * Executes the runs of a series, wherever that is. Runs lie in folders that all workers see, and
 * begin or continue there, so that an executor decides nothing but where and when.
 */
public interface RunExecutor {
    /**
     * Executes runs; those that are over, or that another process works on, are left alone.
     *
     * @param runs the runs, in the order in which they are to begin
     * @throws io.dfc.api.error.DfcException if the executor itself fails; a run that fails leaves
     *     its reason in its folder
     */
    void execute(List<Series.Run> runs);
}
