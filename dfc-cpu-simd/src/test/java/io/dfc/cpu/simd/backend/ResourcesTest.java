package io.dfc.cpu.simd.backend;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Device;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Support;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.SplittableRandom;

/** Processors and memory that the backend uses. */
class ResourcesTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Opens the backend as it is opened by default, and prints how many threads it has. */
    static final class OpenMain {
        private OpenMain() {}

        public static void main(String[] arguments) {
            try (Backend backend =
                    new SimdBackendProvider()
                            .open(new Device("cpu", ""), BackendOptions.defaults())) {
                System.out.println(backend.threads() + " threads on " + backend.device());
            }
        }
    }

    /** The virtual machine knows what a container grants; this option stands in for it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void asManyThreadsAsProcessorsAreGranted(int granted) throws Exception {
        String output =
                ChildProcess.output(
                        List.of(
                                "--add-modules",
                                "jdk.incubator.vector",
                                "-Ddfc.simd.blocks=standard",
                                "-XX:ActiveProcessorCount=" + granted),
                        OpenMain.class);
        assertThat(output)
                .contains(granted + " threads on ")
                .contains("CPU with " + granted + " cores");
    }

    @Test
    void supportIsDecidedWithoutMemoryForThePlan() {
        int width = 40_000;
        Network network = Network.of(new Activation.Tanh(), width, width, width, width);
        Plan.Builder builder = Plan.builder(network, Loss.MEAN_SQUARED_ERROR, 1_000_000);
        builder.loop(
                "control",
                new LoopPhase(
                        builder.feedbackWeights(),
                        new OutputTarget.Nudge(1e-3, OutputTarget.Nudge.Gradient.OF_SAMPLE),
                        new ProportionalIntegralController(2, 1e-3),
                        new Dynamics(0.05, 61, 0.2),
                        new ForwardPlasticity(
                                ForwardPlasticity.Mode.CONTINUOUS, DfcRule.NONLINEAR_DIFFERENCE)));
        Plan plan = builder.build();
        long weights = 3L * width * width * Float.BYTES;
        assertThat(weights).isGreaterThan(Runtime.getRuntime().maxMemory());
        try (Backend backend = new SimdBackend("cpu-simd", new Device("cpu", ""), 1)) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            assertThat(backend.supports(plan)).isInstanceOf(Support.Supported.class);
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
        }
    }

    /** That neither is copied first is a case of {@link AllocationTest}. */
    @Test
    void minibatchesInFloat32AndFloat64GiveTheSameBits() {
        int samples = 50;
        int inputs = 700;
        Network network = Network.of(new Activation.Tanh(), inputs, 20, inputs);
        Plan plan = Plan.evaluation(network, Loss.MEAN_SQUARED_ERROR, samples);
        float[] x = new float[samples * inputs];
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextDouble(-1, 1);
        }
        Tensor floats = Tensor.wrap(x, samples, inputs);
        Tensor doubles = Tensor.wrap(floats.toDoubles(), samples, inputs);
        try (Backend backend = new SimdBackend("cpu-simd", new Device("cpu", ""), 1);
                Engine engine = backend.compile(plan)) {
            engine.load(new EngineState(ProgramAllocationCases.parameters(plan)));
            ForwardResult result = forward(engine, doubles);
            double loss = result.loss();
            List<Tensor> rates = List.of(result.rate(0), result.rate(1));
            result = forward(engine, floats);
            assertThat(result.loss()).isEqualTo(loss);
            assertThat(List.of(result.rate(0), result.rate(1))).isEqualTo(rates);
        }
    }

    private static ForwardResult forward(Engine engine, Tensor x) {
        return engine.forward(new Minibatch(x, new Targets.Values(x)));
    }
}
