package io.dfc.algorithms.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.control.ApicalNoise;
import io.dfc.api.control.Convergence;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.FeedbackPlasticity;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.DoubleStream;

/**
 * Feedback learning in a linear network, at the constants of the paper's supplement (figure S2).
 */
class FeedbackLearningTest {
    private static final Network NETWORK =
            Fixtures.network(new Activation.Linear(), new Activation.Linear(), 6, 8, 3);
    private static final Minibatch SAMPLE = Fixtures.regression(NETWORK, 1, 2);
    private static final int STEPS = 1500;

    /** The angle to the nearest of several damped pseudo-inverses of the Jacobian. */
    private static double angle(NetworkMatrices matrices) {
        LinearizedMinibatch minibatch =
                LinearizedMinibatch.of(matrices, Loss.MEAN_SQUARED_ERROR, SAMPLE);
        return DoubleStream.of(0.1, 0.3, 1, 3, 5, 10)
                .map(damping -> FeedbackAlignment.angleToPseudoInverse(minibatch, damping))
                .min()
                .orElseThrow();
    }

    @Test
    void feedbackWeightsTurnTowardsTheDampedPseudoInverse() {
        NetworkMatrices start = Fixtures.matrices(NETWORK, 11);
        Plan.Builder builder = Plan.builder(NETWORK, Loss.MEAN_SQUARED_ERROR, 1);
        ParameterGroup q = builder.feedbackWeights();
        LoopPhase phase =
                new LoopPhase(
                        q,
                        new OutputTarget.OwnOutput(),
                        new ProportionalIntegralController(0, 0.5),
                        new Dynamics(0.001, 300, 0.005, 0.3, true, false, false),
                        new Solver.Euler(),
                        Convergence.includingAll(),
                        Optional.of(new ApicalNoise(0.01, 0.01)),
                        List.of(
                                new FeedbackPlasticity(Optional.empty(), new Clipping.Joint(1))
                                        .withEstimator(FeedbackPlasticity.Estimator.EXPECTED)));
        LoopHandle loop = builder.loop("feedback", phase);
        StepHandle step =
                builder.step(
                        loop.gradients().getFirst(),
                        builder.optimizer(
                                "feedback",
                                new Optimization(
                                        new Optimizer.Sgd(0), List.of(0.1), 0.01, Set.of()),
                                q));
        Plan plan = builder.build();
        NetworkMatrices end;
        try (Backend backend =
                        Backends.discover()
                                .select("reference", BackendOptions.defaults(), List.of(plan))
                                .backend();
                Engine engine = backend.compile(plan)) {
            engine.load(new EngineState(parameters(start)));
            for (int i = 0; i < STEPS; i++) {
                engine.forward(SAMPLE);
                engine.run(loop, Noise.none());
                engine.apply(step.at(1));
            }
            end = NetworkMatrices.of(NETWORK, engine.snapshot().parameters());
        }

        assertThat(angle(start)).isGreaterThan(40);
        assertThat(angle(end)).isLessThan(5);
        LinearizedMinibatch learnt = LinearizedMinibatch.of(end, Loss.MEAN_SQUARED_ERROR, SAMPLE);
        assertThat(FeedbackAlignment.conditionTwo(learnt)[0]).isGreaterThan(0.99);
    }

    private static Parameters parameters(NetworkMatrices matrices) {
        List<Tensor> w = new ArrayList<>();
        List<Tensor> b = new ArrayList<>();
        List<Tensor> q = new ArrayList<>();
        matrices.weights().forEach(m -> w.add(tensor(m)));
        matrices.biases().forEach(x -> b.add(Tensor.of(x, x.length)));
        matrices.feedback().forEach(m -> q.add(tensor(m)));
        return Parameters.of(w, b, q);
    }

    private static Tensor tensor(Matrix m) {
        return Tensor.of(m.data(), m.rows(), m.columns());
    }
}
