package io.dfc.algorithms.method.dfc;

import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.method.NamedMethod;
import io.dfc.algorithms.method.RecordCopy;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.algorithms.yaml.Yaml;
import io.dfc.api.error.BadConfigurationException;

/** Deep Feedback Control (arXiv 2106.07887) in one of its variants. */
public abstract sealed class DfcMethod extends NamedMethod<DfcSettings>
        permits DfcMethods.Dfc,
                DfcMethods.DfcSs,
                DfcMethods.DfcSsa,
                DfcMethods.DfcFixed,
                DfcMethods.DfcSsFixed,
                DfcMethods.DfcSsaFixed {
    /** Read once, for all variants. */
    private static final class Defaults {
        static final DfcSettings SETTINGS =
                Yaml.mapper()
                        .readValue(Yaml.resource(DfcMethod.class, "dfc.yaml"), DfcSettings.class);

        /** For feedback weights that stay as they start. */
        static final DfcSettings FIXED =
                RecordCopy.with(
                        SETTINGS,
                        "feedback",
                        RecordCopy.with(SETTINGS.feedback(), "initialization", "weight-product"));
    }

    private final Variant variant;
    private final boolean learnsFeedback;

    DfcMethod(String name, String summary, Variant variant, boolean learnsFeedback) {
        super(name, summary, DfcSettings.class);
        this.variant = variant;
        this.learnsFeedback = learnsFeedback;
    }

    @Override
    public final DfcSettings defaults() {
        return learnsFeedback ? Defaults.SETTINGS : Defaults.FIXED;
    }

    @Override
    public final DfcSettings check(DfcSettings settings, int depth) {
        DfcSettings checked = settings.check(depth);
        requireSolver(checked);
        if (!learnsFeedback) {
            FeedbackSchedule.of(checked.feedback()).requireNone(name());
        }
        requireServiceableFeedback(checked.feedback());
        if (variant == Variant.TRAJECTORY
                && checked.forward().presynaptic().equals("feedforward")) {
            throw new BadConfigurationException(
                    "forward.presynaptic",
                    "feedforward goes with dfc-ss and dfc-ssa; " + name() + " needs controlled");
        }
        return checked;
    }

    /** Random weights do not carry the control to where it serves until they have learnt. */
    private void requireServiceableFeedback(FeedbackSection feedback) {
        boolean learns = learnsFeedback && FeedbackSchedule.of(feedback).isActive();
        if (!learns && !feedback.initialization().equals("weight-product")) {
            throw new BadConfigurationException(
                    "feedback.initialization",
                    "method "
                            + name()
                            + " needs feedback weights that have learnt, and nothing trains these, which start as "
                            + feedback.initialization()
                            + "; set it to weight-product, "
                            + (learnsFeedback
                                    ? "or feedback.pretraining-epochs above 0"
                                    : "or use a method whose feedback weights learn, such as dfc"));
        }
    }

    private void requireSolver(DfcSettings s) {
        boolean steady = s.solver() == SolverChoice.STEADY_STATE;
        if (steady && variant != Variant.LAST_STATE) {
            throw new BadConfigurationException(
                    "solver",
                    "steady-state finds the last state only, which is what dfc-ss learns from; method "
                            + name()
                            + " needs auto or euler");
        }
        boolean linearized = variant == Variant.LINEARIZED;
        if ((linearized || steady) && s.control().noiseSigma().isPresent()) {
            throw new BadConfigurationException(
                    "control.noise-sigma",
                    (linearized ? "method " + name() : "solver steady-state")
                            + " finds the state without simulating the time in which noise would act; set it to null");
        }
        if (linearized && s.target().kind().equals("strong")) {
            throw new BadConfigurationException(
                    "target.kind",
                    "strong needs a simulation, and method "
                            + name()
                            + " has none; use nudge, or method dfc-ss");
        }
    }

    @Override
    public final LearningPlan plan(DfcSettings settings, MethodContext context) {
        return new DfcPlan(settings, context, variant).plan(learnsFeedback);
    }
}
