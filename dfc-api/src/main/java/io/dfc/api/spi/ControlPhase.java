package io.dfc.api.spi;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Controller;
import io.dfc.api.control.Convergence;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.learn.Update;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The controlled phase that teaches the forward weights.
 *
 * @param target what the controller pursues
 * @param controller the controller
 * @param dynamics the dynamics; with {@link Solver.Linearized} not used
 * @param solver how the state is found
 * @param convergence which samples take part in the updates
 * @param noise noise in the apical compartments, if any; with {@link Solver.Euler} or {@link
 *     Solver.Auto}
 * @param updates updates wanted, all returned by one call
 * @param recording what is recorded
 */
public record ControlPhase(
        OutputTarget target,
        Controller controller,
        Dynamics dynamics,
        Solver solver,
        Convergence convergence,
        Optional<ApicalNoise> noise,
        List<Update> updates,
        Recording recording) {
    /**
     * Number of points that a solver without time offers to a recording: the feedforward pass and
     * the state found.
     */
    public static final int POINTS_WITHOUT_TIME = 2;

    /** Checks the combination and copies the list. */
    public ControlPhase {
        updates = List.copyOf(updates);
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(controller, "controller");
        Objects.requireNonNull(dynamics, "dynamics");
        Objects.requireNonNull(convergence, "convergence");
        boolean simulates = solver instanceof Solver.Euler || solver instanceof Solver.Auto;
        recording.requireWithin(simulates ? dynamics.timePoints() : POINTS_WITHOUT_TIME);
        if (!simulates) {
            for (Update update : updates) {
                if (update.mode() != Update.Mode.LAST_STATE) {
                    throw new BadConfigurationException(
                            "solver",
                            "only euler and auto give updates over time; "
                                    + update.mode()
                                    + " cannot be had from "
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
        if (solver instanceof Solver.Linearized && target instanceof OutputTarget.Strong) {
            throw new BadConfigurationException(
                    "solver", "the linearised steady state needs a nudged target");
        }
    }

    /** {@return whether the solver gives states over time, and not a single one} */
    public boolean hasTime() {
        return solver instanceof Solver.Euler || solver instanceof Solver.Auto;
    }

    /**
     * A phase without noise or recording, in which every sample takes part.
     *
     * @param target what the controller pursues
     * @param controller the controller
     * @param dynamics the dynamics
     * @param solver how the state is found
     * @param updates updates wanted
     */
    public ControlPhase(
            OutputTarget target,
            Controller controller,
            Dynamics dynamics,
            Solver solver,
            Update... updates) {
        this(
                target,
                controller,
                dynamics,
                solver,
                Convergence.includingAll(),
                Optional.empty(),
                List.of(updates),
                Recording.none());
    }
}
