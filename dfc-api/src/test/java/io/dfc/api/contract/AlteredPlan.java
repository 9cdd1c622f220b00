package io.dfc.api.contract;

import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.OptimizerHandle;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.PerturbationPhase;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.Precision;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.Step;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.PerturbationResult;
import io.dfc.api.spi.ProgramResult;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * A plan with a change that whoever runs it does not know of: its engines take handles of the plan
 * that was asked for, and run the changed one.
 */
final class AlteredPlan {
    private static final List<Class<?>> RESULTS =
            List.of(
                    ForwardResult.class,
                    LoopResult.class,
                    PerturbationResult.class,
                    ProgramResult.class);

    private final Plan original;
    private final Plan.Builder builder;
    private final UnaryOperator<LayerProgram> programs;
    private final Map<ParameterGroup, ParameterGroup> groups = new HashMap<>();
    private final Map<GradientHandle, GradientHandle> gradients = new HashMap<>();
    private final Map<Object, Object> handles = new HashMap<>();
    private final Plan plan;

    AlteredPlan(Plan original, Precision precision, UnaryOperator<LoopPhase> loops) {
        this(original, precision, loops, program -> program);
    }

    /** A plan whose programs are others too; they form the same gradients. */
    AlteredPlan(
            Plan original,
            Precision precision,
            UnaryOperator<LoopPhase> loops,
            UnaryOperator<LayerProgram> programs) {
        this.original = original;
        this.programs = programs;
        builder =
                Plan.builder(original.network(), original.loss(), original.maxBatch())
                        .precision(precision);
        for (int g = 0; g < original.groups().size(); g++) {
            ParameterGroup group = original.groups().get(g);
            groups.put(
                    group,
                    switch (g) {
                        case 0 -> builder.weights();
                        case 1 -> builder.biases();
                        default -> builder.group(group.name(), shapes(group));
                    });
        }
        original.phases().forEach(phase -> add(phase, loops));
        for (OptimizerHandle optimizer : original.optimizers()) {
            handles.put(
                    optimizer,
                    builder.optimizer(
                            optimizer.name(),
                            optimizer.optimization(),
                            optimizer.groups().stream()
                                    .map(groups::get)
                                    .toArray(ParameterGroup[]::new)));
        }
        for (StepHandle step : original.steps()) {
            handles.put(
                    step,
                    builder.step(
                            gradients.get(step.gradient()),
                            (OptimizerHandle) handles.get(step.optimizer())));
        }
        plan = builder.build();
    }

    private static List<int[]> shapes(ParameterGroup group) {
        return IntStream.range(0, group.tensors()).mapToObj(group::shape).toList();
    }

    private void add(PhaseHandle phase, UnaryOperator<LoopPhase> loops) {
        PhaseHandle added =
                switch (phase) {
                    case LoopHandle loop ->
                            builder.loop(phase.name(), loops.apply(withOwnGroup(loop.phase())));
                    case PerturbationHandle perturbation ->
                            builder.perturbation(phase.name(), withOwnGroup(perturbation.phase()));
                    case ProgramHandle program ->
                            builder.program(
                                    phase.name(), programs.apply(program.phase().on(groups::get)));
                };
        handles.put(phase, added);
        for (int k = 0; k < phase.gradients().size(); k++) {
            gradients.put(phase.gradients().get(k), added.gradients().get(k));
        }
    }

    private LoopPhase withOwnGroup(LoopPhase p) {
        return new LoopPhase(
                groups.get(p.feedback()),
                p.target(),
                p.controller(),
                p.dynamics(),
                p.solver(),
                p.convergence(),
                p.noise(),
                p.plasticities());
    }

    private PerturbationPhase withOwnGroup(PerturbationPhase p) {
        return new PerturbationPhase(
                groups.get(p.feedback()), p.rule(), p.homeostaticDecay(), p.clipping());
    }

    /** The changed plan. */
    Plan plan() {
        return plan;
    }

    /** An engine of the changed plan, as one of the original. */
    Engine engine(Engine changed) {
        return BrokenBackend.proxy(
                Engine.class,
                (proxy, method, arguments) ->
                        method.getName().equals("plan")
                                ? original
                                : result(
                                        BrokenBackend.call(
                                                changed, method, translated(arguments))));
    }

    private Object result(Object result) {
        for (Class<?> type : RESULTS) {
            if (type.isInstance(result)) {
                return BrokenBackend.proxy(
                        type,
                        (proxy, method, arguments) ->
                                BrokenBackend.call(result, method, translated(arguments)));
            }
        }
        return result;
    }

    private Object[] translated(Object[] arguments) {
        return arguments == null ? null : Arrays.stream(arguments).map(this::translated).toArray();
    }

    private Object translated(Object argument) {
        return switch (argument) {
            case Step[] steps -> Arrays.stream(steps).map(this::translated).toArray(Step[]::new);
            case GradientHandle gradient -> gradients.getOrDefault(gradient, gradient);
            case null -> null;
            default -> handles.getOrDefault(argument, argument);
        };
    }

    private Step translated(Step step) {
        return new Step((StepHandle) translated((Object) step.handle()), step.rateFactor());
    }
}
