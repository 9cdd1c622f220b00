package io.dfc.api.plan;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Controller;
import io.dfc.api.control.Convergence;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.Plasticity;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The closed loop: the network is driven to its output target by a controller through feedback
 * weights, and plasticities learn from its trajectory (arXiv 2106.07887, equations 1 to 5 and 13).
 * What the forward weights learn from and what the feedback weights learn from are loops with other
 * settings; both may learn from one loop.
 *
 * @param feedback the feedback weights {@code Q} that carry the control signal, shapes [n_i, n_L]
 * @param target the output target of the controller
 * @param controller the controller
 * @param dynamics the dynamics; with {@link Solver.Linearized} not used
 * @param solver how the state is found
 * @param convergence which samples take part in the updates of the forward weights
 * @param noise noise in the apical compartments, if any; with {@link Solver.Euler} or {@link
 *     Solver.Auto}
 * @param plasticities what learns, each with a gradient of its own; at most one of the feedback
 *     weights
 */
public record LoopPhase(
        ParameterGroup feedback,
        OutputTarget target,
        Controller controller,
        Dynamics dynamics,
        Solver solver,
        Convergence convergence,
        Optional<ApicalNoise> noise,
        List<Plasticity> plasticities)
        implements Phase {
    /**
     * Number of points that a solver without time offers to a recording: the feedforward pass and
     * the state found.
     */
    public static final int POINTS_WITHOUT_TIME = 2;

    /** Checks the combination and copies the list. */
    public LoopPhase {
        Objects.requireNonNull(feedback, "feedback");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(controller, "controller");
        Objects.requireNonNull(dynamics, "dynamics");
        Objects.requireNonNull(solver, "solver");
        Objects.requireNonNull(convergence, "convergence");
        Objects.requireNonNull(noise, "noise");
        plasticities = List.copyOf(plasticities);
        if (!hasTime(solver)) {
            requireWithoutTime(controller, solver, noise, plasticities);
        }
        if (solver instanceof Solver.Linearized && target instanceof OutputTarget.Strong) {
            throw new BadConfigurationException(
                    "solver", "the linearised steady state needs a nudged target");
        }
        noise.ifPresent(n -> requireFilter(n, dynamics));
        long feedbackPlasticities =
                plasticities.stream().filter(FeedbackPlasticity.class::isInstance).count();
        if (feedbackPlasticities > 1) {
            throw new BadConfigurationException(
                    "plasticities",
                    "the feedback weights of a loop learn by one plasticity, not "
                            + feedbackPlasticities);
        }
        if (plasticities.stream()
                .anyMatch(p -> p instanceof FeedbackPlasticity f && f.isExpected())) {
            requireLinear(controller, target);
        }
        if (feedbackPlasticities > 0 && noise.isEmpty()) {
            throw new BadConfigurationException(
                    "noise",
                    "feedback weights learn from noise in the loop, and this one has none; give it"
                            + " ApicalNoise or leave the feedback plasticity out");
        }
    }

    private static void requireLinear(Controller controller, OutputTarget target) {
        if (!(controller instanceof ProportionalIntegralController)) {
            throw new BadConfigurationException(
                    "feedback.estimator",
                    "the expected gradient is known for the proportional-integral controller, not"
                            + " for "
                            + controller.getClass().getName()
                            + "; sample it");
        }
        if (target instanceof OutputTarget.Strong) {
            throw new BadConfigurationException(
                    "feedback.estimator",
                    "the expected gradient is that of a loop near its feedforward pass; with a"
                            + " strong target sample it");
        }
    }

    private static void requireFilter(ApicalNoise noise, Dynamics dynamics) {
        if (!noise.isFiltered()) {
            return;
        }
        if (dynamics.apicalTimeConstant() != dynamics.timeStep()) {
            throw new BadConfigurationException(
                    "noise-time-constant",
                    "filtered noise goes with an instantaneous apical compartment; set the apical time constant to the time step "
                            + dynamics.timeStep());
        }
        if (noise.timeConstant().getAsDouble() < dynamics.timeStep()) {
            throw new BadConfigurationException(
                    "noise-time-constant",
                    "must be at least the time step "
                            + dynamics.timeStep()
                            + ", got "
                            + noise.timeConstant().getAsDouble());
        }
    }

    private static void requireWithoutTime(
            Controller controller,
            Solver solver,
            Optional<ApicalNoise> noise,
            List<Plasticity> plasticities) {
        for (Plasticity plasticity : plasticities) {
            switch (plasticity) {
                case ForwardPlasticity forward -> {
                    if (forward.mode() != ForwardPlasticity.Mode.LAST_STATE) {
                        throw new BadConfigurationException(
                                "solver",
                                "only euler and auto give updates over time; "
                                        + forward.mode()
                                        + " cannot be had from "
                                        + solver);
                    }
                }
                case FeedbackPlasticity feedback ->
                        throw new BadConfigurationException(
                                "solver",
                                "the noisy loop from which feedback weights learn is solved by euler or"
                                        + " auto, not by "
                                        + solver);
            }
        }
        if (noise.isPresent()) {
            throw new BadConfigurationException("solver", "only euler and auto take noise");
        }
        if (!(controller instanceof ProportionalIntegralController)) {
            throw new BadConfigurationException(
                    "solver",
                    "only euler and auto run a controller other than the proportional-integral one");
        }
    }

    /**
     * A simulated loop without noise, in which every sample takes part.
     *
     * @param feedback the feedback weights
     * @param target the output target of the controller
     * @param controller the controller
     * @param dynamics the dynamics
     * @param plasticities what learns
     */
    public LoopPhase(
            ParameterGroup feedback,
            OutputTarget target,
            Controller controller,
            Dynamics dynamics,
            Plasticity... plasticities) {
        this(
                feedback,
                target,
                controller,
                dynamics,
                new Solver.Euler(),
                Convergence.includingAll(),
                Optional.empty(),
                List.of(plasticities));
    }

    /**
     * This loop by another solver.
     *
     * @param other the solver
     * @return the loop
     */
    public LoopPhase withSolver(Solver other) {
        return new LoopPhase(
                feedback, target, controller, dynamics, other, convergence, noise, plasticities);
    }

    /**
     * This loop with another choice of samples.
     *
     * @param other which samples take part
     * @return the loop
     */
    public LoopPhase withConvergence(Convergence other) {
        return new LoopPhase(
                feedback, target, controller, dynamics, solver, other, noise, plasticities);
    }

    /**
     * This loop with noise.
     *
     * @param other the noise
     * @return the loop
     */
    public LoopPhase withNoise(ApicalNoise other) {
        return new LoopPhase(
                feedback,
                target,
                controller,
                dynamics,
                solver,
                convergence,
                Optional.of(other),
                plasticities);
    }

    /**
     * This loop with other plasticities.
     *
     * @param others what learns
     * @return the loop
     */
    public LoopPhase withPlasticities(Plasticity... others) {
        return new LoopPhase(
                feedback,
                target,
                controller,
                dynamics,
                solver,
                convergence,
                noise,
                List.of(others));
    }

    /** {@return whether the solver gives states over time, and not a single one} */
    public boolean hasTime() {
        return hasTime(solver);
    }

    private static boolean hasTime(Solver solver) {
        return solver instanceof Solver.Euler || solver instanceof Solver.Auto;
    }

    /** {@return the number of time points that a recording may ask for} */
    public int recordedPoints() {
        return hasTime() ? dynamics.timePoints() : POINTS_WITHOUT_TIME;
    }

    /** {@return the plasticities of weights and biases} */
    public List<ForwardPlasticity> forwardPlasticities() {
        return plasticities.stream()
                .filter(ForwardPlasticity.class::isInstance)
                .map(ForwardPlasticity.class::cast)
                .toList();
    }

    /** {@return the plasticity of the feedback weights, if they learn} */
    public Optional<FeedbackPlasticity> feedbackPlasticity() {
        return plasticities.stream()
                .filter(FeedbackPlasticity.class::isInstance)
                .map(FeedbackPlasticity.class::cast)
                .findFirst();
    }

    /**
     * {@return whether samples are checked for {@link #convergence}: not where feedback weights
     * alone learn, for then all take part}
     */
    public boolean checksConvergence() {
        return feedbackPlasticity().isEmpty() || !forwardPlasticities().isEmpty();
    }
}
