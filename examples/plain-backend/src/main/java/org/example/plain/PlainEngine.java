package org.example.plain;

import module io.dfc.api;
import module java.base;

import io.dfc.api.tensor.ElementType;

/** Holds parameters and steps them; the loop that it runs is in {@link PlainLoop}. */
final class PlainEngine implements EngineCore {
    private final Plan plan;
    private final Map<PhaseHandle, PlainLoop> loops = new HashMap<>();
    private final Map<OptimizerHandle, OptimizerState> states = new HashMap<>();
    private final Parameters parameters;
    private PlainForward pass;

    PlainEngine(Plan plan) {
        this.plan = plan;
        parameters = zeros(plan.groups());
        plan.optimizers().forEach(o -> states.put(o, OptimizerState.fresh()));
    }

    static Parameters zeros(List<ParameterGroup> groups) {
        return new Parameters(groups.stream().collect(Collectors.toMap(
                ParameterGroup::name,
                g -> IntStream.range(0, g.tensors()).mapToObj(g::shape)
                        .map(s -> Tensor.zeros(ElementType.F64, s)).toList())));
    }

    @Override
    public void load(Parameters from) {
        parameters.groups().forEach((name, tensors) -> {
            for (int i = 0; i < tensors.size(); i++) {
                from.group(name).get(i).copyTo(tensors.get(i).doubles(), 0);
            }
        });
    }

    @Override public Parameters parameters() { return parameters.copy(); }
    @Override public void load(OptimizerHandle o, OptimizerState state) { states.put(o, state); }
    @Override public OptimizerState state(OptimizerHandle o) { return states.get(o); }

    @Override
    public ForwardResult forward(Minibatch minibatch) {
        pass = new PlainForward(plan, parameters, minibatch.inputs());
        pass.compare(minibatch.targets());
        return pass;
    }

    @Override
    public Inference infer(Tensor inputs) {
        return new PlainForward(plan, parameters, inputs);
    }

    @Override
    public LoopResult run(LoopHandle loop, Noise noise, Recording recording) {
        loops.put(loop, new PlainLoop(loop, parameters, pass));
        return loops.get(loop);
    }

    @Override
    public void step(StepHandle step, double rateFactor) {
        Optimization settings = step.optimizer().optimization();
        Parameters gradient = loops.get(step.phase()).gradient(step.gradient());
        states.compute(step.optimizer(),
                (o, state) -> new OptimizerState(state.steps() + 1, List.of(), List.of()));
        gradient.groups().forEach((name, tensors) -> {
            for (int i = 0; i < tensors.size(); i++) {
                boolean frozen = settings.frozenLayers().contains(i);
                double rate = frozen ? 0 : rateFactor * settings.learningRate(i);
                double[] p = parameters.group(name).get(i).doubles();
                double[] g = tensors.get(i).doubles();
                Arrays.setAll(p, n -> p[n] - rate * (g[n] + settings.weightDecay() * p[n]));
            }
        });
    }
}
