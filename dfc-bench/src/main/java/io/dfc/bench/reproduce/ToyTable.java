package io.dfc.bench.reproduce;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSplits;
import io.dfc.algorithms.method.LearningMethods;
import io.dfc.algorithms.run.RunAssembler;
import io.dfc.algorithms.train.EpochReport;
import io.dfc.algorithms.train.Trainer;
import io.dfc.algorithms.train.TrainingListener;
import io.dfc.algorithms.train.TrainingSnapshot;
import io.dfc.algorithms.train.TrainingSpec;
import io.dfc.api.error.DfcException;
import io.dfc.api.error.DivergenceException;
import io.dfc.api.spi.Backend;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/**
 * Every method on the student-teacher task of Fig. 3. Each has the same budget of tuning: a few
 * multiples of its configured learning rate, each for some epochs with the first seed; that of the
 * lowest validation loss is taken.
 */
final class ToyTable implements Figure {
    private static final List<Double> FACTORS = List.of(0.1, 0.3, 1.0, 3.0, 10.0, 30.0);
    private static final String RATE = "forward.learning-rate";
    private static final int EPOCHS = 300;
    private static final int QUICK_EPOCHS = 6;
    private static final int TUNING = 30;
    private static final int QUICK_TUNING = 2;

    /** Losses after a training. */
    private record Losses(String backend, double train, double validation, double test) {}

    /** What became of a method. */
    private record Row(String method, double factor, List<Losses> seeds, String problem) {}

    @Override
    public String name() {
        return "toy-table";
    }

    @Override
    public String title() {
        return "every method on the student-teacher task of fig3: loss after 300 epochs";
    }

    @Override
    public Reproduced reproduce(Lab lab) {
        List<Callable<Row>> work = new ArrayList<>();
        for (String method : LearningMethods.installed().names()) {
            work.add(() -> row(lab, method));
        }
        CsvTable table =
                new CsvTable(
                        List.of(
                                "method",
                                "backend",
                                "rate_factor",
                                "seeds",
                                "train_loss",
                                "test_loss",
                                "problem"));
        for (Row row : lab.run(work)) {
            table.add(
                    row.method(),
                    row.seeds().stream()
                            .map(Losses::backend)
                            .distinct()
                            .collect(Collectors.joining(" ")),
                    row.factor(),
                    row.seeds().size(),
                    mean(row.seeds().stream().map(Losses::train).toList()),
                    mean(row.seeds().stream().map(Losses::test).toList()),
                    row.problem());
        }
        return new Reproduced(name(), table, Optional.empty(), List.of());
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(v -> v).average().orElse(Double.NaN);
    }

    private static Row row(Lab lab, String method) {
        Scale scale = lab.scale();
        try {
            double factor = tuned(lab, method, scale.quick() ? QUICK_TUNING : TUNING);
            int epochs = scale.epochs(EPOCHS, QUICK_EPOCHS);
            List<Losses> seeds = new ArrayList<>();
            for (long seed : scale.seedList()) {
                seeds.add(train(lab, method, seed, factor, epochs));
            }
            return new Row(method, factor, seeds, "");
        } catch (DfcException e) {
            // What a method or its backends decline is a line of the table.
            return new Row(method, Double.NaN, List.of(), e.getMessage());
        }
    }

    /** The factor on the learning rate with the lowest validation loss. */
    private static double tuned(Lab lab, String method, int epochs) {
        Optional<DivergenceException> last = Optional.empty();
        double best = Double.NaN;
        double lowest = Double.POSITIVE_INFINITY;
        for (double factor : FACTORS) {
            try {
                double loss =
                        train(lab, method, lab.scale().firstSeed(), factor, epochs).validation();
                if (loss < lowest) {
                    lowest = loss;
                    best = factor;
                }
            } catch (DivergenceException e) {
                last = Optional.of(e);
            }
        }
        if (Double.isNaN(best) && last.isPresent()) {
            throw last.get();
        }
        return best;
    }

    private static Losses train(Lab lab, String method, long seed, double factor, int epochs) {
        RunConfiguration configuration = configuration(method, seed, factor, epochs);
        DataSplits data = lab.data(configuration);
        TrainingSpec spec = new RunAssembler(configuration, data.train()).assemble();
        lab.say(method + ", seed " + seed + ", rate x " + factor + ": " + epochs + " epochs");
        try (Backend backend = lab.open(spec.plan())) {
            LastEpoch last = new LastEpoch();
            new Trainer(spec, data, List.of(last)).run(backend);
            return new Losses(
                    backend.name(),
                    last.report.train().loss(),
                    last.report.validation().loss(),
                    last.report.test().loss());
        }
    }

    private static RunConfiguration configuration(
            String method, long seed, double factor, int epochs) {
        List<Setting> settings = new ArrayList<>();
        settings.add(new Setting("seed", Long.toString(seed)));
        settings.add(new Setting("epochs", Integer.toString(epochs)));
        RunConfiguration chosen = base(method, settings);
        List<Double> rates = RunConfigurations.numbers(chosen, RATE);
        if (rates.isEmpty()) {
            return chosen;
        }
        settings.add(
                new Setting(
                        RATE,
                        rates.stream()
                                .map(r -> Double.toString(r * factor))
                                .collect(Collectors.joining(", ", "[", "]"))));
        return base(method, settings);
    }

    /** The published configuration of the method, or its defaults on the same network. */
    private static RunConfiguration base(String method, List<Setting> settings) {
        for (AlignmentVariant variant : AlignmentVariant.values()) {
            if (variant.method().equals(method)) {
                return RunConfigurations.load(variant.configuration(), settings);
            }
        }
        return RunConfigurations.forRun(
                "student-teacher",
                method,
                List.of(new Setting("network.hidden", "[10, 10]"), new Setting("batch", "128")),
                settings);
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
