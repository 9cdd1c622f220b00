package io.dfc.algorithms.method.newton;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dfc.algorithms.method.ForwardSection;
import io.dfc.algorithms.method.InitialParameters;
import io.dfc.algorithms.method.MethodContext;
import io.dfc.algorithms.method.RecordCopy;
import io.dfc.algorithms.method.lab.Lab;
import io.dfc.algorithms.method.lab.Vectors;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.control.Convergence;
import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.error.BadConfigurationException;
import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Activation;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Layer;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.Precision;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.BackendOptions;
import io.dfc.api.spi.Backends;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Recording;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Minimum-norm and Gauss-Newton updates against their definitions, with Jacobians by differences.
 */
class OutputSystemTest {
    private static final double DAMPING = 0.3;
    private static final ForwardSection UNBOUNDED =
            RecordCopy.with(ForwardSection.defaults(), "clipNorm", Optional.empty());

    private static Network network(String output) {
        Activation last = output.equals("tanh") ? new Activation.Tanh() : new Activation.Linear();
        Activation tanh = new Activation.Tanh();
        return new Network(
                4, List.of(new Layer(5, tanh), new Layer(3, tanh), new Layer(3, last)), true);
    }

    private static <M extends NewtonMethod> LearningPlan plan(
            M method, Network network, int batch, double damping) {
        return method.plan(
                new NewtonSettings(UNBOUNDED, damping),
                new MethodContext(
                        network,
                        Loss.CROSS_ENTROPY,
                        batch,
                        Precision.FULL,
                        Initialization.XAVIER_NORMAL,
                        3));
    }

    /** The gradient of a method on a minibatch, weights then biases, with unbounded norm. */
    private static double[] gradient(LearningPlan learning, Parameters parameters, Minibatch of) {
        ProgramHandle program = (ProgramHandle) learning.plan().phases().getFirst();
        try (Engine engine = engine(learning.plan(), parameters)) {
            engine.forward(of);
            return flat(engine.run(program, Noise.none()).gradient(program.gradients().getFirst()));
        }
    }

    private static Engine engine(Plan plan, Parameters parameters) {
        Backend backend =
                Backends.discover()
                        .select("reference", BackendOptions.defaults(), List.of(plan))
                        .backend();
        Engine engine = backend.compile(plan);
        engine.load(new EngineState(parameters));
        return engine;
    }

    private static double[] flat(Parameters gradient) {
        return Stream.concat(gradient.weights().stream(), gradient.biases().stream())
                .flatMapToDouble(t -> Arrays.stream(t.toDoubles()))
                .toArray();
    }

    /**
     * The update of one sample by its definition: {@code J^T (J J^T + gamma I)^-1 g} solves the
     * damped least squares {@code (J^T J + gamma I) D = J^T g}, here over voltages (minimum norm)
     * or over all parameters (Gauss-Newton).
     */
    @ParameterizedTest
    @CsvSource({"linear, false", "linear, true", "tanh, false", "tanh, true"})
    void solvesTheDampedLeastSquares(String output, boolean gaussNewton) {
        Network network = network(output);
        NewtonMethod method = gaussNewton ? new GaussNewton() : new MinimumNorm();
        LearningPlan learning = plan(method, network, 1, DAMPING);
        try (Lab lab = new Lab(Loss.CROSS_ENTROPY, 1, network).labelsBelow(1)) {
            double[] found = gradient(learning, parameters(lab, learning), minibatch(lab));
            double[] x = gaussNewton ? found : biases(lab, found);
            double[][] jacobian = new double[network.outputs()][];
            for (int j = 0; j < jacobian.length; j++) {
                jacobian[j] = slopes(lab, j, gaussNewton);
            }
            double[] g = lossGradient(lab);
            double[] left = new double[x.length];
            double[] right = new double[x.length];
            for (int n = 0; n < x.length; n++) {
                left[n] = DAMPING * x[n];
                for (int j = 0; j < jacobian.length; j++) {
                    left[n] += jacobian[j][n] * Vectors.dot(jacobian[j], x);
                    right[n] += jacobian[j][n] * g[j];
                }
            }
            Lab.assertClose(method.name(), right, left, 1e-6);
        }
    }

