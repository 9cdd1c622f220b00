package io.dfc.algorithms.diagnostics;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.ProportionalIntegralController;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;

/**
 * Whether the simulated loops of some samples are stable, and what would make them so: the largest
 * proportional gain and time step below, and the smallest leakage and time constant above the
 * present ones that do, each alone, of those tried.
 *
 * @param samples number of samples looked at
 * @param unstable how many of their loops are unstable
 * @param radius largest spectral radius of a step: factor by which deviations grow from one time
 *     point to the next
 * @param steps number of steps of the loop
 * @param remedies settings that make every loop stable, as {@code key=value} without the group
 */
public record StabilityVerdict(
        int samples, int unstable, double radius, int steps, List<String> remedies) {
    /** Growth over the time simulated beyond which nothing of use is left of a loop. */
    private static final double HOPELESS = 1e6;

    /** Rounding moves radii by less. */
    private static final double ROUNDING = 1e-9;

    private static final double[] LESS = {0.7, 0.5, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01, 1e-3, 1e-4};
    private static final double[] LEAKAGES = {
        0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100
    };
    private static final double[] MORE = {1.5, 2, 3, 5, 10, 20, 50, 100};

    /** Copies the list. */
    public StabilityVerdict {
        remedies = List.copyOf(remedies);
    }

    /**
     * Judges loops.
     *
     * @param loops loops of some samples, at least one
     * @param controller their controller
     * @param dynamics their dynamics
     * @return the verdict
     */
    public static StabilityVerdict of(
            List<ReducedLoop> loops, ProportionalIntegralController controller, Dynamics dynamics) {
        double largest = 0;
        List<ReducedLoop> unstable = new ArrayList<>();
        for (ReducedLoop loop : loops) {
            double radius = loop.spectralRadius(controller, dynamics);
            // Written so that an undefined radius counts as unstable.
            if (!(radius <= 1 + ROUNDING)) {
                unstable.add(loop);
            }
            largest = radius <= largest ? largest : radius;
        }
        return new StabilityVerdict(
                loops.size(),
                unstable.size(),
                largest,
                dynamics.steps(),
                unstable.isEmpty() ? List.of() : remedies(unstable, controller, dynamics));
    }

    /** {@return whether every loop is stable} */
    public boolean isStable() {
        return unstable == 0;
    }

    /**
     * {@return the factor by which deviations grow over the time simulated; infinite if undefined}
     */
    public double growth() {
        double growth = Math.pow(radius, steps);
        return Double.isNaN(growth) ? Double.POSITIVE_INFINITY : growth;
    }

    /** {@return whether most loops leave every bound within the time simulated} */
    public boolean isHopeless() {
        return 2 * unstable > samples && growth() > HOPELESS;
    }

    private static List<String> remedies(
            List<ReducedLoop> loops, ProportionalIntegralController c, Dynamics d) {
        List<String> found = new ArrayList<>();
        add(
                found,
                "proportional-gain",
                scaled(c.proportionalGain(), LESS),
                gain -> stable(loops, controller(c, gain, c.leakageRate()), d));
        List<Double> leakages = new ArrayList<>();
        for (double leakage : LEAKAGES) {
            if (leakage > c.leakageRate()) {
                leakages.add(leakage);
            }
        }
        add(
                found,
                "leakage",
                leakages,
                leakage -> stable(loops, controller(c, c.proportionalGain(), leakage), d));
        add(
                found,
                "time-step",
                scaled(d.timeStep(), LESS),
                step -> stable(loops, c, dynamics(d, step, d.timeConstantRatio())));
        if (!d.instantSystem()) {
            add(
                    found,
                    "time-constant-ratio",
                    scaled(d.timeConstantRatio(), MORE),
                    ratio -> stable(loops, c, dynamics(d, d.timeStep(), ratio)));
        }
        return found;
    }

    private static void add(
            List<String> found, String key, List<Double> values, DoubleFunction<Boolean> stable) {
        OptionalDouble helps =
                values.stream().mapToDouble(v -> v).filter(v -> stable.apply(v)).findFirst();
        helps.ifPresent(value -> found.add(key + "=" + text(value)));
    }

    private static boolean stable(
            List<ReducedLoop> loops, ProportionalIntegralController c, Dynamics d) {
        return loops.stream().allMatch(loop -> loop.spectralRadius(c, d) < 1);
    }

    private static List<Double> scaled(double value, double[] factors) {
        List<Double> values = new ArrayList<>();
        for (double factor : factors) {
            if (value > 0) {
                values.add(rounded(value * factor).doubleValue());
            }
        }
        return values;
    }

    private static BigDecimal rounded(double value) {
        return new BigDecimal(value).round(new MathContext(2)).stripTrailingZeros();
    }

    private static String text(double value) {
        BigDecimal rounded = rounded(value);
        return rounded.scale() > 9 || rounded.precision() - rounded.scale() > 9
                ? rounded.toString()
                : rounded.toPlainString();
    }

    private static ProportionalIntegralController controller(
            ProportionalIntegralController c, double gain, double leakage) {
        return new ProportionalIntegralController(gain, leakage, c.leak());
    }

    /** An instantaneous apical compartment stays one. */
    private static Dynamics dynamics(Dynamics d, double step, double ratio) {
        boolean instantApical = d.apicalTimeConstant() == d.timeStep();
        return new Dynamics(
                step,
                d.timePoints(),
                ratio,
                instantApical ? step : d.apicalTimeConstant(),
                d.instantTransmission(),
                d.instantSystem(),
                d.proactive());
    }

    /**
     * The verdict in words.
     *
     * @param group group of the settings, such as {@code control}
     * @return a sentence without a full stop
     */
    public String inWords(String group) {
        if (isStable()) {
            return String.format(
                    Locale.ROOT,
                    "stable: deviations from the steady state shrink by %.6g from one time point to the next",
                    radius);
        }
        List<String> settings = remedies.stream().map(r -> "--set " + group + "." + r).toList();
        return String.format(
                Locale.ROOT,
                "unstable on %d of %d samples: deviations from the steady state grow by %.4g from one time point to the"
                        + " next, %.2g times over the time simulated; %s",
                unstable,
                samples,
                radius,
                growth(),
                settings.isEmpty()
                        ? "no gain, leakage or time constant tried helps alone, so try other feedback weights"
                        : "stable with " + String.join(", or ", settings));
    }
}
