package io.dfc.algorithms.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

import org.jspecify.annotations.Nullable;

/** A part of a minibatch. */
@Name("io.dfc.Phase")
@Label("Phase")
@Category("Deep Feedback Control")
@Description("A part of a minibatch: a phase of the plan, the feedforward pass, steps")
@StackTrace(false)
final class PhaseSpan extends Event {
    @Label("Phase")
    @Nullable String phase;
}
