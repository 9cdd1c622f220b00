package io.dfc.bench.reproduce;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.method.LearningMethods;
import io.dfc.api.error.DfcException;
import io.dfc.api.error.DivergenceException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Every method on one task. Each has the same budget of tuning: a few multiples of its configured
 * learning rate, each for the same number of epochs and samples with the first seed; the one that
 * does best on the validation set is taken.
 */
final class MethodTable implements Figure {
    private static final List<Double> FACTORS = List.of(0.1, 0.3, 1.0, 3.0, 10.0, 30.0);
    private static final String RATE = "forward.learning-rate";
    private static final int QUICK = 2;

    private final MethodTask task;

    /** What became of a method. */
    private record Row(String method, double factor, List<MethodTrial> seeds, String problem) {}

    MethodTable(MethodTask task) {
        this.task = task;
    }

    @Override
    public String name() {
        return task.label();
    }

    @Override
    public String title() {
        return task.title();
    }

    @Override
    public Reproduced reproduce(Lab lab) {
        List<Callable<Row>> work = new ArrayList<>();
        for (String method : lab.scale().methods(LearningMethods.installed().names())) {
            work.add(() -> row(lab, method));
        }
        CsvTable table =
                new CsvTable(
                        List.of(
                                "method",
                                "network",
                                "backend",
                                "rate_factor",
                                "seeds",
                                "train_loss",
                                "test_loss",
                                "test_error_percent",
                                "core_seconds_per_epoch",
                                "problem"));
        for (Row row : lab.run(work)) {
            table.add(
                    row.method(),
                    distinct(row, MethodTrial::network),
                    distinct(row, MethodTrial::backend),
                    row.factor(),
                    row.seeds().size(),
                    mean(row, t -> t.train().loss()),
                    mean(row, t -> t.test().loss()),
                    mean(row, t -> 100 * t.bestTest().error()),
                    mean(row, t -> t.seconds() / t.epochs()),
                    row.problem());
        }
        return new Reproduced(name(), table, Optional.empty(), List.of());
    }

    private static String distinct(Row row, Function<MethodTrial, String> of) {
        return row.seeds().stream().map(of).distinct().collect(Collectors.joining(" "));
    }

    private static double mean(Row row, ToDoubleFunction<MethodTrial> of) {
        return row.seeds().stream().mapToDouble(of).average().orElse(Double.NaN);
    }

    private Row row(Lab lab, String method) {
        Scale scale = lab.scale();
        try {
            double factor = tuned(lab, method);
            int epochs = scale.epochs(task.epochs(), Math.min(QUICK, task.epochs()));
            List<MethodTrial> seeds = new ArrayList<>();
            for (long seed : scale.seedList()) {
                seeds.add(train(lab, method, factor, settings(lab, seed, epochs)));
            }
            return new Row(method, factor, seeds, "");
        } catch (DfcException e) {
            // What a method or its backends decline is a line of the table.
            lab.say(method + ": " + e.getMessage());
            return new Row(method, Double.NaN, List.of(), e.getMessage());
        }
    }

    /** The factor on the learning rate that does best on the validation set. */
    private double tuned(Lab lab, String method) {
        Scale scale = lab.scale();
        int epochs = scale.quick() ? Math.min(QUICK, task.tuningEpochs()) : task.tuningEpochs();
        List<Setting> settings = new ArrayList<>(settings(lab, scale.firstSeed(), epochs));
        settings.addAll(task.tuning());
        Optional<DivergenceException> diverged = Optional.empty();
        Optional<MethodTrial> best = Optional.empty();
        double factor = Double.NaN;
        for (double tried : FACTORS) {
            try {
                MethodTrial trial = train(lab, method, tried, settings);
                if (best.isEmpty() || trial.validation().isBetterThan(best.get().validation())) {
                    best = Optional.of(trial);
                    factor = tried;
                }
            } catch (DivergenceException e) {
                diverged = Optional.of(e);
            }
        }
        if (best.isEmpty() && diverged.isPresent()) {
            throw diverged.get();
        }
        return factor;
    }

    private static List<Setting> settings(Lab lab, long seed, int epochs) {
        List<Setting> settings = new ArrayList<>(lab.common());
        settings.add(new Setting("seed", Long.toString(seed)));
        settings.add(new Setting("epochs", Integer.toString(epochs)));
        return settings;
    }

    private MethodTrial train(Lab lab, String method, double factor, List<Setting> settings) {
        RunConfiguration configuration = scaled(task.configuration(method, settings), factor);
        MethodTrial trial = MethodTrial.run(lab, configuration);
        lab.say(
                "%s, seed %d, rate x %s: %d epochs, validation loss %.4g%s, %.1f s"
                        .formatted(
                                method,
                                configuration.seed(),
                                factor,
                                trial.epochs(),
                                trial.validation().loss(),
                                Double.isNaN(trial.validation().error())
                                        ? ""
                                        : " error %.2f %%"
                                                .formatted(100 * trial.validation().error()),
                                trial.seconds()));
        return trial;
    }

    private static RunConfiguration scaled(RunConfiguration configuration, double factor) {
        List<Double> rates = RunConfigurations.numbers(configuration, RATE);
        if (rates.isEmpty()) {
            return configuration;
        }
        return RunConfigurations.with(
                configuration,
                List.of(
                        new Setting(
                                RATE,
                                rates.stream()
                                        .map(r -> Double.toString(r * factor))
                                        .collect(Collectors.joining(", ", "[", "]")))));
    }
}