    private static Parameters parameters(Lab lab, LearningPlan learning) {
        List<Tensor> weights = new ArrayList<>();
        List<Tensor> biases = new ArrayList<>();
        for (int i = 0; i <= lab.last(); i++) {
            weights.add(lab.value(lab.w, i));
            biases.add(lab.value(lab.b, i));
        }
        return with(learning.initial().get(), weights, biases);
    }

    private static Parameters with(Parameters initial, List<Tensor> weights, List<Tensor> biases) {
        Map<String, List<Tensor>> groups = new HashMap<>(initial.groups());
        groups.put(Parameters.WEIGHTS, weights);
        groups.put(Parameters.BIASES, biases);
        return new Parameters(groups);
    }

    private static Minibatch minibatch(Lab lab) {
        return new Minibatch(lab.inputs(), new Targets.Labels(new int[] {0}));
    }

    /** Of one sample, the change of the biases is that of the voltages. */
    private static double[] biases(Lab lab, double[] gradient) {
        int neurons = lab.network.neurons();
        return Arrays.copyOfRange(gradient, gradient.length - neurons, gradient.length);
    }

    /** Slopes of an output by all biases, or by weights and biases. */
    private static double[] slopes(Lab lab, int output, boolean weights) {
        return Stream.of(lab.w, lab.b)
                .filter(group -> weights || group == lab.b)
                .flatMap(
                        group ->
                                Stream.of(0, 1, 2)
                                        .map(i -> lab.slope(group, i, () -> lab.rates(2)[output])))
                .flatMapToDouble(Arrays::stream)
                .toArray();
    }

    /** {@code softmax(r) - y} of class 0. */
    private static double[] lossGradient(Lab lab) {
        double[] g = Arrays.stream(lab.rates(2)).map(Math::exp).toArray();
        double sum = Arrays.stream(g).sum();
        for (int j = 0; j < g.length; j++) {
            g[j] = g[j] / sum - (j == 0 ? 1 : 0);
        }
        return g;
    }

    /** The gradient that DFC-SSA forms in a linear network with {@code Q = J^T}. */
    private static double[] dfc(
            Network network,
            List<Tensor> weights,
            List<Tensor> biases,
            double alpha,
            Minibatch of) {
        Plan.Builder builder = Plan.builder(network, Loss.CROSS_ENTROPY, of.samples());
        LoopHandle loop =
                builder.loop(
                        "control",
                        new LoopPhase(
                                builder.feedbackWeights(),
                                new OutputTarget.Nudge(0.1),
                                new ProportionalIntegralController(0, alpha),
                                new Dynamics(0.1, 2, 1),
                                new Solver.Linearized(),
                                Convergence.includingAll(),
                                Optional.empty(),
                                List.of(
                                        new ForwardPlasticity(
                                                ForwardPlasticity.Mode.LAST_STATE,
                                                DfcRule.VOLTAGE_DIFFERENCE,
                                                ForwardPlasticity.Presynaptic.FEEDFORWARD,
                                                new Clipping.None()))));
        Parameters parameters = Parameters.of(weights, biases, transposedJacobian(weights));
        try (Engine engine = engine(builder.build(), parameters)) {
            engine.forward(of);
            return flat(
                    engine.run(loop, Noise.none(), Recording.none())
                            .gradient(loop.gradients().getFirst()));
        }
    }

    /** {@code Q_L = I}, {@code Q_i = W_(i+1)^T Q_(i+1)}. */
    private static List<Tensor> transposedJacobian(List<Tensor> weights) {
        int outputs = weights.getLast().dim(0);
        Tensor q = Tensor.wrap(new double[outputs * outputs], outputs, outputs);
        for (int j = 0; j < outputs; j++) {
            q.set(j * outputs + j, 1);
        }
        List<Tensor> all = new ArrayList<>();
        all.add(q);
        for (int i = weights.size() - 1; i > 0; i--) {
            Tensor below =
                    Tensor.wrap(
                            new double[weights.get(i).dim(1) * outputs],
                            weights.get(i).dim(1),
                            outputs);
            for (int j = 0; j < outputs; j++) {
                double[] column = new double[q.dim(0)];
                for (int n = 0; n < column.length; n++) {
                    column[n] = q.get(n * outputs + j);
                }
                double[] sent = Vectors.transposedTimes(weights.get(i), column);
                for (int n = 0; n < sent.length; n++) {
                    below.set(n * outputs + j, sent[n]);
                }
            }
            q = below;
            all.addFirst(q);
        }
        return all;
    }

