package io.dfc.algorithms.run;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.algorithms.train.MinibatchGatherer;
import io.dfc.api.control.Solver;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.SampleBuffer;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Advice for runs that diverge: values of the settings that matter there, found by running the
 * control phase of a minibatch with them.
 */
public final class DivergenceAdvice {
    /** Share of diverged samples below which a value has helped. */
    private static final double CURED = 0.1;

    private static final int SAMPLES = 32;
    private static final int MAX_POINTS = 20_000;
    private static final double[] SMALLER = {0.5, 0.25, 0.1, 0.03, 0.01};
    private static final double[] STEPS = {0.5, 0.25, 0.1};
    private static final double[] LEAKAGES = {0.01, 0.03, 0.1, 0.3, 1, 3, 10};
    private static final double USUAL_GAIN = 2;
    private static final double USUAL_FEEDBACK_RATE = 0.0005;
    private static final int RATE_FACTOR = 10;

    /** A rate to try if a tenth of a nonsensical one would be nonsensical too. */
    private static final double HIGHEST_RATE = 0.1;

    /** Zeros before or behind the point that can still be counted. */
    private static final int MOST_DIGITS = 9;

    private final RunConfiguration configuration;
    private final DataSet data;
    private final Backend backend;

    /**
     * An advisor for a run.
     *
     * @param configuration its configuration
     * @param data its training set
     * @param backend an open backend that runs it
     */
    public DivergenceAdvice(RunConfiguration configuration, DataSet data, Backend backend) {
        this.configuration = configuration;
        this.data = data;
        this.backend = backend;
    }

    /**
     * What to change.
     *
     * @param helpful changes that help, each a few settings that go together
     * @param helpless settings of which no value tried helped alone
     * @param rates lower learning rates, named without a trial because they take effect in the
     *     course of an epoch only
     */
    public record Advice(List<List<Setting>> helpful, List<String> helpless, List<Setting> rates) {
        /** Copies the lists. */
        public Advice {
            helpful = List.copyOf(helpful);
            helpless = List.copyOf(helpless);
            rates = List.copyOf(rates);
        }
    }

    /**
     * Tries settings one at a time, from the mildest change on.
     *
     * @param state parameters with which samples diverge
     * @return what helped
     */
    public Advice advise(EngineState state) {
        List<List<Setting>> helpful = new ArrayList<>();
        List<String> helpless = new ArrayList<>();
        LearningPlan learning = new RunAssembler(configuration, data).learning();
        boolean outOfControl = learning.forwardLoop().isPresent() && !isCured(state, List.of());
        if (outOfControl && hasDynamics(learning)) {
            for (List<List<Setting>> ladder : List.of(gains(), leakages(), steps())) {
                ladder.stream()
                        .filter(step -> isCured(state, step))
                        .findFirst()
                        .ifPresentOrElse(
                                helpful::add,
                                () ->
                                        ladder.stream()
                                                .findFirst()
                                                .map(step -> step.getFirst().key())
                                                .ifPresent(helpless::add));
            }
        }
        List<Setting> rates = new ArrayList<>();
        if (learnsFeedback(learning.plan())) {
            feedbackRate().ifPresent(rates::add);
        }
        if (!outOfControl) {
            lowerForwardRate().ifPresent(rates::add);
        }
        return new Advice(helpful, helpless, rates);
    }

    /** The linearised steady state has neither time steps nor a gain. */
    private static boolean hasDynamics(LearningPlan learning) {
        return learning.forwardLoop()
                .filter(loop -> !(loop.phase().solver() instanceof Solver.Linearized))
                .isPresent();
    }

    private static boolean learnsFeedback(Plan plan) {
        return plan.optimizers().stream()
                .flatMap(optimizer -> optimizer.groups().stream())
                .anyMatch(group -> group.name().equals(Parameters.FEEDBACK));
    }

    /** The number that a setting holds, if the method has it. */
    private OptionalDouble number(String key) {
        List<Double> numbers = RunConfigurations.numbers(configuration, key);
        return numbers.size() == 1 ? OptionalDouble.of(numbers.getFirst()) : OptionalDouble.empty();
    }

