package io.dfc.bench.reproduce;

import io.dfc.bench.plot.Axis;
import io.dfc.bench.plot.Curve;
import io.dfc.bench.plot.Look;
import io.dfc.bench.plot.Palette;
import io.dfc.bench.plot.Panel;
import io.dfc.bench.plot.Picture;
import io.dfc.bench.reproduce.FeedbackCloud.Kind;
import io.dfc.bench.reproduce.FeedbackCloud.Member;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Fig. 2: feedback matrices that fulfil Condition 2, in their principal components. */
final class Fig2 implements Figure {
    private static final int WIDTH = 560;
    private static final int HEIGHT = 480;

    /** Part of the enlarged picture beside what it enlarges. */
    private static final double AROUND = 0.6;

    /** Ranges of stability that are told apart by colour. */
    private static final int CLASSES = 4;

    /** Two directions this near are one. */
    private static final double SAME = 0.01;

    /** So many of the random matrices that one cannot speak of a special one. */
    private static final double MANY = 0.1;

    @Override
    public String name() {
        return "fig2";
    }

    @Override
    public String title() {
        return "feedback matrices that fulfil Condition 2, by principal components and stability";
    }

    @Override
    public Reproduced reproduce(Lab lab) {
        List<Callable<FeedbackCloud>> work = new ArrayList<>();
        for (long seed : lab.scale().seedList()) {
            work.add(() -> FeedbackCloud.of(seed));
        }
        List<FeedbackCloud> clouds = lab.run(work);
        return new Reproduced(name(), table(clouds), picture(clouds.getFirst()), claims(clouds));
    }

    private static CsvTable table(List<FeedbackCloud> clouds) {
        CsvTable table =
                new CsvTable(
                        List.of(
                                "seed",
                                "kind",
                                "damping",
                                "component1",
                                "component2",
                                "growth",
                                "stable"));
        for (FeedbackCloud cloud : clouds) {
            for (Member m : cloud.members()) {
                double[] at = cloud.components().project(m.elements());
                table.add(
                        cloud.seed(),
                        m.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        m.damping(),
                        at[0],
                        at[1],
                        m.growth(),
                        m.stable());
            }
        }
        return table;
    }

    private static Picture picture(FeedbackCloud cloud) {
        List<Curve> curves = new ArrayList<>();
        curves.add(
                points(
                        cloud,
                        "Jᵀ P, unstable",
                        Look.points(Palette.GREY, Look.Mark.DOT),
                        m -> m.kind() == Kind.RANDOM && !m.stable()));
        double most = -cloud.members().stream().mapToDouble(Member::growth).min().orElseThrow();
        for (int c = 0; c < CLASSES; c++) {
            double from = most * c / CLASSES;
            double to = most * (c + 1) / CLASSES;
            boolean last = c == CLASSES - 1;
            curves.add(
                    points(
                            cloud,
                            String.format(
                                    Locale.ROOT, "Jᵀ P, min Re λ(J Q) %.2f to %.2f", from, to),
                            Look.points(Palette.scale((double) c / (CLASSES - 1)), Look.Mark.DOT),
                            m ->
                                    m.kind() == Kind.RANDOM
                                            && -m.growth() >= from
                                            && (last || -m.growth() < to)));
        }
        curves.add(
                points(
                        cloud,
                        "Jᵀ(J Jᵀ + γ I)⁻¹, γ from 10⁻⁵ to 10²",
                        new Look(Palette.BLACK, Look.Pattern.SOLID, Look.Mark.NONE),
                        m -> m.kind() == Kind.DAMPED));
        curves.add(
                points(
                        cloud,
                        "Jᵀ",
                        Look.points(Palette.VERMILLION, Look.Mark.SQUARE),
                        m -> m.kind() == Kind.TRANSPOSE));
        curves.add(
                points(
                        cloud,
                        "pseudo-inverse J⁺",
                        Look.points(Palette.PURPLE, Look.Mark.TRIANGLE),
                        m -> m.kind() == Kind.PSEUDO_INVERSE));
        double[] shares = cloud.components().shares();
        String first = component(1, shares[0]);
        String second = component(2, shares[1]);
        return new Picture(
                2,
                WIDTH,
                HEIGHT,
                List.of(
                        new Panel(
                                "A  Feedback matrices Q, ‖Q‖ = 1",
                                Axis.linear(first),
                                Axis.linear(second),
                                curves),
                        enlarged(cloud, first, second, curves)),
                "Seed " + cloud.seed() + ".");
    }