    private static List<Tensor> drawn(Network network, Initialization from, double scale) {
        List<Tensor> weights = new ArrayList<>();
        for (int i = 0; i < network.depth(); i++) {
            weights.add(
                    InitialParameters.scaled(
                            from.draw(network.size(i), network.fanIn(i), 5, i), scale));
        }
        return weights;
    }

    private static List<Tensor> zeros(Network network) {
        List<Tensor> biases = new ArrayList<>();
        for (int i = 0; i < network.depth(); i++) {
            biases.add(Tensor.wrap(new double[network.size(i)], network.size(i)));
        }
        return biases;
    }

    private static Minibatch samples(int count, int inputs) {
        int[] classes = new int[count];
        Arrays.setAll(classes, s -> s % 3);
        return new Minibatch(
                Initialization.XAVIER.draw(count, inputs, 8, 0), new Targets.Labels(classes));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.02, 0.5})
    void inALinearNetworkDfcPointsAlongTheMinimumNormStepDampedByItsLeakage(double alpha) {
        Network network = Network.of(new Activation.Linear(), 4, 6, 5, 3);
        List<Tensor> weights = drawn(network, Initialization.XAVIER_NORMAL, 1);
        LearningPlan learning = plan(new MinimumNorm(), network, 7, alpha);
        Minibatch of = samples(7, 4);
        Parameters parameters = with(learning.initial().get(), weights, zeros(network));

        double[] found = dfc(network, weights, zeros(network), alpha, of);

        assertThat(1 - Lab.cosine(gradient(learning, parameters, of), found)).isLessThan(1e-12);
        LearningPlan other = plan(new MinimumNorm(), network, 7, 4 * alpha + 1);
        assertThat(1 - Lab.cosine(gradient(other, parameters, of), found)).isGreaterThan(1e-4);
    }

    /** Orthogonal matrices keep the norm of rates, so that all layers count alike. */
    @Test
    void andAlongTheGaussNewtonStepWhereAllLayersHaveRatesOfOneNorm() {
        double alpha = 0.2;
        Network network = Network.of(new Activation.Linear(), 3, 3, 3, 3);
        List<Tensor> weights = drawn(network, Initialization.ORTHOGONAL, 1);
        Minibatch of = samples(1, 3);
        double norm = 1 + Vectors.squares(of.inputs().toDoubles());
        LearningPlan learning = plan(new GaussNewton(), network, 1, alpha * norm);
        Parameters parameters = with(learning.initial().get(), weights, zeros(network));

        double[] found = dfc(network, weights, zeros(network), alpha, of);
        assertThat(1 - Lab.cosine(gradient(learning, parameters, of), found)).isLessThan(1e-12);

        List<Tensor> others = drawn(network, Initialization.XAVIER_NORMAL, 3);
        double[] elsewhere = dfc(network, others, zeros(network), alpha, of);
        Parameters moved = with(learning.initial().get(), others, zeros(network));
        assertThat(1 - Lab.cosine(gradient(learning, moved, of), elsewhere)).isGreaterThan(1e-6);
    }

    @Test
    void refusesAnOutputThatIsTooWide() {
        Network network = Network.of(new Activation.Tanh(), 4, 5, 65);

        assertThatThrownBy(() -> plan(new MinimumNorm(), network, 2, DAMPING))
                .isInstanceOf(BadConfigurationException.class)
                .hasMessage(
                        "method: method mn solves a system as wide as the output for every sample, 65 units here; it takes"
                                + " at most 64, so use method bp or dfc with these data");
    }
}