    private List<List<Setting>> gains() {
        double gain = number("control.proportional-gain").orElse(0);
        List<List<Setting>> ladder = new ArrayList<>();
        for (double factor : SMALLER) {
            ladder.add(List.of(setting("control.proportional-gain", gain * factor)));
        }
        if (gain > USUAL_GAIN) {
            ladder.add(List.of(setting("control.proportional-gain", USUAL_GAIN)));
        }
        return gain > 0 ? ladder : List.of();
    }

    private List<List<Setting>> leakages() {
        List<List<Setting>> ladder = new ArrayList<>();
        double now = number("control.leakage").orElse(Double.POSITIVE_INFINITY);
        for (double leakage : LEAKAGES) {
            if (leakage > now) {
                ladder.add(List.of(setting("control.leakage", leakage)));
            }
        }
        return ladder;
    }

    /** Shorter steps, and more of them, so that the time simulated is the same. */
    private List<List<Setting>> steps() {
        OptionalDouble step = number("control.time-step");
        OptionalDouble points = number("control.time-points");
        if (step.isEmpty() || points.isEmpty()) {
            return List.of();
        }
        List<List<Setting>> ladder = new ArrayList<>();
        for (double factor : STEPS) {
            long more = Math.round((points.getAsDouble() - 1) / factor) + 1;
            if (more <= MAX_POINTS) {
                ladder.add(
                        List.of(
                                setting("control.time-step", step.getAsDouble() * factor),
                                new Setting("control.time-points", Long.toString(more))));
            }
        }
        return ladder;
    }

    private Optional<Setting> lowerForwardRate() {
        List<Double> rates = RunConfigurations.numbers(configuration, "forward.learning-rate");
        return rates.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Setting(
                                "forward.learning-rate",
                                rates.stream()
                                        .map(r -> text(Math.min(r / RATE_FACTOR, HIGHEST_RATE)))
                                        .collect(Collectors.joining(",", "[", "]"))));
    }

    private Optional<Setting> feedbackRate() {
        double rate = number("feedback.learning-rate").orElse(0);
        if (rate == 0) {
            return Optional.empty();
        }
        double lower = rate > USUAL_FEEDBACK_RATE ? USUAL_FEEDBACK_RATE : rate / RATE_FACTOR;
        return Optional.of(setting("feedback.learning-rate", lower));
    }

    /** Whether few samples of a minibatch diverge with some settings replaced. */
    private boolean isCured(EngineState state, List<Setting> settings) {
        try {
            RunConfiguration tried = RunConfigurations.with(configuration, settings);
            LearningPlan learning = new RunAssembler(tried, data).learning(samples());
            Plan plan = learning.plan();
            LoopHandle loop = learning.forwardLoop().orElseThrow();
            try (Engine engine = backend.compile(plan)) {
                engine.load(new EngineState(plan.select(state.parameters())));
                engine.forward(samplesFor(engine));
                LoopResult result = engine.run(loop, new Noise.Generated(configuration.seed(), 0));
                return result.diverged() <= CURED * result.samples()
                        && loop.gradients().stream()
                                .allMatch(gradient -> isFinite(result, gradient, plan));
            }
        } catch (RuntimeException e) {
            // Advice must not take the place of the problem that it is about.
            return false;
        }
    }

    private static boolean isFinite(LoopResult result, GradientHandle gradient, Plan plan) {
        return IntStream.range(0, plan.network().depth())
                .allMatch(layer -> Double.isFinite(result.gradientNorm(gradient, layer)));
    }

    private SampleBuffer samplesFor(Engine engine) {
        int samples = samples();
        return new MinibatchGatherer(data, engine)
                .gather(IntStream.range(0, samples).toArray(), 0, samples);
    }

    private int samples() {
        return Math.min(Math.min(SAMPLES, configuration.batch()), data.size());
    }

    private static Setting setting(String key, double value) {
        return new Setting(key, text(value));
    }

    /** Two digits are enough for a value to try. */
    private static String text(double value) {
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(2)).stripTrailingZeros();
        boolean usual = Math.abs(rounded.precision() - rounded.scale()) <= MOST_DIGITS;
        return usual ? rounded.toPlainString() : rounded.toString();
    }
}
