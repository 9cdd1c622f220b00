package io.dfc.algorithms.method.dfc;

import static io.dfc.algorithms.method.SettingChecks.between;

/**
 * Settings of Deep Feedback Control.
 *
 * @param solver how the controlled state is found
 * @param solverTolerance bound on the estimated relative error of an update that solver auto
 *     accepts, in (0, 1)
 * @param clampTimeConstants whether a time constant below the time step is raised to it (as the
 *     published program does) instead of refused
 * @param forward learning of the forward weights
 * @param target the output target of the controller
 * @param control the controlled phase
 * @param feedback learning of the feedback weights; where they never learn, how they start
 */
public record DfcSettings(
        SolverChoice solver,
        double solverTolerance,
        boolean clampTimeConstants,
        ControlledForwardSection forward,
        TargetSection target,
        ControlSection control,
        FeedbackSection feedback) {
    /**
     * Checks every range.
     *
     * @param depth number of layers
     * @return the settings, with the time constants to run with
     */
    DfcSettings check(int depth) {
        forward.check(depth);
        target.check();
        between("solver-tolerance", solverTolerance);
        return new DfcSettings(
                solver,
                solverTolerance,
                clampTimeConstants,
                forward,
                target,
                control.check(clampTimeConstants),
                feedback.check(clampTimeConstants));
    }
}
