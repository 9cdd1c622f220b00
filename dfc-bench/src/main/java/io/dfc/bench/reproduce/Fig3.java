package io.dfc.bench.reproduce;

import io.dfc.bench.plot.Axis;
import io.dfc.bench.plot.Picture;
import io.dfc.bench.reproduce.AlignmentRun.Point;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Fig. 3: alignment, the conditions, loss and stability while the student learns. */
final class Fig3 implements Figure {
    private static final int WIDTH = 400;
    private static final int HEIGHT = 300;
    private static final double NEAR_ONE = 0.9;
    private static final double FAR_BELOW = 0.5;

    private final List<AlignmentVariant> variants;

    /**
     * The figure of some variants.
     *
     * @param variants trained variants with their fixed ones, and direct feedback alignment
     */
    Fig3(List<AlignmentVariant> variants) {
        this.variants = List.copyOf(variants);
    }

    @Override
    public String name() {
        return "fig3";
    }

    @Override
    public String title() {
        return "Conditions 1 and 2, angle to the MN update, loss and stability over 300 epochs";
    }

    @Override
    public Reproduced reproduce(Lab lab) {
        AlignmentRuns runs = AlignmentRuns.of(lab, variants);
        return new Reproduced(name(), runs.table(), picture(runs), claims(runs));
    }

    private static Picture picture(AlignmentRuns runs) {
        return new Picture(
                3,
                WIDTH,
                HEIGHT,
                List.of(
                        runs.panel(
                                "A  Condition 1",
                                Axis.linear("deviation from equal norms"),
                                p -> p.alignment().conditionOne()),
                        runs.panel(
                                "B  Condition 2",
                                Axis.between("‖J⁺J Q‖ / ‖Q‖", 0, 1.05),
                                Point::conditionTwo),
                        runs.panel(
                                "C  Angle to the MN update",
                                Axis.between("degrees", 0, 95),
                                Point::minimumNorm),
                        runs.panel("D  Training loss", Axis.logarithmic("loss"), Point::trainLoss),
                        runs.panel(
                                "E  Stability of the loop",
                                Axis.linear("largest Re λ(A_PI)"),
                                Point::stability),
                        runs.panel(
                                "F  Angle to the analytic update",
                                Axis.linear("degrees"),
                                p -> p.alignment().analytic())),
                Notes.bands(runs.seeds(), runs.firstSeed()));
    }

    private static List<Claim> claims(AlignmentRuns runs) {
        List<Claim> claims = new ArrayList<>();
        double dfa = runs.atEnd(AlignmentVariant.DFA, Point::minimumNorm);
        for (AlignmentVariant trained : runs.trained()) {
            AlignmentVariant fixed = trained.fixed();
            double random = runs.at(trained, Point::conditionTwo, List::getFirst);
            double learnt = runs.at(trained, Point::conditionTwo, Fig3::beforeFirstEpoch);
            claims.add(
                    new Claim(
                            trained.label() + ": Condition 2 rises towards 1.",
                            String.format(
                                    Locale.ROOT,
                                    "from %.3f to %.3f in pre-training",
                                    random,
                                    learnt),
                            learnt > random && learnt > NEAR_ONE));
            double kept = runs.atEnd(trained, Point::conditionTwo);
            double ofFixed = runs.atEnd(fixed, Point::conditionTwo);
            claims.add(
                    new Claim(
                            trained.label() + ": it stays nearer to 1 than with fixed Q.",
                            String.format(
                                    Locale.ROOT, "%.3f at the end, fixed %.3f", kept, ofFixed),
                            kept > ofFixed));
            double angle = runs.atEnd(trained, Point::minimumNorm);
            double between = runs.atEnd(fixed, Point::minimumNorm);
            claims.add(
                    new Claim(
                            trained.label()
                                    + ": its angle to the MN update is far below that of DFA.",
                            String.format(Locale.ROOT, "%.1f degrees, DFA %.1f", angle, dfa),
                            angle < FAR_BELOW * dfa));
            claims.add(
                    new Claim(
                            fixed.label() + ": its angle lies between the two.",
                            String.format(
                                    Locale.ROOT, "%.1f < %.1f < %.1f degrees", angle, between, dfa),
                            angle < between && between < dfa));
            double stability = runs.largest(trained, Point::stability);
            claims.add(
                    new Claim(
                            trained.label() + ": the loop stays stable.",
                            String.format(
                                    Locale.ROOT,
                                    "largest real part of A_PI %.4f in any epoch",
                                    stability),
                            stability < 0));
        }
        return claims;
    }

    private static Point beforeFirstEpoch(List<Point> points) {
        return points.stream().filter(p -> p.epoch() == 0).findFirst().orElseThrow();
    }
}
