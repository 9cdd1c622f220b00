package io.dfc.api.testkit.scenario;

import io.dfc.api.learn.Clipping;
import io.dfc.api.learn.Optimization;
import io.dfc.api.learn.Optimizer;
import io.dfc.api.network.Loss;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LayerPrograms;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.Targets;
import io.dfc.api.tensor.Tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Scenarios of programs that published methods consist of, on parameters of their own too. */
public final class ProgramScenarios {
    private static final Clipping NONE = new Clipping.None();
    private static final Optimization DESCENT = new Optimization(new Optimizer.Sgd(0), 0.1);

    private final List<Shapes> shapes;

    public ProgramScenarios(Coverage coverage) {
        shapes = coverage == Coverage.EVERY_SHAPE ? Shapes.all() : Shapes.two();
    }

    /** A method whose programs form gradients of weights and biases alone. */
    private record Method(String name, Function<KitPrograms, LayerProgram> program) {}

    private static final List<Method> METHODS =
            List.of(
                    new Method("last layer alone", KitPrograms::shallow),
                    new Method("feedback alignment", KitPrograms::feedbackAlignment),
                    new Method("direct feedback alignment", KitPrograms::directFeedbackAlignment));

    public List<Scenario> methods() {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : shapes) {
            for (Loss loss : Loss.values()) {
                for (Method method : METHODS) {
                    Plan.Builder builder = shape.builder(loss);
                    LayerProgram program =
                            method.program().apply(new KitPrograms(shape.network(), builder, NONE));
                    ProgramHandle handle = builder.program("method", program);
                    builder.step(
                            handle.gradients().getFirst(),
                            builder.optimizer("forward", DESCENT, builder.forwardGroups()));
                    all.add(shape.scenario(method.name() + " " + loss, builder.build()));
                }
                all.add(
                        shape.scenario(
                                "target propagation " + loss,
                                targetPropagation(shape, loss, NONE, DESCENT)));
            }
            all.add(
                    softened(
                            shape.scenario(
                                    "target propagation, soft labels",
                                    targetPropagation(shape, Loss.CROSS_ENTROPY, NONE, DESCENT))));
            all.add(softened(backpropagation(shape)));
        }
        return all;
    }

    private static Scenario backpropagation(Shapes shape) {
        Plan.Builder builder = shape.builder(Loss.CROSS_ENTROPY);
        builder.program(
                "backward",
                LayerPrograms.backpropagation(
                        shape.network(), builder.weights(), builder.biases(), NONE));
        return shape.scenario("backward, soft labels", builder.build());
    }

    /** The same with classes that are likely and not certain. */
    static Scenario softened(Scenario hard) {
        int outputs = hard.plan().network().outputs();
        List<Minibatch> soft = new ArrayList<>();
        for (Minibatch minibatch : hard.minibatches()) {
            int[] classes = ((Targets.Labels) minibatch.targets()).classes();
            double[] y = new double[classes.length * outputs];
            for (int at = 0; at < y.length; at++) {
                boolean right = at % outputs == classes[at / outputs];
                y[at] = outputs == 1 ? 1 : right ? 0.8 : 0.2 / (outputs - 1);
            }
            Targets values = new Targets.Values(Tensor.wrap(y, classes.length, outputs));
            soft.add(new Minibatch(minibatch.inputs(), values));
        }
        return hard.withMinibatches(soft);
    }

    /**
     * A plan of difference target propagation, whose first step is one of the inverses and whose
     * second one of weights and biases.
     */
    public static Plan targetPropagation(
            Shapes shape, Loss loss, Clipping clipping, Optimization optimization) {
        Plan.Builder builder = shape.builder(loss);
        KitPrograms programs = new KitPrograms(shape.network(), builder, clipping);
        ParameterGroup v = programs.inverses();
        ParameterGroup c = programs.inverseBiases();
        ProgramHandle forward = builder.program("targets", programs.targets(v, c));
        ProgramHandle inverse = builder.program("reconstruction", programs.reconstruction(v, c));
        builder.step(
                inverse.gradients().getFirst(), builder.optimizer("inverses", optimization, v, c));
        builder.step(
                forward.gradients().getFirst(),
                builder.optimizer("forward", optimization, builder.forwardGroups()));
        return builder.build();
    }

    /** Every bound and every optimiser on gradients of programs, of parameters of their own too. */
    public List<Scenario> boundsAndSteps() {
        List<Scenario> all = new ArrayList<>();
        for (Shapes shape : shapes) {
            for (Clipping clipping :
                    List.of(
                            new Clipping.PerTensor(0.02),
                            new Clipping.PerLayer(0.02),
                            new Clipping.Joint(0.02))) {
                all.add(
                        shape.scenario(
                                "target propagation, " + clipping,
                                targetPropagation(
                                        shape, Loss.MEAN_SQUARED_ERROR, clipping, DESCENT)));
            }
            int depth = shape.network().depth();
            List<Double> rates = new ArrayList<>();
            List<Double> epsilons = new ArrayList<>();
            for (int i = 0; i < depth; i++) {
                rates.add(0.02 / (i + 1));
                epsilons.add(1e-2 / (i + 1));
            }
            for (Optimization optimization :
                    List.of(
                            new Optimization(new Optimizer.Sgd(0.9), rates, 0.01, Set.of()),
                            new Optimization(
                                    new Optimizer.Adam(0.9, 0.99, epsilons),
                                    rates,
                                    0.01,
                                    Set.of(0)))) {
                all.add(
                        shape.scenario(
                                "target propagation by "
                                        + optimization.optimizer()
                                        + ", frozen "
                                        + optimization.frozenLayers(),
                                targetPropagation(
                                        shape, Loss.MEAN_SQUARED_ERROR, NONE, optimization)));
            }
        }
        return all;
    }
}
