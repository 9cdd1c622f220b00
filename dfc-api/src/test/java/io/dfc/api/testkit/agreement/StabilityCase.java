package io.dfc.api.testkit.agreement;

import io.dfc.api.control.Dynamics;
import io.dfc.api.control.OutputTarget;
import io.dfc.api.control.ProportionalIntegralController;
import io.dfc.api.control.Solver;
import io.dfc.api.learn.DfcRule;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Activation;
import io.dfc.api.network.FeedbackInitialization;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Layer;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.ParameterInitializer;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Backend;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.EngineState;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.testkit.scenario.LoopCase;
import io.dfc.api.testkit.scenario.Matrices;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One sample of a controlled network drawn at random, nudged so little that its steady state lies
 * at the feedforward pass, and the matrix whose eigenvalues decide whether that state is stable.
 *
 * @param plan a plan whose solver looks for the steady state
 * @param parameters parameters of the network
 * @param minibatch the sample
 * @param dynamics the dynamics
 * @param matrix {@code A_PI}, the linearised closed loop in continuous time, [N + n_L, N + n_L]
 */
public record StabilityCase(
        Plan plan,
        Parameters parameters,
        Minibatch minibatch,
        Dynamics dynamics,
        double[][] matrix) {
    private static final double NUDGE = 1e-6;

    /**
     * A verdict is formed in time steps no shorter than this share of the somatic time constant.
     */
    private static final double LONGEST_STEP = 0.1;

    /**
     * Real part, per time step of the verdict, below which a mode counts as neither growing nor
     * dying away: it changes too little within the steps that are watched.
     */
    private static final double SLOWEST = 4e-3;

    /** What eigenvalues say about a state. */
    public enum Answer {
        /** All modes die away. */
        STABLE,
        /** One mode grows. */
        UNSTABLE,
        /** One is so near the border that discrete time or a finite horizon may decide. */
        AT_THE_BORDER
    }

    /**
     * Draws a case.
     *
     * @param seed selects it
     * @param outputs number of outputs
     * @return the case
     */
    public static StabilityCase draw(long seed, int outputs) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + 7);
        Network network = network(random, outputs);
        Parameters parameters = parameters(network, random, seed);
        double tau = logarithmic(random, 0.1, 1);
        Dynamics dynamics = new Dynamics(tau * logarithmic(random, 0.005, 0.1), 10, tau);
        double gain = random.nextInt(4) == 0 ? 0 : logarithmic(random, 0.1, 5);
        ProportionalIntegralController controller =
                new ProportionalIntegralController(gain, logarithmic(random, 1e-3, 1));
        Minibatch minibatch = minibatch(network, random);
        Plan.Builder builder = Plan.builder(network, Loss.MEAN_SQUARED_ERROR, 1);
        builder.loop(
                "control",
                new LoopPhase(
                                builder.feedbackWeights(),
                                new OutputTarget.Nudge(NUDGE),
                                controller,
                                dynamics)
                        .withSolver(new Solver.SteadyState(1e-5, 30))
                        .withPlasticities(
                                new ForwardPlasticity(
                                        ForwardPlasticity.Mode.LAST_STATE,
                                        DfcRule.NONLINEAR_DIFFERENCE)));
        LoopCase loop = new LoopCase(network, parameters, minibatch, controller, dynamics, NUDGE);
        return new StabilityCase(builder.build(), parameters, minibatch, dynamics, matrix(loop));
    }

    private static Network network(SplittableRandom random, int outputs) {
        List<Layer> layers = new ArrayList<>();
        int hidden = random.nextInt(1, 4);
        for (int i = 0; i < hidden; i++) {
            Activation activation =
                    switch (random.nextInt(4)) {
                        case 0 -> new Activation.Sigmoid();
                        case 1 -> new Activation.Linear();
                        default -> new Activation.Tanh();
                    };
            layers.add(new Layer(random.nextInt(3, 13), activation));
        }
        layers.add(
                new Layer(
                        outputs,
                        random.nextInt(3) == 0 ? new Activation.Tanh() : new Activation.Linear()));
        return new Network(random.nextInt(3, 9), layers, random.nextBoolean());
    }

    /**
     * Aligned and random feedback weights, weak and strong, of the right sign and the wrong one.
     */
    private static Parameters parameters(Network network, SplittableRandom random, long seed) {
        FeedbackInitialization feedback =
                random.nextBoolean()
                        ? new FeedbackInitialization.WeightProduct(0)
                        : new FeedbackInitialization.Random(Initialization.XAVIER_NORMAL);
        Parameters drawn =
                ParameterInitializer.draw(network, Initialization.XAVIER_NORMAL, feedback, seed);
        double strength = logarithmic(random, 0.3, 5);
        for (Tensor q : drawn.feedback()) {
            double factor = random.nextInt(4) == 0 ? -strength : strength;
            for (int n = 0; n < q.size(); n++) {
                q.set(n, factor * q.get(n));
            }
        }
        return drawn;
    }

    private static Minibatch minibatch(Network network, SplittableRandom random) {
        return new Minibatch(
                Tensor.wrap(normal(random, network.inputs()), 1, network.inputs()),
                new Targets.Values(
                        Tensor.wrap(normal(random, network.outputs()), 1, network.outputs())));
    }

    private static double[] normal(SplittableRandom random, int n) {
        return random.doubles(n).map(x -> 4 * x - 2).toArray();
    }

    private static double logarithmic(SplittableRandom random, double low, double high) {
        return low * Math.pow(high / low, random.nextDouble());
    }

    /**
     * {@code [[-A, A Q], [-J + k_p/tau J_o, -(alpha I + k_p/tau J_L Q_L)]]} with {@code A = (I -
     * H)/tau}, {@code H} block subdiagonal of {@code W_i diag(phi'(v_(i-1)))}, {@code J_o} the last
     * block of {@code J} alone.
     */
    private static double[][] matrix(LoopCase c) {
        ReducedOrderLoop linear = new ReducedOrderLoop(c, c.minibatch().inputs().toDoubles());
        int depth = c.network().depth();
        int neurons = c.network().neurons();
        int outputs = c.network().outputs();
        double tau = c.dynamics().timeConstantRatio();
        double gain = c.controller().proportionalGain() / tau;
        double[][] a = Matrices.identity(neurons);
        double[][] q = new double[neurons][];
        double[][] out = new double[neurons + outputs][neurons + outputs];
        int start = 0;
        int below = 0;
        for (int i = 0; i < depth; i++) {
            int size = c.network().size(i);
            for (int n = 0; n < size; n++) {
                q[start + n] = linear.q[i][n];
                for (int m = 0; i > 0 && m < c.network().size(i - 1); m++) {
                    a[start + n][below + m] = -linear.w[i][n][m] * linear.slope[i - 1][m];
                }
                for (int j = 0; j < outputs; j++) {
                    double last = i == depth - 1 ? gain * linear.jacobian[i][j][n] : 0;
                    out[neurons + j][start + n] = last - linear.jacobian[i][j][n];
                }
            }
            below = start;
            start += size;
        }
        double[][] driven = Matrices.times(a, q);
        for (int n = 0; n < neurons; n++) {
            for (int m = 0; m < neurons; m++) {
                out[n][m] = -a[n][m] / tau;
            }
            for (int j = 0; j < outputs; j++) {
                out[n][neurons + j] = driven[n][j] / tau;
            }
        }
        double[][] direct = Matrices.times(linear.jacobian[depth - 1], linear.q[depth - 1]);
        for (int j = 0; j < outputs; j++) {
            for (int k = 0; k < outputs; k++) {
                double leak = j == k ? c.controller().leakageRate() : 0;
                out[neurons + j][neurons + k] = -leak - gain * direct[j][k];
            }
        }
        return out;
    }

    /**
     * What eigenvalues of {@link #matrix} say. A mode {@code lambda}, in units of the verdict's
     * time step {@code h}, counts where its real part exceeds {@code 0.004 + |lambda h|^2}: a
     * slower one hardly changes within the steps that are watched, and by the square, Euler's steps
     * miss what a mode does in continuous time.
     *
     * @param real real parts
     * @param imaginary imaginary parts
     * @return the answer
     */
    public Answer answer(double[] real, double[] imaginary) {
        double step = Math.max(dynamics.timeStep(), LONGEST_STEP * dynamics.timeConstantRatio());
        boolean clear = true;
        boolean grows = false;
        for (int i = 0; i < real.length; i++) {
            double growth = real[i] * step;
            double margin = SLOWEST + growth * growth + imaginary[i] * imaginary[i] * step * step;
            grows |= growth > margin;
            clear &= growth < -margin;
        }
        if (grows) {
            return Answer.UNSTABLE;
        }
        return clear ? Answer.STABLE : Answer.AT_THE_BORDER;
    }

    /**
     * The verdict of a backend.
     *
     * @param backend the backend
     * @return whether it takes the steady state for stable, and so does without simulation
     */
    public boolean isStableFor(Backend backend) {
        try (Engine engine = backend.compile(plan)) {
            engine.load(new EngineState(parameters));
            engine.forward(minibatch);
            return engine.run(plan.loops().getFirst(), Noise.none()).fallbackSamples() == 0;
        }
    }

    @Override
    public String toString() {
        return plan.network()
                + ", "
                + plan.loops().getFirst().phase().controller()
                + ", "
                + dynamics;
    }
}
