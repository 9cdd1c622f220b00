package io.dfc.algorithms.method.propagation;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.algorithms.method.NamedMethod;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.algorithms.train.MinibatchUpdate;
import io.dfc.algorithms.train.Sweep;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.StepHandle;

import java.util.List;
import java.util.function.Supplier;

/**
 * A method that sends targets to the layers through feedback maps, which learn to reconstruct.
 *
 * @param <S> its settings
 */
abstract class TargetMethod<S extends Record> extends NamedMethod<S> {
    /** The rate functions of maps from layer to layer. */
    static final List<String> LAYERWISE = List.of("tanh", "linear");

    /** That of maps from the output. */
    static final List<String> DIRECT = List.of("linear");

    private final boolean feedbackFirst;

    /**
     * A method.
     *
     * @param feedbackFirst whether the maps learn from a minibatch before targets are led through
     *     them, and not after
     */
    TargetMethod(String name, String summary, Class<S> settings, boolean feedbackFirst) {
        super(name, summary, settings);
        this.feedbackFirst = feedbackFirst;
    }

    /** The two programs of a method, and the groups of its maps. */
    record Programs(LayerProgram targets, LayerProgram reconstruction, List<ParameterGroup> maps) {}

    /**
     * Both programs run on the feedforward pass of a minibatch, the targets through the maps as
     * they are; the maps are stepped first, then weights and biases.
     */
    LearningPlan learning(
            Plan.Builder builder,
            Programs programs,
            ForwardSection forward,
            FeedbackMapSection feedback,
            Supplier<Parameters> initial) {
        ProgramHandle targets = builder.program("targets", programs.targets());
        ProgramHandle reconstruction = builder.program("feedback", programs.reconstruction());
        StepHandle forwardStep =
                builder.step(
                        targets.gradients().getFirst(),
                        builder.optimizer(
                                "forward", forward.optimization(), builder.forwardGroups()));
        StepHandle feedbackStep =
                builder.step(
                        reconstruction.gradients().getFirst(),
                        builder.optimizer(
                                "feedback",
                                feedback.optimization(),
                                programs.maps().toArray(ParameterGroup[]::new)));
        MinibatchUpdate ofMaps =
                run -> {
                    for (int draw = 0; draw < feedback.steps(); draw++) {
                        run.run(reconstruction, draw);
                        run.applyUnscheduled(1, feedbackStep);
                    }
                };
        MinibatchUpdate ofBoth =
                feedbackFirst
                        ? run -> {
                            ofMaps.learn(run);
                            run.run(targets);
                            run.apply(forwardStep);
                        }
                        : run -> {
                            run.run(targets);
                            ofMaps.learn(run);
                            run.apply(forwardStep);
                        };
        return new LearningPlan(builder.build(), initial, new Sweep("forward and feedback", ofBoth))
                .scheduled(forward.rates())
                .pretrainedBy(
                        new Sweep("feedback pre-training", feedback.pretrainingEpochs(), ofMaps))
                .followedBy(new Sweep("feedback", feedback.extraEpochs(), ofMaps));
    }
}
