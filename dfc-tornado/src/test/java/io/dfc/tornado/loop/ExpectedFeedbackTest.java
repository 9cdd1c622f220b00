package io.dfc.tornado.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.dfc.api.learn.FeedbackPlasticity.Estimator;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.ReplicaTraining;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Recording;
import io.dfc.api.trajectory.Variable;
import io.dfc.tornado.backend.TestBackends;
import io.dfc.tornado.backend.TestPlans;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** What the kit does not ask of feedback learning in expectation. */
class ExpectedFeedbackTest {
    private static final int SAMPLES = 6;
    private static final Recording NOTHING = Recording.none();
    private static final Recording APICAL =
            new Recording(Set.of(Variable.APICAL), List.of(1, 5), false);

    @BeforeEach
    void requireDevice() {
        TestBackends.requireDevice();
    }

    private static Plan plan(int outputs) {
        return TestPlans.feedback(Estimator.EXPECTED, SAMPLES, 9, 21, 13, outputs);
    }

    private static List<Tensor> gradient(
            Engine engine, Plan plan, double scale, int minibatch, Recording recording) {
        Parameters parameters = TestBackends.parameters(plan).copy();
        parameters.feedback().forEach(q -> q.set(0, scale * q.get(0)));
        engine.load(new EngineState(parameters));
        int inputs = plan.network().inputs();
        double[] x = new SplittableRandom(6).doubles((long) SAMPLES * inputs).toArray();
        engine.forward(
                new Minibatch(
                        Tensor.wrap(x, SAMPLES, inputs),
                        new Targets.Labels(new int[] {0, 1, 2, 0, 0, 1})));
        LoopHandle loop = plan.loops().getFirst();
        LoopResult result = engine.run(loop, new Noise.Generated(1, minibatch), recording);
        assertThat(result.fallbackSamples()).isZero();
        assertThat(result.errorEstimate()).isZero();
        return result.unclippedFeedback();
    }

    private static List<Tensor> gradient(Backend backend, Plan plan) {
        try (Engine engine = backend.compile(plan)) {
            return gradient(engine, plan, 1, 2, NOTHING);
        }
    }

    private static void assertSame(List<Tensor> found, List<Tensor> wanted) {
        for (int i = 0; i < wanted.size(); i++) {
            assertThat(found.get(i).toDoubles()).isEqualTo(wanted.get(i).toDoubles());
        }
    }

    @Test
    void asManyOutputsAsThereMayBeGiveTheReferencesGradient() {
        Plan plan = plan(64);
        try (Backend tornado = TestBackends.tornado(false);
                Backend reference = TestBackends.reference()) {
            List<Tensor> wanted = gradient(reference, plan);
            List<Tensor> found = gradient(tornado, plan);
            for (int i = 0; i < wanted.size(); i++) {
                TestBackends.requireClose("Q[" + i + "]", found.get(i), wanted.get(i));
            }
        }
    }

    @Test
    void neitherNoiseNorARecordingNorWhatRanBeforeNorOtherNetworksChangeABit() {
        Plan plan = plan(11);
        try (Backend backend = TestBackends.tornado(false)) {
            List<Tensor> wanted = gradient(backend, plan);
            assertThat(wanted.getFirst().toDoubles()).doesNotContain(0);
            try (Engine engine = backend.compile(plan)) {
                assertSame(gradient(engine, plan, 1, 3, APICAL), wanted);
                assertThat(gradient(engine, plan, 2, 2, NOTHING).getFirst().toDoubles())
                        .isNotEqualTo(wanted.getFirst().toDoubles());
                assertSame(gradient(engine, plan, 1, 2, NOTHING), wanted);
            }
            List<Engine> together = ((ReplicaTraining) backend).compileReplicas(plan, 3);
            for (int r = 0; r < together.size(); r++) {
                List<Tensor> found = gradient(together.get(r), plan, r, 2, NOTHING);
                if (r == 1) {
                    assertSame(found, wanted);
                }
            }
            together.forEach(Engine::close);
        }
    }
}
