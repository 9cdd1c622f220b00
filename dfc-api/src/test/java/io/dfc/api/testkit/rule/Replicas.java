package io.dfc.api.testkit.rule;

import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.ReplicaTraining;
import io.dfc.api.spi.Support;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.testkit.agreement.Comparisons;
import io.dfc.api.testkit.agreement.Observations;
import io.dfc.api.testkit.scenario.Coverage;
import io.dfc.api.testkit.scenario.RoundedWeights;
import io.dfc.api.testkit.scenario.Scenario;
import io.dfc.api.testkit.scenario.Scenarios;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Holds networks that are trained side by side against each of them alone, bit for bit. */
public final class Replicas {
    private static final int COUNT = 3;

    /** Scenarios with rounded weights: each network reads its own copies. */
    private static final int ROUNDED = 8;

    private Replicas() {}

    public static Stream<DynamicTest> matchEachAlone(Coverage coverage, IntFunction<Backend> open) {
        Scenarios scenarios = new Scenarios(coverage);
        List<Scenario> all =
                Stream.of(
                                scenarios.updates(),
                                scenarios.masks(),
                                scenarios.solvers(),
                                scenarios.feedback(),
                                scenarios.noise(),
                                scenarios.backward(),
                                scenarios.optimizers(),
                                RoundedWeights.of(coverage).subList(0, ROUNDED))
                        .flatMap(List::stream)
                        .toList();
        // They say the same of every second one, and take three runs each.
        return IntStream.range(0, all.size())
                .filter(i -> i % 2 == 0)
                .mapToObj(all::get)
                .map(s -> DynamicTest.dynamicTest(s.toString(), () -> matchEachAlone(s, open)));
    }

    private static void matchEachAlone(Scenario scenario, IntFunction<Backend> open)
            throws InterruptedException, ExecutionException {
        Plan plan = scenario.plan();
        Backend backend = open.apply(2);
        if (!(backend instanceof ReplicaTraining replicas)) {
            Assumptions.abort(backend.name() + " trains no networks side by side");
            return;
        }
        if (replicas.supports(plan, COUNT) instanceof Support.Declined(String reason)) {
            Assumptions.abort(backend.name() + " declines " + COUNT + ": " + reason);
        }
        List<Engine> engines = replicas.compileReplicas(plan, COUNT);
        Assertions.assertEquals(COUNT, engines.size(), "engines");
        List<Observations> together = sideBySide(engines, scenario);
        for (int r = 0; r < COUNT; r++) {
            Scenario alone = variant(scenario, r);
            try (Engine engine = backend.compile(scenario.plan())) {
                Comparisons.assertSameBits(alone, Observations.of(engine, alone), together.get(r));
            }
        }
    }

    private static List<Observations> sideBySide(List<Engine> engines, Scenario scenario)
            throws InterruptedException, ExecutionException {
        List<Future<Observations>> runs = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int r = 0; r < engines.size(); r++) {
                Engine engine = engines.get(r);
                Scenario variant = variant(scenario, r);
                runs.add(
                        threads.submit(
                                () -> {
                                    // Closed by its own thread, or the others would wait for it.
                                    try (engine) {
                                        return Observations.of(engine, variant);
                                    }
                                }));
            }
        }
        List<Observations> results = new ArrayList<>();
        for (Future<Observations> run : runs) {
            results.add(run.get());
        }
        return results;
    }

    /**
     * The scenario of one replica: other parameters, another order of the minibatches and other
     * noise; and the last replica leaves before the others.
     */
    private static Scenario variant(Scenario scenario, int replica) {
        List<Minibatch> minibatches = new ArrayList<>(scenario.minibatches());
        List<Integer> order = new ArrayList<>();
        for (int n = 0; n < minibatches.size(); n++) {
            order.add((n + replica) % minibatches.size());
        }
        if (replica == COUNT - 1 && order.size() > 1) {
            order.removeLast();
        }
        return new Scenario(
                scenario.name() + ", replica " + replica,
                scenario.plan(),
                scaled(scenario.parameters(), 1 - 0.1 * replica),
                order.stream().map(minibatches::get).toList(),
                n ->
                        switch (scenario.noise().apply(order.get(n))) {
                            case Noise.Generated(long seed, int minibatch) ->
                                    new Noise.Generated(seed + replica, minibatch);
                            case Noise.None none -> none;
                            case Noise.Recorded recorded -> recorded;
                        },
                n -> scenario.recording().apply(order.get(n)));
    }

    private static Parameters scaled(Parameters parameters, double factor) {
        Parameters out = parameters.copy();
        out.groups().values().stream().flatMap(List::stream).forEach(t -> scale(t, factor));
        return out;
    }

    private static void scale(Tensor tensor, double factor) {
        for (int i = 0; i < tensor.size(); i++) {
            tensor.set(i, factor * tensor.get(i));
        }
    }
}
