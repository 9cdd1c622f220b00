package io.dfc.algorithms.train;

import io.dfc.algorithms.data.DataSet;
import io.dfc.algorithms.event.TrainingEvents;
import io.dfc.algorithms.measure.RunMeasurement;
import io.dfc.api.noise.Noise;
import io.dfc.api.spi.Engine;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.Minibatch;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * Learns from minibatches as they come, of a run without epochs and without an end. What a run does
 * in sweeps before and after the training sweep is done on each minibatch, in the same order, as
 * often as there are sweeps of whole training sets; interleaved steps are due on every n-th
 * minibatch. Sweeps of pre-training are left out, and learning rates stay where a run begins.
 *
 * <p>Deterministic: noise depends on the seed and on the number of minibatches learnt. For one
 * thread at a time, as its engine is.
 */
public final class OnlineTrainer {
    private final TrainingSpec spec;
    private final Engine engine;
    private final EngineMinibatchRun run;
    private int updates;
    private int minibatches;

    /**
     * A trainer.
     *
     * @param spec how to learn; its number of epochs is not used
     * @param engine an engine of the spec's plan that holds the parameters; stays open
     * @param minibatches minibatches learnt before, at least 0; selects the next noise
     */
    public OnlineTrainer(TrainingSpec spec, Engine engine, int minibatches) {
        this.spec = spec;
        this.engine = engine;
        this.minibatches = minibatches;
        run = new EngineMinibatchRun(engine, RunMeasurement.none(), TrainingEvents.none());
    }

    /** {@return minibatches learnt so far, each as often as it was visited} */
    public int minibatches() {
        return minibatches;
    }

    /**
     * Learns from one minibatch.
     *
     * @param samples the samples, from 1 to the maximum of the engine's plan
     * @return loss and error on them before the update
     * @throws io.dfc.api.error.DivergenceException if a number leaves its range; the engine's
     *     parameters are then of no use
     * @throws io.dfc.api.error.ShapeMismatchException if the samples do not fit the plan
     */
    public Evaluation learn(DataSet samples) {
        Minibatch.requireSamples(samples.size(), spec.plan());
        Minibatches minibatch = new Minibatches(samples, engine);
        LearningPlan learning = spec.learning();
        learning.before().forEach(sweep -> repeat(sweep, minibatch));
        Evaluation before = train(minibatch, samples.classification());
        learning.after().forEach(sweep -> repeat(sweep, minibatch));
        updates++;
        return before;
    }

    private void repeat(Sweep sweep, Minibatches minibatch) {
        int times = sweep.isWhole() ? sweep.times() : 1;
        for (int i = 0; i < times; i++) {
            visit(minibatch, _ -> sweep.update().learn(run));
        }
    }

    private Evaluation train(Minibatches minibatch, boolean classification) {
        LearningPlan learning = spec.learning();
        Optional<InterleavedSteps> due = learning.interleaved().filter(s -> s.isDue(updates));
        Evaluator.Tally tally = new Evaluator.Tally(classification, minibatch.lossFactor());
        visit(
                minibatch,
                forward -> {
                    tally.add(forward, minibatch.correct(0, forward));
                    due.ifPresent(run::form);
                    learning.training().update().learn(run);
                    due.ifPresent(steps -> run.take(steps, 1));
                });
        return tally.evaluation();
    }

    private void visit(Minibatches minibatch, Consumer<ForwardResult> update) {
        RunPosition at = new RunPosition(spec, 1, minibatches + 1);
        ForwardResult forward = engine.forward(minibatch.get(0));
        at.require(forward.loss(), "the loss is " + forward.loss());
        run.begin(forward, at, new Noise.Generated(spec.seed(), minibatches), minibatches, 1);
        update.accept(forward);
        at.requireSmall(engine);
        minibatches++;
    }
}
