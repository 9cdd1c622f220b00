package io.dfc.api.testkit.scenario;

import io.dfc.api.network.Activation;
import io.dfc.api.network.FeedbackInitialization;
import io.dfc.api.network.Initialization;
import io.dfc.api.network.Layer;
import io.dfc.api.network.Loss;
import io.dfc.api.network.Network;
import io.dfc.api.network.ParameterInitializer;
import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Recording;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A network and the sizes of the minibatches that it sees, with seeded parameters and samples.
 *
 * @param network the network
 * @param batches sizes of the minibatches, one after the other
 * @param seed seed of everything drawn
 */
public record Shapes(Network network, List<Integer> batches, long seed) {
    private static final Activation TANH = new Activation.Tanh();

    static List<Shapes> all() {
        List<Shapes> all = new ArrayList<>(smooth());
        all.add(
                new Shapes(
                        new Network(
                                9,
                                List.of(
                                        new Layer(12, new Activation.Relu()),
                                        new Layer(7, new Activation.LeakyRelu(0.2)),
                                        new Layer(4, new Activation.Linear())),
                                true),
                        List.of(5, 3),
                        7));
        return all;
    }

    /** Shapes whose activations have no kink, so that a root can be found to the last digit. */
    public static List<Shapes> smooth() {
        return List.of(
                new Shapes(Network.of(TANH, 3, 1, 1), List.of(1), 1),
                new Shapes(Network.of(TANH, 4, 5), List.of(3, 1), 2),
                new Shapes(Network.of(TANH, 7, 13, 3), List.of(7, 2), 3),
                new Shapes(Network.of(TANH, 5, 31, 17, 2), List.of(37, 5), 4),
                new Shapes(
                        new Network(
                                6,
                                List.of(
                                        new Layer(11, new Activation.Sigmoid()),
                                        new Layer(9, new Activation.Linear()),
                                        new Layer(8, TANH),
                                        new Layer(3, TANH)),
                                false),
                        List.of(4),
                        5));
    }

    /** The smallest of {@link #smooth} with and without a hidden layer whose batches vary. */
    public static List<Shapes> two() {
        return smooth().subList(1, 3);
    }

    /** Many outputs, as an autoencoder has. */
    public static Shapes wide() {
        return new Shapes(
                new Network(
                        9,
                        List.of(new Layer(14, TANH), new Layer(131, new Activation.Linear())),
                        true),
                List.of(3),
                6);
    }

    /** Begins a plan for batches of these sizes. */
    public Plan.Builder builder(Loss loss) {
        return Plan.builder(network, loss, maxBatch());
    }

    public int maxBatch() {
        return batches.stream().mapToInt(Integer::intValue).max().orElseThrow() + 1;
    }

    public Parameters parameters() {
        Parameters drawn =
                ParameterInitializer.draw(
                        network,
                        Initialization.XAVIER_NORMAL,
                        new FeedbackInitialization.WeightProduct(0.05),
                        seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (Tensor b : drawn.biases()) {
            for (int i = 0; i < b.size(); i++) {
                b.set(i, random.nextDouble(-0.3, 0.3));
            }
        }
        return drawn;
    }

    /** Parameters of every group of a plan; groups of a method's own are drawn too. */
    public Parameters parameters(Plan plan) {
        Map<String, List<Tensor>> groups = new TreeMap<>(parameters().groups());
        for (ParameterGroup group : plan.groups()) {
            groups.computeIfAbsent(group.name(), name -> drawn(group));
        }
        return plan.select(new Parameters(groups));
    }

    private List<Tensor> drawn(ParameterGroup group) {
        SplittableRandom random = new SplittableRandom(seed + group.name().hashCode());
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < group.tensors(); i++) {
            Tensor tensor = Tensor.zeros(ElementType.F64, group.shape(i));
            for (int n = 0; n < tensor.size(); n++) {
                tensor.set(n, random.nextDouble(-0.3, 0.3));
            }
            tensors.add(tensor);
        }
        return tensors;
    }

    public Scenario scenario(String name, Plan plan) {
        return new Scenario(
                name,
                plan,
                parameters(plan),
                minibatches(plan.loss()),
                n -> new Noise.Generated(seed, n),
                n -> Recording.none());
    }

    private List<Minibatch> minibatches(Loss loss) {
        SplittableRandom random = new SplittableRandom(seed + 1);
        List<Minibatch> all = new ArrayList<>();
        for (int samples : batches) {
            double[] x = new double[samples * network.inputs()];
            for (int i = 0; i < x.length; i++) {
                x[i] = random.nextDouble(-1, 1);
            }
            Targets targets;
            if (loss == Loss.CROSS_ENTROPY) {
                int[] labels = new int[samples];
                for (int i = 0; i < samples; i++) {
                    labels[i] = random.nextInt(network.outputs());
                }
                targets = new Targets.Labels(labels);
            } else {
                double[] y = new double[samples * network.outputs()];
                for (int i = 0; i < y.length; i++) {
                    y[i] = random.nextDouble(-1, 1);
                }
                targets = new Targets.Values(Tensor.wrap(y, samples, network.outputs()));
            }
            all.add(new Minibatch(Tensor.wrap(x, samples, network.inputs()), targets));
        }
        return all;
    }

    /** Recorded noise for a minibatch. */
    Noise recorded(int steps, int minibatch) {
        SplittableRandom random = new SplittableRandom(seed + 100 + minibatch);
        List<Tensor> layers = new ArrayList<>();
        int samples = batches.get(minibatch);
        for (Layer layer : network.layers()) {
            double[] xi = new double[steps * samples * layer.size()];
            for (int i = 0; i < xi.length; i++) {
                xi[i] = random.nextGaussian();
            }
            layers.add(Tensor.wrap(xi, steps, samples, layer.size()));
        }
        return new Noise.Recorded(layers);
    }
}
