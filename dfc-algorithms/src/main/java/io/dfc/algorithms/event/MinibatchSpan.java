package io.dfc.algorithms.event;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

import org.jspecify.annotations.Nullable;

/** A minibatch of training. */
@Name("io.dfc.Minibatch")
@Label("Minibatch")
@Category("Deep Feedback Control")
@Description("A minibatch of training, from gathering its samples to the last step")
@StackTrace(false)
final class MinibatchSpan extends Event {
    @Label("Sweep")
    @Nullable String sweep;

    @Label("Epoch")
    @Description("Counted from 1; 0 in pre-training")
    int epoch;

    @Label("Minibatch")
    @Description("Of the sweep, counted from 1")
    int minibatch;

    @Label("Samples")
    int samples;

    @Label("Loss")
    @Description("Mean over the samples, before the update")
    double loss;
}
