package io.dfc.bench.reproduce;

import io.dfc.bench.plot.Axis;
import io.dfc.bench.plot.Curve;
import io.dfc.bench.plot.Panel;
import io.dfc.bench.reproduce.AlignmentRun.Point;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * All runs of Fig. 3 and S1.
 *
 * @param variants what was trained, direct feedback alignment included
 * @param runs every variant with every seed
 */
record AlignmentRuns(List<AlignmentVariant> variants, List<AlignmentRun> runs) {
    /** Part of a run at its end over which it is judged. */
    private static final int END = 4;

    /** Copies the lists. */
    AlignmentRuns {
        variants = List.copyOf(variants);
        runs = List.copyOf(runs);
    }

    /**
     * Trains some variants, or takes the runs that another figure trained.
     *
     * @param lab where they run
     * @param variants what is trained, direct feedback alignment included
     * @return the runs
     */
    static AlignmentRuns of(Lab lab, List<AlignmentVariant> variants) {
        return lab.once(AlignmentRuns.class, () -> train(lab, variants));
    }

    private static AlignmentRuns train(Lab lab, List<AlignmentVariant> variants) {
        List<Callable<AlignmentRun>> work = new ArrayList<>();
        for (long seed : lab.scale().seedList()) {
            for (AlignmentVariant variant : variants) {
                work.add(() -> AlignmentRun.of(lab, variant, seed));
            }
        }
        return new AlignmentRuns(variants, lab.run(work));
    }

    /** {@return those of the variants whose feedback weights learn} */
    List<AlignmentVariant> trained() {
        return variants.stream().filter(AlignmentVariant::learnsFeedback).toList();
    }

    private List<AlignmentRun> of(AlignmentVariant variant) {
        return runs.stream().filter(r -> r.variant() == variant).toList();
    }

    /** {@return the number of seeds} */
    int seeds() {
        return of(AlignmentVariant.DFA).size();
    }

    /** {@return the first seed} */
    long firstSeed() {
        return runs.getFirst().seed();
    }

    /**
     * A panel with the curve of every variant that has the quantity.
     *
     * @param title its title
     * @param y vertical axis
     * @param value the quantity
     * @return the panel
     */
    Panel panel(String title, Axis y, ToDoubleFunction<Point> value) {
        List<Curve> curves = new ArrayList<>();
        for (AlignmentVariant variant : variants) {
            List<AlignmentRun> own = of(variant);
            double[] epochs = own.getFirst().points().stream().mapToDouble(Point::epoch).toArray();
            List<double[]> values =
                    own.stream()
                            .map(r -> r.points().stream().mapToDouble(value).toArray())
                            .toList();
            curves.add(Spread.curve(variant.label(), variant.look(), epochs, values));
        }
        return new Panel(title, Axis.linear("epoch (below 0: pre-training of Q)"), y, curves);
    }

    /**
     * A quantity at the end of a variant's training.
     *
     * @param variant the variant
     * @param value the quantity
     * @return mean over the last quarter of the epochs, and over the seeds
     */
    double atEnd(AlignmentVariant variant, ToDoubleFunction<Point> value) {
        return of(variant).stream()
                .mapToDouble(
                        r -> {
                            int epochs = r.points().getLast().epoch();
                            return r.points().stream()
                                    .filter(p -> p.epoch() > epochs - epochs / END - 1)
                                    .mapToDouble(value)
                                    .average()
                                    .orElseThrow();
                        })
                .average()
                .orElseThrow();
    }

    /**
     * A quantity at one time.
     *
     * @param variant the variant
     * @param value the quantity
     * @param at chooses the point
     * @return mean over the seeds
     */
    double at(
            AlignmentVariant variant,
            ToDoubleFunction<Point> value,
            Function<List<Point>, Point> at) {
        return of(variant).stream()
                .mapToDouble(r -> value.applyAsDouble(at.apply(r.points())))
                .average()
                .orElseThrow();
    }

    /** {@return the largest value of a quantity over all seeds of a variant, from epoch 0 on} */
    double largest(AlignmentVariant variant, ToDoubleFunction<Point> value) {
        return of(variant).stream()
                .flatMap(r -> r.points().stream())
                .filter(p -> p.epoch() >= 0)
                .mapToDouble(value)
                .max()
                .orElseThrow();
    }

    /** {@return every number of every run} */
    CsvTable table() {
        CsvTable table =
                new CsvTable(
                        List.of(
                                "method",
                                "seed",
                                "epoch",
                                "train_loss",
                                "test_loss",
                                "angle_mn",
                                "angle_gn",
                                "angle_bp",
                                "angle_analytic",
                                "angle_mn_layer1",
                                "angle_mn_layer2",
                                "angle_mn_layer3",
                                "condition1_program",
                                "condition1_paper",
                                "condition2",
                                "stability_a_pi",
                                "unstable_samples"));
        for (AlignmentRun run : runs) {
            for (Point p : run.points()) {
                Alignment a = p.alignment();
                table.add(
                        run.variant().method(),
                        run.seed(),
                        p.epoch(),
                        p.trainLoss(),
                        p.testLoss(),
                        a.minimumNorm(),
                        a.gaussNewton(),
                        a.backpropagation(),
                        a.analytic(),
                        a.minimumNormLayers()[0],
                        a.minimumNormLayers()[1],
                        a.minimumNormLayers()[2],
                        a.conditionOne(),
                        a.conditionOnePaper(),
                        a.feedback().conditionTwo(),
                        a.feedback().stability(),
                        a.feedback().unstable());
            }
        }
        return table;
    }
}