    /** The surroundings of the matrices of the theory. */
    private static Panel enlarged(
            FeedbackCloud cloud, String first, String second, List<Curve> curves) {
        double[] low = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
        double[] high = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (Member m : cloud.members()) {
            double[] at = cloud.components().project(m.elements());
            for (int c = 0; c < at.length && m.kind() != Kind.RANDOM; c++) {
                low[c] = Math.min(low[c], at[c]);
                high[c] = Math.max(high[c], at[c]);
            }
        }
        double margin = AROUND * Math.max(high[0] - low[0], high[1] - low[1]);
        Axis x = Axis.between(first, low[0] - margin, high[0] + margin);
        Axis y = Axis.between(second, low[1] - margin, high[1] + margin);
        return new Panel(
                "B  Around Jᵀ and J⁺",
                x,
                y,
                curves.stream().map(c -> inside(c, x.range().get(), y.range().get())).toList());
    }

    /** The points of a curve within two ranges. */
    private static Curve inside(Curve curve, Axis.Range x, Axis.Range y) {
        int[] kept =
                IntStream.range(0, curve.x().length)
                        .filter(i -> x.low() <= curve.x()[i] && curve.x()[i] <= x.high())
                        .filter(i -> y.low() <= curve.y()[i] && curve.y()[i] <= y.high())
                        .toArray();
        return new Curve(
                curve.label(),
                curve.look(),
                IntStream.of(kept).mapToDouble(i -> curve.x()[i]).toArray(),
                IntStream.of(kept).mapToDouble(i -> curve.y()[i]).toArray());
    }

    private static String component(int number, double share) {
        return String.format(
                Locale.ROOT,
                "principal component %d  (%.0f %% of the variance)",
                number,
                100 * share);
    }

    private static Curve points(
            FeedbackCloud cloud, String label, Look look, Predicate<Member> chosen) {
        List<double[]> at =
                cloud.members().stream()
                        .filter(chosen)
                        .map(m -> cloud.components().project(m.elements()))
                        .toList();
        return new Curve(
                label,
                look,
                at.stream().mapToDouble(p -> p[0]).toArray(),
                at.stream().mapToDouble(p -> p[1]).toArray());
    }

    private static List<Claim> claims(List<FeedbackCloud> clouds) {
        double worst =
                clouds.stream()
                        .flatMap(c -> c.members().stream())
                        .filter(m -> m.kind() != Kind.RANDOM)
                        .mapToDouble(Member::growth)
                        .max()
                        .orElseThrow();
        double share =
                clouds.stream()
                        .mapToDouble(
                                c ->
                                        c.members().stream()
                                                .filter(m -> m.kind() == Kind.RANDOM)
                                                .mapToInt(m -> m.stable() ? 1 : 0)
                                                .average()
                                                .orElseThrow())
                        .min()
                        .orElseThrow();
        double ends = clouds.stream().mapToDouble(Fig2::gapAtEnds).max().orElseThrow();
        return List.of(
                new Claim(
                        "Many different feedback matrices fulfil Conditions 2 and 3.",
                        text("%.0f %% of the random ones are stable (worst seed)", 100 * share),
                        share > MANY),
                new Claim(
                        "The transpose, the pseudo-inverse and all between are among them.",
                        text("their largest Re λ(-J Q) is %.2g", worst),
                        worst < 0),
                new Claim(
                        "Damping leads from the pseudo-inverse to the transpose.",
                        text("the ends of the line are %.2g from them (norm 1)", ends),
                        ends < SAME));
    }

    private static String text(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    /** How far the least and the most damped matrices are from pseudo-inverse and transpose. */
    private static double gapAtEnds(FeedbackCloud cloud) {
        List<Member> damped =
                cloud.members().stream().filter(m -> m.kind() == Kind.DAMPED).toList();
        return Math.max(
                distance(damped.getFirst(), only(cloud, Kind.PSEUDO_INVERSE)),
                distance(damped.getLast(), only(cloud, Kind.TRANSPOSE)));
    }

    private static Member only(FeedbackCloud cloud, Kind kind) {
        return cloud.members().stream().filter(m -> m.kind() == kind).findFirst().orElseThrow();
    }

    private static double distance(Member a, Member b) {
        double sum = 0;
        for (int i = 0; i < a.elements().length; i++) {
            double d = a.elements()[i] - b.elements()[i];
            sum += d * d;
        }
        return Math.sqrt(sum);
    }
}
