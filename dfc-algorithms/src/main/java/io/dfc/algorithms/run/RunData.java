package io.dfc.algorithms.run;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.TableSection;
import io.dfc.algorithms.config.TeacherSection;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.data.FittedEncoding;
import io.dfc.algorithms.data.MissingPolicy;
import io.dfc.algorithms.data.csv.CsvOptions;
import io.dfc.algorithms.data.csv.CsvTask;
import io.dfc.algorithms.data.source.DataOptions;
import io.dfc.algorithms.data.source.DataSources;
import io.dfc.algorithms.data.synthetic.StudentTeacher;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Locale;

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
        return limited(configuration, options(configuration));
    }

    /**
     * Loads the data of an earlier run again.
     *
     * @param configuration the run's configuration
     * @param fitted the encoding that was fitted to the data of the run
     * @return training, validation and test samples, cut to the configured limit
     * @throws io.dfc.api.error.DfcException if there is no such data, it is damaged, or its columns
     *     or classes are not those of the run
     */
    public static DataSplits load(RunConfiguration configuration, FittedEncoding fitted) {
        return limited(configuration, options(configuration).withFitted(fitted));
    }

    private static DataSplits limited(RunConfiguration configuration, DataOptions options) {
        if (configuration.data().equals(STUDENT_TEACHER)) {
            MemoryEstimate.requireFit(configuration.teacher(), Runtime.getRuntime().maxMemory());
        }
        DataSplits data = DataSources.load(configuration.data(), options);
        return configuration.limit() > 0 ? data.limitTrain(configuration.limit()) : data;
    }

    private static CsvOptions csv(RunConfiguration configuration) {
        TableSection t = configuration.table();
        CsvTask task =
                switch (t.task()) {
                    case "classification" -> CsvTask.CLASSIFICATION;
                    case "regression" -> CsvTask.REGRESSION;
                    default ->
                            switch (configuration.loss()) {
                                case MSE -> CsvTask.REGRESSION;
                                case CROSS_ENTROPY -> CsvTask.CLASSIFICATION;
                                case AUTO -> CsvTask.AUTO;
                            };
                };
        return new CsvOptions(
                configuration.targetColumn(),
                task,
                t.separator().map(s -> s.equals("tab") ? '\t' : s.charAt(0)),
                t.decimal().map(d -> d.charAt(0)),
                t.encoding().map(Charset::forName),
                MissingPolicy.valueOf(t.missing().toUpperCase(Locale.ROOT)),
                t.drop(),
                t.text());
    }

    /**
     * How the data package is to look for data.
     *
     * @param configuration a checked configuration
     * @return the options
     */
    public static DataOptions options(RunConfiguration configuration) {
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
                        .withCsv(csv(configuration));
        return configuration.dataDir().map(d -> options.withDirectory(Path.of(d))).orElse(options);
    }
}
