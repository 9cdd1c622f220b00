package io.dfc.api.contract;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.SampleBuffer;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.testkit.agreement.ReducedOrderOracle;
import io.dfc.api.testkit.scenario.LoopCase;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The reference with an {@code auto} that runs loops in output space, by the kit's own loop, so
 * that the rules that speak of it have something to look at. Subclasses put faults in.
 */
class ReducedOrderBackend extends BrokenBackend {
    private Minibatch minibatch;

    /** The gradient as it is given out. */
    double[][] given(double[][] gradient, double estimate) {
        return gradient;
    }

    @Override
    Object onEngine(Engine engine, Method method, Object[] arguments) throws Throwable {
        Object result = call(engine, method, arguments);
        if (method.getName().equals("forward")) {
            minibatch =
                    arguments[0] instanceof SampleBuffer buffer
                            ? buffer.copy()
                            : (Minibatch) arguments[0];
        }
        return method.getName().equals("run")
                        && arguments[0] instanceof LoopHandle loop
                        && loop.phase().solver() instanceof Solver.Auto auto
                        && engine.plan().loss() == Loss.MEAN_SQUARED_ERROR
                        && loop.phase().plasticities().size() == 1
                ? reduced(engine, loop, auto.tolerance(), (Noise) arguments[1], (LoopResult) result)
                : result;
    }

    private LoopResult reduced(
            Engine engine, LoopHandle loop, double tolerance, Noise noise, LoopResult simulated) {
        LoopPhase phase = loop.phase();
        ReducedOrderOracle oracle = new ReducedOrderOracle(loopCase(engine, phase));
        if (phase.feedbackPlasticity().isPresent()) {
            return noise instanceof Noise.Recorded(List<Tensor> layers)
                    ? feedback(simulated, engine.plan().network(), oracle, layers, phase)
                    : simulated;
        }
        ForwardPlasticity.Mode mode = phase.forwardPlasticities().getFirst().mode();
        List<ReducedOrderOracle.Form> forms = oracle.control(mode);
        ReducedOrderOracle.Form best = forms.getLast();
        for (ReducedOrderOracle.Form form : forms) {
            best = form.estimates()[0] < best.estimates()[0] ? form : best;
        }
        double estimate = best.estimates()[0];
        return estimate <= tolerance
                ? control(simulated, engine.plan().network(), best, estimate)
                : simulated;
    }

    private LoopCase loopCase(Engine engine, LoopPhase phase) {
        double nudge = phase.target() instanceof OutputTarget.Nudge n ? n.stepSize() : 1;
        return new LoopCase(
                engine.plan().network(),
                engine.snapshot().parameters(),
                minibatch,
                (ProportionalIntegralController) phase.controller(),
                phase.dynamics(),
                nudge);
    }

    private LoopResult feedback(
            LoopResult simulated,
            Network network,
            ReducedOrderOracle oracle,
            List<Tensor> noise,
            LoopPhase phase) {
        ApicalNoise sigma = phase.noise().orElseThrow();
        double[][] gradient = oracle.feedback(noise, sigma.hidden(), sigma.output());
        double[][] given = given(gradient, 0);
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < given.length; i++) {
            tensors.add(Tensor.of(given[i], network.size(i), network.outputs()));
        }
        return answering(simulated, Map.of("unclippedFeedback", tensors, "fallbackSamples", 0));
    }

    private LoopResult control(
            LoopResult simulated, Network network, ReducedOrderOracle.Form form, double estimate) {
        double[][] layers = given(form.layers(), estimate);
        List<Tensor> weights = new ArrayList<>();
        List<Tensor> biases = new ArrayList<>();
        for (int i = 0; i < layers.length; i++) {
            int rows = network.size(i);
            int numbers = rows * network.fanIn(i);
            weights.add(Tensor.of(Arrays.copyOf(layers[i], numbers), rows, network.fanIn(i)));
            if (network.bias()) {
                biases.add(
                        Tensor.of(Arrays.copyOfRange(layers[i], numbers, layers[i].length), rows));
            }
        }
        return answering(
                simulated,
                Map.of(
                        "gradient",
                        Parameters.of(weights, biases),
                        "errorEstimate",
                        estimate,
                        "fallbackSamples",
                        0));
    }

    private static LoopResult answering(LoopResult simulated, Map<String, Object> answers) {
        return proxy(
                LoopResult.class,
                (proxy, m, a) ->
                        answers.containsKey(m.getName())
                                ? answers.get(m.getName())
                                : call(simulated, m, a));
    }

    /** All numbers times a factor. */
    static double[][] scaled(double[][] gradient, double factor) {
        return Arrays.stream(gradient)
                .map(layer -> Arrays.stream(layer).map(x -> x * factor).toArray())
                .toArray(double[][]::new);
    }
}
