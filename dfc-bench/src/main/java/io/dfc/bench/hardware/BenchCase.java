package io.dfc.bench.hardware;

import io.dfc.algorithms.config.RunConfiguration;
import io.dfc.algorithms.config.RunConfigurations;
import io.dfc.algorithms.config.RunConfigurations.Setting;
import io.dfc.algorithms.run.RunAssembler;
import io.dfc.algorithms.train.TrainingSpec;
import io.dfc.api.control.Dynamics;
import io.dfc.api.learn.FeedbackRule;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.Precision;
import io.dfc.api.spi.ControlPhase;
import io.dfc.api.spi.FeedbackPhase;
import io.dfc.api.spi.Plan;

import java.util.ArrayList;
import java.util.List;

/**
 * A workload on a network, before its size is chosen.
 *
 * @param network the network
 * @param workload the workload
 * @param plan a plan with the one phase that the workload runs, at the size of the configuration
 * @param samples inputs and targets
 */
public record BenchCase(BenchNetwork network, Workload workload, Plan plan, BenchSamples samples) {
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
        // Each draws parameters, which adds up to seconds.
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
        Plan plan = plan(workload, spec(network, workload, samples));
        return new BenchCase(
                network,
                workload,
                new Plan(
                        plan.network(),
                        plan.loss(),
                        scale.batch().orElse(plan.maxBatch()),
                        scale.networks(),
                        plan.control(),
                        plan.feedback(),
                        plan.backward(),
                        plan.optimizations(),
                        scale.precision()),
                samples);
    }

    private static TrainingSpec spec(
            BenchNetwork network, Workload workload, BenchSamples samples) {
        List<Setting> settings = new ArrayList<>(network.settings());
        // With these feedback weights the loop is stable, as every solver but Euler's needs.
        settings.add(new Setting("feedback.initialization", "weight-product"));
        settings.add(new Setting("feedback.initialization-noise", "0"));
        // A sample that did not converge takes as much work as any other.
        settings.add(new Setting("control.include-non-converged", "true"));
        workload.solver().forEach(s -> settings.add(new Setting("solver", s)));
        RunConfiguration configuration =
                RunConfigurations.load(network.configuration() + "/" + workload.method(), settings);
        return new RunAssembler(configuration, samples.data()).assemble();
    }

    private static Plan plan(Workload workload, TrainingSpec spec) {
        Plan full = spec.plan();
        Plan bare = Plan.evaluation(full.network(), full.loss(), full.maxBatch());
        return switch (workload.phase()) {
            case CONTROL -> bare.withControl(full.control().orElseThrow());
            case FEEDBACK -> bare.withFeedback(full.feedback().orElseThrow());
            case BACKWARD -> bare.withBackward(full.backward().orElseThrow());
        };
    }

    /** Name of the network, with how many of them there are and what is made of their weights. */
    String label() {
        String name =
                plan.replicas() == 1 ? network.label() : plan.replicas() + " x " + network.label();
        return plan.precision() == Precision.FULL ? name : name + ", " + plan.precision();
    }

    /** Draws the parameters; the same for every workload of a network. */
    Parameters parameters() {
        return spec(network, workload, samples).initial();
    }

    /** The size of the configuration, cut to what the network allows. */
    Size declared() {
        Size full = new Size(plan.maxBatch(), workload.isTimed() ? steps() : 0);
        return full.within(network.largestMinibatch(), this::operations);
    }

    private int steps() {
        return plan.control()
                .map(ControlPhase::dynamics)
                .or(() -> plan.feedback().map(f -> normal(f).dynamics()))
                .map(Dynamics::steps)
                .orElse(0);
    }

    /** Operations of a minibatch of all networks as the workload states them. */
    double operations(Size size) {
        return plan.replicas()
                * workload.operations(new WorkCount(plan.network(), size.batch(), size.steps()));
    }

    /** Operations of a minibatch of all networks if its solver takes the longest way there is. */
    double operationsAtWorst(Size size) {
        // What a solver without time falls back to takes as long as its configuration says.
        int steps = workload.isTimed() ? size.steps() : steps();
        return Math.max(
                operations(size),
                plan.replicas()
                        * workload.operationsAtWorst(
                                new WorkCount(plan.network(), size.batch(), steps)));
    }

    /** The plan of one network at another size. */
    Plan at(Size size) {
        Plan plain =
                Plan.evaluation(plan.network(), plan.loss(), size.batch())
                        .withPrecision(plan.precision());
        if (plan.control().isPresent()) {
            return plain.withControl(shortened(plan.control().get(), size));
        }
        if (plan.feedback().isPresent()) {
            return plain.withFeedback(shortened(plan.feedback().get(), size));
        }
        return plain.withBackward(plan.backward().orElseThrow());
    }

    private ControlPhase shortened(ControlPhase p, Size size) {
        return new ControlPhase(
                p.target(),
                p.controller(),
                shortened(p.dynamics(), size),
                p.solver(),
                p.convergence(),
                p.noise(),
                p.updates(),
                p.recording());
    }

    private FeedbackPhase shortened(FeedbackPhase p, Size size) {
        FeedbackRule.NormalController rule = normal(p);
        return new FeedbackPhase(
                new FeedbackRule.NormalController(
                        rule.controller(),
                        shortened(rule.dynamics(), size),
                        rule.noise(),
                        rule.target(),
                        rule.solver()),
                p.homeostaticDecay(),
                p.clipping(),
                p.recording());
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

    private static FeedbackRule.NormalController normal(FeedbackPhase phase) {
        if (phase.rule() instanceof FeedbackRule.NormalController normal) {
            return normal;
        }
        throw new IllegalStateException("the configurations measured learn feedback with a loop");
    }
}
