package io.dfc.bench.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.control.Solver;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.learn.Plasticity;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.tensor.Tensor;
import io.dfc.bench.golden.scenario.DynamicsScenario;
import io.dfc.bench.golden.scenario.TrainingScenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The controlled phase of a golden file with the solver that may leave out the simulation: updates
 * that need no simulation, without a recording.
 *
 * @param file the file
 * @param plan the plan
 * @param loop its loop
 * @param parameters parameters of the network
 * @param minibatch the samples
 * @param tolerance tolerance of the solver
 * @param paths where in the file each update is expected
 */
record AutoAgainstGolden(
        GoldenFile.Covered file,
        Plan plan,
        LoopHandle loop,
        Parameters parameters,
        Minibatch minibatch,
        double tolerance,
        List<String> paths) {

    /** The case of a file, unless it has no simulated phase from the file's own parameters. */
    static Optional<AutoAgainstGolden> of(GoldenFile.Covered file, double tolerance) {
        return switch (file.scenario()) {
            case DynamicsScenario s ->
                    of(
                            file,
                            s.plan(),
                            s.loop().phase(),
                            s.parameters(),
                            s.minibatch(),
                            tolerance,
                            "updates[%d]");
            case TrainingScenario s when s.feedbackNoise().isEmpty() ->
                    of(
                            file,
                            s.plan(),
                            ((LoopHandle) s.forward().phase()).phase(),
                            s.parameters(),
                            s.minibatches().getFirst(),
                            tolerance,
                            "forward_epoch[%d]");
            default -> Optional.empty();
        };
    }

    private static Optional<AutoAgainstGolden> of(
            GoldenFile.Covered file,
            Plan plan,
            LoopPhase c,
            Parameters parameters,
            Minibatch minibatch,
            double tolerance,
            String path) {
        List<Plasticity> updates = new ArrayList<>();
        List<String> paths = new ArrayList<>();
        for (int k = 0; k < c.forwardPlasticities().size(); k++) {
            if (c.forwardPlasticities().get(k).mode()
                    != ForwardPlasticity.Mode.CONTINUOUS_RUNNING) {
                updates.add(c.forwardPlasticities().get(k));
                paths.add(path.formatted(k));
            }
        }
        if (updates.isEmpty() || !(c.solver() instanceof Solver.Euler)) {
            return Optional.empty();
        }
        Plan.Builder builder = Plan.builder(plan.network(), plan.loss(), plan.maxBatch());
        LoopHandle loop =
                builder.loop(
                        "control",
                        new LoopPhase(
                                builder.feedbackWeights(),
                                c.target(),
                                c.controller(),
                                c.dynamics(),
                                new Solver.Auto(tolerance),
                                c.convergence(),
                                c.noise(),
                                updates));
        return Optional.of(
                new AutoAgainstGolden(
                        file, builder.build(), loop, parameters, minibatch, tolerance, paths));
    }

    /**
     * Runs the phase. Where it was not simulated, every update has to lie within the tolerance of
     * what the file expects.
     *
     * @return whether it was not simulated
     */
    boolean runsReduced(Backend backend) {
        try (Engine engine = backend.compile(plan)) {
            engine.load(new EngineState(parameters));
            engine.forward(minibatch);
            LoopResult result = engine.run(loop, Noise.none());
            // Where nothing but simulation will do, some samples count as simulated.
            if (result.fallbackSamples() > 0 || loop.phase().noise().isPresent()) {
                return false;
            }
            assertThat(result.errorEstimate()).isLessThanOrEqualTo(tolerance);
            for (int k = 0; k < paths.size(); k++) {
                List<Tensor> found = result.gradient(loop.gradients().get(k)).weights();
                for (int i = 0; i < found.size(); i++) {
                    String path = paths.get(k) + ".grad_W[" + i + "]";
                    assertThat(relativeError(found.get(i), expected(path)))
                            .as("%s: %s on %s", file.file(), path, backend.name())
                            .isLessThanOrEqualTo(tolerance);
                }
            }
            return true;
        }
    }

    private Tensor expected(String path) {
        return file.expectations().stream()
                .filter(e -> e.path().equals(path))
                .findFirst()
                .orElseThrow()
                .values();
    }

    /** Frobenius norm of the difference over that of what is expected. */
    private static double relativeError(Tensor found, Tensor expected) {
        double difference =
                norm(
                        IntStream.range(0, expected.size())
                                .mapToDouble(i -> found.get(i) - expected.get(i)));
        return difference == 0
                ? 0
                : difference / norm(IntStream.range(0, expected.size()).mapToDouble(expected::get));
    }

    private static double norm(DoubleStream values) {
        return Math.sqrt(values.map(x -> x * x).sum());
    }
}
