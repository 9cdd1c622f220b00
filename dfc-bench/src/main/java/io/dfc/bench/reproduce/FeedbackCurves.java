package io.dfc.bench.reproduce;

import io.dfc.bench.plot.Axis;
import io.dfc.bench.plot.Curve;
import io.dfc.bench.plot.Look;
import io.dfc.bench.plot.Palette;
import io.dfc.bench.plot.Panel;
import io.dfc.bench.plot.Picture;
import io.dfc.bench.reproduce.FeedbackRun.Point;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;

/**
 * Figs. S2 to S4: how feedback weights align while they learn, in a linear and a tanh network, over
 * one constant. In Fig. S2 that is the damping that they are compared with, in the others a
 * constant of the loop.
 */
final class FeedbackCurves implements Figure {
    private static final int WIDTH = 470;
    private static final int HEIGHT = 300;
    private static final List<String> ACTIVATIONS = List.of("linear", "tanh");

    /** An angle that is small, in degrees. */
    private static final double SMALL = 20;

    /** Condition 2 is nearly fulfilled. */
    private static final double NEAR_ONE = 0.9;

    /** The damping of Figs. S3 and S4. */
    private static final double DAMPING = 5;

    private final String name;
    private final String title;
    private final String symbol;
    private final String folder;
    private final String prefix;
    private final List<String> values;

    private FeedbackCurves(
            String name, String title, String symbol, String prefix, List<String> values) {
        this.name = name;
        this.title = title;
        this.symbol = symbol;
        this.prefix = prefix;
        this.values = values;
        folder = "toy/fig-" + name + "-";
    }

    /** {@return Fig. S2, over the damping of the comparison} */
    static FeedbackCurves s2() {
        return new FeedbackCurves(
                "s2",
                "feedback learning against the damped pseudo-inverse, over its damping γ",
                "γ",
                "",
                List.of("0", "0.1", "1", "5", "10", "100", "1000"));
    }

    /** {@return Fig. S3, over the leakage of the feedback phase} */
    static FeedbackCurves s3() {
        return new FeedbackCurves(
                "s3",
                "feedback learning over the leakage α of its loop",
                "α",
                "alpha-",
                List.of("0", "0.001", "0.01", "0.1", "0.5", "1"));
    }

