package io.dfc.algorithms.train;

import io.dfc.api.control.Solver;
import io.dfc.api.learn.ForwardPlasticity;
import io.dfc.api.network.Parameters;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.Plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How a network learns: a plan, the parameters that it begins with, and the sweeps over the
 * training set that use it. An epoch is the sweeps before the training sweep, the training sweep,
 * whose loss and convergence are those of the epoch and whose rates the schedule scales, and the
 * sweeps after it. Steps may be interleaved with the training sweep: they learn from every n-th of
 * its minibatches as well.
 *
 * <p>Minibatches of all sweeps are numbered through the run, and the number of a minibatch selects
 * its noise; interleaved steps learn from the same minibatch and so have the same number.
 *
 * @param plan the plan
 * @param initial draws the parameters at the start, all groups of the plan in float64; asked once
 *     it is known that they fit into memory
 * @param schedule course of the learning rates in the training sweep
 * @param pretraining sweeps before the first epoch, in order
 * @param before sweeps of an epoch before its training sweep, in order
 * @param training the training sweep, which runs once in an epoch
 * @param after sweeps of an epoch after its training sweep, in order
 * @param interleaved steps on every n-th minibatch of the training sweep, if any
 */
public record LearningPlan(
        Plan plan,
        Supplier<Parameters> initial,
        RateSchedule schedule,
        List<Sweep> pretraining,
        List<Sweep> before,
        Sweep training,
        List<Sweep> after,
        Optional<InterleavedSteps> interleaved) {
    /** Copies the lists. */
    public LearningPlan {
        Objects.requireNonNull(plan, "plan");
        Objects.requireNonNull(initial, "initial");
        Objects.requireNonNull(schedule, "schedule");
        pretraining = List.copyOf(pretraining);
        before = List.copyOf(before);
        after = List.copyOf(after);
        Objects.requireNonNull(interleaved, "interleaved");
        if (training.times() != 1) {
            throw new IllegalArgumentException(
                    "the training sweep runs once in an epoch, not " + training.times() + " times");
        }
        if (!training.isWhole()) {
            throw new IllegalArgumentException(
                    "the training sweep visits the whole training set, not "
                            + training.minibatches()
                            + " minibatches");
        }
    }

    /**
     * Learning whose every epoch is one sweep, at rates that stay as they are.
     *
     * @param plan the plan
     * @param initial draws the parameters at the start
     * @param training the training sweep
     */
    public LearningPlan(Plan plan, Supplier<Parameters> initial, Sweep training) {
        this(
                plan,
                initial,
                RateSchedule.CONSTANT,
                List.of(),
                List.of(),
                training,
                List.of(),
                Optional.empty());
    }

    /**
     * The same at other rates.
     *
     * @param rates course of the learning rates in the training sweep
     * @return the learning
     */
    public LearningPlan scheduled(RateSchedule rates) {
        return new LearningPlan(
                plan, initial, rates, pretraining, before, training, after, interleaved);
    }

    /**
     * The same after one more sweep of pre-training.
     *
     * @param sweep follows the sweeps of pre-training that are there
     * @return the learning
     */
    public LearningPlan pretrainedBy(Sweep sweep) {
        return new LearningPlan(
                plan,
                initial,
                schedule,
                with(pretraining, sweep),
                before,
                training,
                after,
                interleaved);
    }

    /**
     * The same with one more sweep before the training sweep.
     *
     * @param sweep follows the sweeps that are there
     * @return the learning
     */
    public LearningPlan precededBy(Sweep sweep) {
        return new LearningPlan(
                plan,
                initial,
                schedule,
                pretraining,
                with(before, sweep),
                training,
                after,
                interleaved);
    }

    /**
     * The same with one more sweep at the end of every epoch.
     *
     * @param sweep follows the sweeps that are there
     * @return the learning
     */
    public LearningPlan followedBy(Sweep sweep) {
        return new LearningPlan(
                plan,
                initial,
                schedule,
                pretraining,
                before,
                training,
                with(after, sweep),
                interleaved);
    }

    /**
     * The same with steps on every n-th minibatch of the training sweep.
     *
     * @param steps take the place of those that are there
     * @return the learning
     */
    public LearningPlan interleavedWith(InterleavedSteps steps) {
        return new LearningPlan(
                plan, initial, schedule, pretraining, before, training, after, Optional.of(steps));
    }

    private static List<Sweep> with(List<Sweep> sweeps, Sweep last) {
        List<Sweep> all = new ArrayList<>(sweeps);
        all.add(last);
        return all;
    }

    /**
     * Sweeps of pre-training, repetitions and one that ends early counted.
     *
     * @param minibatches number of minibatches of the training set, at least 1
     * @return their number
     */
    public int pretrainingSweeps(int minibatches) {
        return pretraining.stream()
                .mapToInt(sweep -> sweep.count(minibatches))
                .reduce(0, Math::addExact);
    }

    /**
     * One sweep of several of a kind.
     *
     * @param sweep the kind
     * @param number which, from 0
     */
    record Repetition(Sweep sweep, int number) {}

    /**
     * A sweep of pre-training.
     *
     * @param position its position, from 0, repetitions counted
     * @param minibatches number of minibatches of the training set
     * @return the sweep
     */
    Repetition pretraining(int position, int minibatches) {
        int left = position;
        for (Sweep sweep : pretraining) {
            int count = sweep.count(minibatches);
            if (left < count) {
                return new Repetition(sweep, left);
            }
            left -= count;
        }
        throw new IndexOutOfBoundsException(position);
    }

    /** {@return the loop from which forward weights learn, if they learn from one} */
    public Optional<LoopHandle> forwardLoop() {
        return plan.loops().stream()
                .filter(
                        loop ->
                                loop.phase().plasticities().stream()
                                        .anyMatch(ForwardPlasticity.class::isInstance))
                .findFirst();
    }

    /** {@return how the state is found that forward weights learn from; {@code none} if no loop} */
    public String solverLabel() {
        return forwardLoop()
                .map(
                        loop ->
                                switch (loop.phase().solver()) {
                                    case Solver.Euler _ -> "euler";
                                    case Solver.Auto _ -> "auto";
                                    case Solver.SteadyState _ -> "steady-state";
                                    case Solver.Linearized _ -> "linearized";
                                })
                .orElse("none");
    }
}
