package io.dfc.algorithms.run;

import io.dfc.algorithms.config.LossChoice;
import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.TeacherSection;
import io.dfc.algorithms.data.CsvOptions;
import io.dfc.algorithms.data.CsvTask;
import io.dfc.algorithms.data.DataOptions;
import io.dfc.algorithms.data.DataSources;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.StudentTeacher;

import java.nio.file.Path;

/** Loads the data that a configuration names. */
public final class RunData {
    private static final String STUDENT_TEACHER = "student-teacher";

    private RunData() {}

    /**
     * Loads the data.
     *
     * @param configuration a checked configuration
     * @return training, validation and test samples, cut to the configured limit
     * @throws io.dfc.api.error.DfcException if there is no such data or it is damaged
     */
    public static DataSplits load(RunConfiguration configuration) {
        if (configuration.data().equals(STUDENT_TEACHER)) {
            MemoryNeed.requireFit(configuration.teacher(), Runtime.getRuntime().maxMemory());
        }
        DataSplits data = DataSources.load(configuration.data(), options(configuration));
        return configuration.limit() > 0 ? data.limitTrain(configuration.limit()) : data;
    }

    /**
     * How the data package is to look for data.
     *
     * @param configuration a checked configuration
     * @return the options
     */
    public static DataOptions options(RunConfiguration configuration) {
        CsvTask task =
                configuration.loss() == LossChoice.MSE
                        ? CsvTask.REGRESSION
                        : CsvTask.CLASSIFICATION;
        TeacherSection t = configuration.teacher();
        StudentTeacher teacher =
                new StudentTeacher(
                        t.inputs(),
                        t.outputs(),
                        t.width(),
                        t.depth(),
                        StudentTeacher.PUBLISHED.sizes());
        DataOptions options =
                DataOptions.defaults()
                        .withStudentTeacher(teacher)
                        .withSeed(configuration.seed())
                        .withHoldOut(configuration.validation())
                        .withCsv(new CsvOptions(configuration.targetColumn(), task));
        return configuration.dataDir().map(d -> options.withDirectory(Path.of(d))).orElse(options);
    }
}