    /** {@return Fig. S4, over the proportional gain of the feedback phase} */
    static FeedbackCurves s4() {
        return new FeedbackCurves(
                "s4",
                "feedback learning over the proportional gain k_p of its loop",
                "k_p",
                "k-p-",
                List.of("0", "0.01", "0.1", "0.5", "1"));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String title() {
        return title;
    }

    /** Whether one run is compared with several dampings. */
    private boolean overDampings() {
        return prefix.isEmpty();
    }

    private List<Double> dampings() {
        return overDampings() ? values.stream().map(Double::valueOf).toList() : List.of(DAMPING);
    }

    /** Names of the runs of a network. */
    private List<String> configurations(String activation) {
        // The runs over which Fig. S2 compares dampings are all the same.
        return overDampings()
                ? List.of(folder + activation + "/gamma-5")
                : values.stream().map(v -> folder + activation + "/" + prefix + v).toList();
    }

    @Override
    public Reproduced reproduce(Lab lab) {
        List<Callable<FeedbackRun>> work = new ArrayList<>();
        for (String activation : ACTIVATIONS) {
            for (String configuration : configurations(activation)) {
                for (long seed : lab.scale().seedList()) {
                    work.add(() -> FeedbackRun.of(lab, configuration, seed, dampings()));
                }
            }
        }
        Map<String, List<FeedbackRun>> runs = new TreeMap<>();
        lab.run(work)
                .forEach(
                        r ->
                                runs.computeIfAbsent(r.configuration(), c -> new ArrayList<>())
                                        .add(r));
        return new Reproduced(name, table(runs), picture(runs, lab.scale()), claims(runs));
    }

    private CsvTable table(Map<String, List<FeedbackRun>> runs) {
        CsvTable table =
                new CsvTable(
                        List.of(
                                "activation",
                                "constant",
                                "value",
                                "seed",
                                "minibatch",
                                "angle_damped_pseudo_inverse",
                                "angle_transpose",
                                "condition2"));
        for (String activation : ACTIVATIONS) {
            for (int v = 0; v < values.size(); v++) {
                for (FeedbackRun run : of(runs, activation, v)) {
                    for (Point p : run.points()) {
                        table.add(
                                activation,
                                constant(),
                                values.get(v),
                                run.seed(),
                                p.minibatch(),
                                p.toPseudoInverse()[damping(v)],
                                p.toTranspose(),
                                p.conditionTwo());
                    }
                }
            }
        }
        return table;
    }

    private String constant() {
        return overDampings() ? "gamma" : prefix.equals("alpha-") ? "alpha" : "k_p";
    }

    private String configuration(String activation, int value) {
        List<String> names = configurations(activation);
        return names.get(overDampings() ? 0 : value);
    }

    private List<FeedbackRun> of(
            Map<String, List<FeedbackRun>> runs, String activation, int value) {
        return Objects.requireNonNull(runs.get(configuration(activation, value)));
    }

    private int damping(int value) {
        return overDampings() ? value : 0;
    }

    private Picture picture(Map<String, List<FeedbackRun>> runs, Scale scale) {
        Axis degrees = Axis.between("degrees", 0, 95);
        Axis share = Axis.between("‖J⁺J Q‖ / ‖Q‖", 0, 1.05);
        List<Panel> panels = new ArrayList<>();
        for (String activation : ACTIVATIONS) {
            List<Curve> curves = new ArrayList<>();
            for (int v = 0; v < values.size(); v++) {
                int damping = damping(v);
                curves.add(curve(of(runs, activation, v), v, p -> p.toPseudoInverse()[damping]));
            }
            String against = overDampings() ? "γ" : "γ = 5";
            panels.add(
                    new Panel(
                            activation + ":  Q to Jᵀ(J Jᵀ + γ I)⁻¹, " + against,
                            Axis.linear("minibatch"),
                            degrees,
                            curves));
        }
        for (String activation : ACTIVATIONS) {
            panels.add(panel(runs, activation, ":  Q to Jᵀ", degrees, Point::toTranspose));
        }
        for (String activation : ACTIVATIONS) {
            panels.add(panel(runs, activation, ":  Condition 2", share, Point::conditionTwo));
        }
        return new Picture(
                ACTIVATIONS.size(),
                WIDTH,
                HEIGHT,
                panels,
                Notes.bands(scale.seeds(), scale.firstSeed()));
    }

    private Panel panel(
            Map<String, List<FeedbackRun>> runs,
            String activation,
            String what,
            Axis y,
            ToDoubleFunction<Point> value) {
        List<Curve> curves = new ArrayList<>();
        if (overDampings()) {
            curves.add(
                    curve(
                            "whatever γ",
                            Look.line(Palette.BLACK, Look.Pattern.DOTTED),
                            of(runs, activation, 0),
                            value));
        } else {
            for (int v = 0; v < values.size(); v++) {
                curves.add(curve(of(runs, activation, v), v, value));
            }
        }
        return new Panel(activation + what, Axis.linear("minibatch"), y, curves);
    }

    private Curve curve(List<FeedbackRun> runs, int number, ToDoubleFunction<Point> value) {
        Look.Pattern pattern = number % 2 == 0 ? Look.Pattern.SOLID : Look.Pattern.DASHED;
        return curve(
                symbol + " = " + values.get(number),
                Look.line(Palette.scale((double) number / (values.size() - 1)), pattern),
                runs,
                value);
    }

    private static Curve curve(
            String label, Look look, List<FeedbackRun> runs, ToDoubleFunction<Point> value) {
        return Spread.curve(
                label,
                look,
                runs.getFirst().points().stream().mapToDouble(Point::minibatch).toArray(),
                runs.stream().map(r -> r.points().stream().mapToDouble(value).toArray()).toList());
    }

    private List<Claim> claims(Map<String, List<FeedbackRun>> runs) {
        List<Claim> claims = new ArrayList<>();
        for (String activation : ACTIVATIONS) {
            int best = 0;
            double[] angles = new double[values.size()];
            double least = Double.POSITIVE_INFINITY;
            for (int v = 0; v < values.size(); v++) {
                List<FeedbackRun> own = of(runs, activation, v);
                int damping = damping(v);
                angles[v] = last(own, p -> p.toPseudoInverse()[damping]);
                best = angles[v] < angles[best] ? v : best;
                least = Math.min(least, last(own, Point::conditionTwo));
            }
            claims.add(
                    new Claim(
                            activation
                                    + ": feedback weights align with a damped pseudo-inverse of"
                                    + " J.",
                            String.format(
                                    Locale.ROOT,
                                    "%.1f degrees at best, for %s = %s",
                                    angles[best],
                                    symbol,
                                    values.get(best)),
                            angles[best] < SMALL));
            claims.add(
                    new Claim(
                            activation + ": Condition 2 comes near 1.",
                            String.format(
                                    Locale.ROOT, "%.3f for the worst value of %s", least, symbol),
                            least > NEAR_ONE));
        }
        return claims;
    }

    private static double last(List<FeedbackRun> runs, ToDoubleFunction<Point> value) {
        return runs.stream()
                .mapToDouble(r -> value.applyAsDouble(r.points().getLast()))
                .average()
                .orElseThrow();
    }
}
