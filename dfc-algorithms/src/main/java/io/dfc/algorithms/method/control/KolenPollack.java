package io.dfc.algorithms.method.control;

import io.dfc.algorithms.method.InitialParameters;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.algorithms.train.Sweep;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.tensor.Tensor;

import java.util.List;
import java.util.Set;

/**
 * Least control through learned feedback (arXiv 2207.01332): matrices {@code F_i} take the place of
 * the transposed weights, move as these do, and all shrink a little in every step (Kolen and
 * Pollack 1994), so that both become one another's transposed.
 */
public final class KolenPollack extends LeastControlMethod<KolenPollackSettings> {
    /** The method. */
    public KolenPollack() {
        super(
                "lcp-kp",
                "lcp-di through feedback weights that learn to be the transposed ones",
                KolenPollackSettings.class);
    }

    @Override
    public KolenPollackSettings defaults() {
        return new KolenPollackSettings(forward(), ControlSection.published(), 1e-6);
    }

    @Override
    public KolenPollackSettings check(KolenPollackSettings settings, int depth) {
        settings.check(depth);
        return settings;
    }

    @Override
    public LearningPlan plan(KolenPollackSettings s, MethodContext context) {
        Network network = context.network();
        Plan.Builder builder = context.builder();
        Inversion inversion =
                new Inversion(states(builder, context, s.forward()), s.control().constants());
        ParameterGroup f =
                hidden(
                        builder,
                        "F",
                        network,
                        i -> new int[] {network.size(i), network.size(i + 1)});
        ParameterGroup[] all = {builder.weights(), builder.biases(), f};
        ProgramHandle learning = builder.program("inversion", inversion.kolenPollack(f));
        ProgramHandle nothing = builder.program("shrinkage", inversion.nothing(all));
        Optimization rates = s.forward().optimization();
        StepHandle forward =
                builder.step(
                        learning.gradients().getFirst(),
                        builder.optimizer("forward", rates, builder.forwardGroups()));
        StepHandle feedback =
                builder.step(
                        learning.gradients().getLast(), builder.optimizer("feedback", rates, f));
        StepHandle shrink =
                builder.step(
                        nothing.gradients().getFirst(),
                        builder.optimizer(
                                "shrinkage",
                                new Optimization(
                                        new Optimizer.Sgd(0),
                                        List.of(1.0),
                                        s.shrinkage(),
                                        Set.of()),
                                all));
        Sweep sweep =
                new Sweep(
                        "forward and feedback",
                        run -> {
                            run.run(learning);
                            run.run(nothing);
                            run.apply(forward, feedback);
                            run.applyUnscheduled(1, shrink);
                        });
        return new LearningPlan(builder.build(), () -> drawn(context, f), sweep)
                .scheduled(s.forward().rates());
    }

    /** From the output {@code N(0, 1 / (n_L n_(L-1)))}; the others of norm 1. */
    private static Parameters drawn(MethodContext context, ParameterGroup f) {
        return new InitialParameters(context)
                .with(
                        f,
                        (i, shape, seed, tag) -> {
                            boolean fromOutput = i == f.tensors() - 1;
                            Tensor drawn =
                                    (fromOutput
                                                    ? Initialization.XAVIER_NORMAL
                                                    : Initialization.FAN_IN)
                                            .draw(shape[0], shape[1], seed, tag);
                            double norm =
                                    fromOutput
                                            ? Math.sqrt(
                                                    2.0
                                                            * shape[0]
                                                            * shape[1]
                                                            / (shape[0] + shape[1]))
                                            : norm(drawn);
                            return InitialParameters.scaled(drawn, 1 / norm);
                        })
                .parameters();
    }

    private static double norm(Tensor tensor) {
        double sum = 0;
        for (int n = 0; n < tensor.size(); n++) {
            sum += tensor.get(n) * tensor.get(n);
        }
        return Math.sqrt(sum);
    }
}
