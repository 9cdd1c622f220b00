package io.dfc.bench.reproduce;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.run.RunAssembler;
import io.dfc.algorithms.train.EpochReport;
import io.dfc.algorithms.train.Evaluation;
import io.dfc.algorithms.train.Trainer;
import io.dfc.algorithms.train.TrainingListener;
import io.dfc.algorithms.train.TrainingResult;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.algorithms.train.TrainingSpec;
import io.dfc.api.spi.Backend;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;

/**
 * What came of a training.
 *
 * @param backend name of the backend that ran it
 * @param network the network, in short
 * @param epochs epochs that were run
 * @param train the training set in the last epoch
 * @param validation the validation set after the last epoch
 * @param test the test set after the last epoch
 * @param bestTest the test set after the best epoch by validation
 * @param seconds seconds of one core that the training took, pre-training included
 */
record MethodTrial(
        String backend,
        String network,
        int epochs,
        Evaluation train,
        Evaluation validation,
        Evaluation test,
        Evaluation bestTest,
        double seconds) {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final double NANOSECONDS = 1e-9;

    /** Trains on a backend of one thread, which is the caller's. */
    static MethodTrial run(Lab lab, RunConfiguration configuration) {
        DataSplits data = lab.data(configuration);
        TrainingSpec spec = new RunAssembler(configuration, data.train()).assemble();
        try (Backend backend = lab.open(spec.plan())) {
            LastEpoch last = new LastEpoch();
            long before = THREADS.getCurrentThreadCpuTime();
            TrainingResult result = new Trainer(spec, data, List.of(last)).run(backend);
            double seconds = (THREADS.getCurrentThreadCpuTime() - before) * NANOSECONDS;
            return new MethodTrial(
                    backend.name(),
                    spec.plan().network().toString(),
                    last.report.epoch(),
                    last.report.train(),
                    last.report.validation(),
                    last.report.test(),
                    result.snapshot().progress().bestTest(),
                    seconds);
        }
    }

    /** Remembers the last epoch. */
    private static final class LastEpoch implements TrainingListener {
        @SuppressWarnings("NullAway.Init") // of a run that has an epoch at least
        private EpochReport report;

        @Override
        public void epochDone(EpochReport done, TrainingSnapshot snapshot) {
            report = done;
        }
    }
}
