package io.dfc.api.spi.support;

import io.dfc.api.error.MisuseException;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.Step;

import java.util.Arrays;
import java.util.List;

/** Which results of an engine may still be used. */
final class Freshness {
    private final Plan plan;

    /** Whether there is a pass with targets, of the weights and biases as they are. */
    private boolean forwardFresh;

    /** Gradients that were formed on the last pass and not applied, by phase and number. */
    private final boolean[][] formed;

    Freshness(Plan plan) {
        this.plan = plan;
        formed = new boolean[plan.phases().size()][];
        for (PhaseHandle phase : plan.phases()) {
            formed[phase.index()] = new boolean[phase.gradients().size()];
        }
    }

    /** Nothing may be used any more. */
    void forget() {
        forwardFresh = false;
        for (boolean[] gradients : formed) {
            Arrays.fill(gradients, false);
        }
    }

    /** A forward pass has just been run. */
    void forwardRun() {
        forget();
        forwardFresh = true;
    }

    /** Checks that a phase is one of the plan and has a pass to work on. */
    void requireReady(PhaseHandle phase) {
        if (phase.index() >= formed.length || plan.phases().get(phase.index()) != phase) {
            throw foreign("phase", phase);
        }
        if (!forwardFresh) {
            throw new IllegalStateException(
                    "no forward pass since the weights last changed; call forward first");
        }
    }

    /** The gradients of a phase are about to be formed anew. */
    void forming(PhaseHandle phase) {
        Arrays.fill(formed[phase.index()], false);
    }

    void formed(PhaseHandle phase) {
        Arrays.fill(formed[phase.index()], true);
    }

    /** Checks that all steps can be taken, one after the other. */
    void requireReady(Step[] steps) {
        for (int i = 0; i < steps.length; i++) {
            if (plan.steps().indexOf(steps[i].handle()) < 0) {
                throw foreign("step", steps[i].handle());
            }
            GradientHandle gradient = steps[i].handle().gradient();
            PhaseHandle phase = steps[i].handle().phase();
            if (!formed[phase.index()][phase.indexOf(gradient)]) {
                throw new IllegalStateException(
                        "gradient %s was not formed since the last forward pass, or has been applied; run phase \"%s\" first"
                                .formatted(gradient, phase));
            }
            for (int j = 0; j < i; j++) {
                if (steps[j].handle().gradient() == gradient) {
                    throw new IllegalStateException(
                            "gradient " + gradient + " appears in two steps; apply it once");
                }
            }
        }
    }

    void stepped(Step step) {
        PhaseHandle phase = step.handle().phase();
        formed[phase.index()][phase.indexOf(step.handle().gradient())] = false;
        List<ParameterGroup> stepped = step.handle().optimizer().groups();
        for (int k = 0; k < stepped.size(); k++) {
            String name = stepped.get(k).name();
            forwardFresh &= !name.equals(Parameters.WEIGHTS) && !name.equals(Parameters.BIASES);
        }
    }

    private static MisuseException foreign(String kind, Object handle) {
        return new MisuseException(
                kind
                        + " \""
                        + handle
                        + "\" belongs to another plan; use a handle of the plan that this engine"
                        + " was compiled from");
    }
}
