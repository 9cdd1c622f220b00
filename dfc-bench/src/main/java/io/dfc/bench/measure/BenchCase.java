package io.dfc.bench.measure;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.run.RunAssembler;
import io.dfc.algorithms.train.LearningPlan;
import io.dfc.api.control.Dynamics;
import io.dfc.api.network.Network;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.LayerProgram;
import io.dfc.api.plan.LoopPhase;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.PerturbationPhase;
import io.dfc.api.plan.Phase;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.Precision;

import java.util.ArrayList;
import java.util.List;

/**
 * A workload on a network, before its size is chosen.
 *
 * @param network the network
 * @param workload the workload
 * @param learning the plan that trains the network, at the size of the configuration; one of its
 *     phases is the workload's
 * @param scale how much is measured at once
 * @param samples inputs and targets
 */
public record BenchCase(
        BenchNetwork network,
        Workload workload,
        LearningPlan learning,
        BenchScale scale,
        BenchSamples samples) {
    /**
     * Prepares workloads on networks.
     *
     * @param networks the networks
     * @param workloads the workloads, run on each network
     * @param scale how much of each is measured at once
     * @return the cases, network by network
     */
    public static List<BenchCase> of(
            List<BenchNetwork> networks, List<Workload> workloads, BenchScale scale) {
        return networks.parallelStream()
                .flatMap(
                        network -> {
                            BenchSamples samples = BenchSamples.draw(network);
                            return workloads.parallelStream()
                                    .map(workload -> of(network, workload, samples, scale));
                        })
                .toList();
    }

    private static BenchCase of(
            BenchNetwork network, Workload workload, BenchSamples samples, BenchScale scale) {
        return new BenchCase(
                network,
                workload,
                assembler(network, workload, samples).learning(),
                scale,
                samples);
    }

    private static RunAssembler assembler(
            BenchNetwork network, Workload workload, BenchSamples samples) {
        List<Setting> settings = new ArrayList<>(network.settings());
        if (workload.phase() != Workload.Phase.BACKWARD) {
            // With these feedback weights the loop is stable, as every solver but Euler's needs.
            settings.add(new Setting("feedback.initialization", "weight-product"));
            settings.add(new Setting("feedback.initialization-noise", "0"));
            // A sample that did not converge takes as much work as any other.
            settings.add(new Setting("control.include-non-converged", "true"));
        }
        workload.solver().forEach(s -> settings.add(new Setting("solver", s)));
        RunConfiguration configuration =
                RunConfigurations.load(network.configuration() + "/" + workload.method(), settings);
        return new RunAssembler(configuration, samples.data());
    }

    /** {@return the number of networks side by side} */
    public int networks() {
        return scale.networks();
    }

    /** {@return the plan of one network at the size of the configuration} */
    public Plan plan() {
        return at(new Size(batch(), steps())).plan();
    }

    private int batch() {
        return scale.batch().orElse(learning.plan().maxBatch());
    }

    private Phase phase() {
        return learning.plan().phases().stream()
                .map(PhaseHandle::phase)
                .filter(workload.phase()::matches)
                .findFirst()
                .orElseThrow();
    }

    private Network layers() {
        return learning.plan().network();
    }

    /** Name of the network, with how many of them there are and how their weights are rounded. */
    String label() {
        String name = networks() == 1 ? network.label() : networks() + " x " + network.label();
        return scale.precision() == Precision.FULL ? name : name + ", " + scale.precision();
    }

    /** Draws the parameters; the same for every workload of a network that has the groups. */
    Parameters parameters() {
        return assembler(network, workload, samples).learning().initial().get();
    }

    /** The size of the configuration, cut to what the network allows. */
    Size declared() {
        Size full = new Size(batch(), workload.isTimed() ? steps() : 0);
        return full.within(network.largestMinibatch(), this::operations);
    }

    private int steps() {
        return phase() instanceof LoopPhase loop ? loop.dynamics().steps() : 0;
    }

    /** Operations of a minibatch of all networks as the workload states them. */
    double operations(Size size) {
        return networks()
                * workload.operations(new WorkCount(layers(), size.batch(), size.steps()));
    }

    /** Operations of a minibatch of all networks if its solver takes the most expensive path. */
    double operationsAtWorst(Size size) {
        // What a solver without time falls back to takes as long as its configuration says.
        int steps = workload.isTimed() ? size.steps() : steps();
        return Math.max(
                operations(size),
                networks()
                        * workload.operationsAtWorst(new WorkCount(layers(), size.batch(), steps)));
    }

    /** The plan of one network at another size, with the workload's phase alone. */
    BenchPlan at(Size size) {
        Plan.Builder builder =
                Plan.builder(layers(), learning.plan().loss(), size.batch())
                        .precision(scale.precision());
        var phase =
                switch (phase()) {
                    case LoopPhase loop ->
                            builder.loop(
                                    workload.label(),
                                    new LoopPhase(
                                            builder.feedbackWeights(),
                                            loop.target(),
                                            loop.controller(),
                                            shortened(loop.dynamics(), size),
                                            loop.solver(),
                                            loop.convergence(),
                                            loop.noise(),
                                            loop.plasticities()));
                    case LayerProgram program ->
                            builder.program(workload.label(), program.on(g -> own(builder, g)));
                    case PerturbationPhase perturbation ->
                            throw new IllegalStateException(
                                    "the configurations measured learn feedback with a loop, not by "
                                            + perturbation.rule());
                };
        return new BenchPlan(builder.build(), phase);
    }

    /** The forward group of another plan that is called like one of the configuration's. */
    private static ParameterGroup own(Plan.Builder builder, ParameterGroup group) {
        return switch (group.name()) {
            case Parameters.WEIGHTS -> builder.weights();
            case Parameters.BIASES -> builder.biases();
            default ->
                    throw new IllegalStateException("the programs measured use no group " + group);
        };
    }

    private Dynamics shortened(Dynamics d, Size size) {
        return new Dynamics(
                d.timeStep(),
                workload.isTimed() ? size.steps() + 1 : d.timePoints(),
                d.timeConstantRatio(),
                d.apicalTimeConstant(),
                d.instantTransmission(),
                d.instantSystem(),
                d.proactive());
    }
}
