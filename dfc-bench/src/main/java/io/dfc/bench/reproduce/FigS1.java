package io.dfc.bench.reproduce;

import io.dfc.bench.plot.Axis;
import io.dfc.bench.plot.Picture;
import io.dfc.bench.reproduce.AlignmentRun.Point;

import java.util.List;
import java.util.Locale;

/** Fig. S1: the runs of Fig. 3 compared with Gauss-Newton, backpropagation and layer by layer. */
final class FigS1 implements Figure {
    private static final int WIDTH = 400;
    private static final int HEIGHT = 300;

    private final List<AlignmentVariant> variants;

    /**
     * The figure of some variants.
     *
     * @param variants trained variants with their fixed ones, and direct feedback alignment
     */
    FigS1(List<AlignmentVariant> variants) {
        this.variants = List.copyOf(variants);
    }

    @Override
    public String name() {
        return "s1";
    }

    @Override
    public String title() {
        return "angles to the GN and BP updates, and to the MN update of each layer";
    }

    @Override
    public Reproduced reproduce(Lab lab) {
        AlignmentRuns runs = AlignmentRuns.of(lab, variants);
        return new Reproduced(name(), runs.table(), picture(runs), claims(runs));
    }

    private static Picture picture(AlignmentRuns runs) {
        Axis degrees = Axis.between("degrees", 0, 95);
        // A layer may be driven against the update.
        Axis ofLayer = Axis.between("degrees", 0, 120);
        return new Picture(
                3,
                WIDTH,
                HEIGHT,
                List.of(
                        runs.panel("A  Angle to the GN update", degrees, Point::gaussNewton),
                        runs.panel(
                                "B  Angle to the BP update",
                                degrees,
                                p -> p.alignment().backpropagation()),
                        runs.panel(
                                "C  Condition 1, as in the text",
                                Axis.linear("spread of ‖r_i‖ / mean"),
                                p -> p.alignment().conditionOnePaper()),
                        runs.panel("D  MN, layer 1", ofLayer, p -> layer(p, 0)),
                        runs.panel("E  MN, layer 2", ofLayer, p -> layer(p, 1)),
                        runs.panel("F  MN, output layer", ofLayer, p -> layer(p, 2))),
                Notes.bands(runs.seeds(), runs.firstSeed()));
    }

    private static double layer(Point point, int layer) {
        return point.alignment().minimumNormLayers()[layer];
    }

    private static List<Claim> claims(AlignmentRuns runs) {
        double dfa = runs.atEnd(AlignmentVariant.DFA, Point::gaussNewton);
        return runs.trained().stream()
                .map(
                        v -> {
                            double angle = runs.atEnd(v, Point::gaussNewton);
                            return new Claim(
                                    v.label() + ": nearer to the GN update than DFA.",
                                    String.format(
                                            Locale.ROOT, "%.1f degrees, DFA %.1f", angle, dfa),
                                    angle < dfa);
                        })
                .toList();
    }
}
