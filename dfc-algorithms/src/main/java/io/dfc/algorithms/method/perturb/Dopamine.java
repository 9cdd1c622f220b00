package io.dfc.algorithms.method.perturb;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.algorithms.method.InitialParameters;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.method.NamedMethod;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.algorithms.train.MinibatchRun;
import io.dfc.algorithms.train.Sweep;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.ProgramResult;

import java.util.List;

/**
 * Weight perturbation whose learning rate adapts to the reward-prediction error {@code d =
 * Loss(theta + xi) - Loss(theta)}, the outcome of the perturbed network less that of the
 * unperturbed one. That idea is that of Dopamine (arXiv 2510.22178), of which only the abstract was
 * found.
 *
 * <p><b>The adaptation here is this project's own, not the paper's.</b> The rate is divided by the
 * running root mean square of the error, as the gain of dopamine neurons follows the range of the
 * rewards that they see: {@code v = memory v + (1 - memory) d^2}, corrected for its start at 0, and
 * {@code theta -= eta (d / sqrt(v)) (xi / sigma)}. An ordinary error moves weights by {@code eta}
 * times noise of unit size, whatever the scale of the loss and of {@code sigma}; a surprising one
 * moves them further, in proportion.
 *
 * <p>What is remembered, {@code v}, is a parameter of the plan, so that it is in checkpoints.
 */
public final class Dopamine extends NamedMethod<DopamineSettings> {
    /** The method. */
    public Dopamine() {
        super(
                "dopamine",
                "weight perturbation at a rate that adapts to the reward-prediction error",
                DopamineSettings.class);
    }

    @Override
    public DopamineSettings defaults() {
        return new DopamineSettings(ForwardSection.descent(1e-3), 0.01, 0.95);
    }

    @Override
    public DopamineSettings check(DopamineSettings settings, int depth) {
        settings.check(depth);
        return settings;
    }

    @Override
    public LearningPlan plan(DopamineSettings s, MethodContext context) {
        Plan.Builder builder = context.builder();
        ParameterGroup memory = builder.group("memory", List.of(new int[] {1}));
        PerturbationProgram programs =
                new PerturbationProgram(
                        context.network(),
                        builder.weights(),
                        builder.biases(),
                        s.noiseSigma(),
                        s.forward().clipping());
        ProgramHandle program = builder.program("perturbation", programs.remembering(memory));
        StepHandle forward =
                builder.step(
                        program.gradients().getFirst(),
                        builder.optimizer(
                                "forward", s.forward().optimization(), builder.forwardGroups()));
        StepHandle remember =
                builder.step(
                        program.gradients().getLast(),
                        builder.optimizer(
                                "memory", new Optimization(new Optimizer.Sgd(0), 1), memory));
        return new LearningPlan(
                        builder.build(),
                        () -> new InitialParameters(context).zeros(memory).parameters(),
                        new Sweep("forward", run -> learn(s, run, program, forward, remember)))
                .scheduled(s.forward().rates());
    }

    private static void learn(
            DopamineSettings s,
            MinibatchRun run,
            ProgramHandle program,
            StepHandle forward,
            StepHandle remember) {
        ProgramResult result = run.run(program);
        double error = result.number(PerturbationProgram.ERROR);
        double past = result.number(PerturbationProgram.MEMORY);
        double square = s.memory() * past + (1 - s.memory()) * error * error;
        double usual = Math.sqrt(square / (1 - Math.pow(s.memory(), run.number() + 1.0)));
        // Without any error there is nothing to learn, and the gradient is 0.
        run.apply(usual > 0 ? s.noiseSigma() / usual : 0, forward);
        run.applyUnscheduled(past - square, remember);
    }
}
