package io.dfc.api.spi.support;

import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.OptimizerHandle;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.StepHandle;
import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.Inference;
import io.dfc.api.spi.LoopResult;
import io.dfc.api.spi.Minibatch;
import io.dfc.api.spi.OptimizerState;
import io.dfc.api.spi.PerturbationResult;
import io.dfc.api.spi.ProgramResult;
import io.dfc.api.tensor.ElementType;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Recording;

import java.util.List;

/**
 * The part of an engine that computes. An {@link EngineShell} around it checks all that is asked of
 * it, so that a core is called by one thread at a time, with arguments of its plan, and in an order
 * that makes sense. Phases of kinds that a backend declines are never run. A core that reads
 * samples where a caller wrote them is a {@link SampleReader} as well.
 */
public interface EngineCore {
    /**
     * Replaces all parameters.
     *
     * @param parameters parameters that fit the plan, to be copied
     */
    void load(Parameters parameters);

    /** {@return a copy of all parameters} */
    Parameters parameters();

    /**
     * Replaces the state of an optimiser.
     *
     * @param optimizer the optimiser
     * @param state its state, to be copied
     * @throws io.dfc.api.error.ShapeMismatchException if it does not fit
     */
    void load(OptimizerHandle optimizer, OptimizerState state);

    /**
     * Copies the state of an optimiser.
     *
     * @param optimizer the optimiser
     * @return its state
     */
    OptimizerState state(OptimizerHandle optimizer);

    /**
     * Tells whether the core itself refuses inputs and targets that are not finite or beyond its
     * type, in the same words ({@link Minibatch#requireInputs}, {@link Minibatch#requireTargets});
     * else the shell reads all of them before it passes them on.
     *
     * @return whether it does
     */
    default boolean checksNumbers() {
        return false;
    }

    /**
     * {@return the type in which target values are read without conversion: float64 where the loss
     * is computed in float64, whatever the type of the network. In it are the tensors in which the
     * shell takes target values for a core that is no {@link SampleReader}}
     */
    default ElementType targetType() {
        return ElementType.F64;
    }

    /**
     * The feedforward pass.
     *
     * @param minibatch samples of the plan's shape
     * @return its results
     */
    ForwardResult forward(Minibatch minibatch);

    /**
     * The feedforward pass without targets.
     *
     * @param inputs inputs of the plan's shape
     * @return its results
     */
    Inference infer(Tensor inputs);

    /**
     * Tells whether the core records a loop.
     *
     * @param loop a loop of the plan, or the {@link LoopHandle#simulation} of one, which it would
     *     then have to run
     * @return whether it does; if not, such recordings are refused
     */
    default boolean records(LoopHandle loop) {
        return false;
    }

    /**
     * Runs a loop.
     *
     * @param loop the loop
     * @param noise noise
     * @param recording what is recorded of what the solver goes through; time points are those of
     *     the solver
     * @return its results
     */
    LoopResult run(LoopHandle loop, Noise noise, Recording recording);

    /**
     * Runs a phase without a loop.
     *
     * @param phase the phase
     * @param noise noise
     * @return its results
     */
    default PerturbationResult run(PerturbationHandle phase, Noise noise) {
        throw new UnsupportedOperationException(phase.name());
    }

    /**
     * Runs a program.
     *
     * @param program the program
     * @param noise noise
     * @return its results
     */
    default ProgramResult run(ProgramHandle program, Noise noise) {
        throw new UnsupportedOperationException(program.name());
    }

    /**
     * Steps parameters along a gradient that its phase has formed.
     *
     * @param step the step
     * @param rateFactor factor on the learning rates
     */
    void step(StepHandle step, double rateFactor);

    /**
     * Largest magnitude among all parameters of a layer.
     *
     * @param layer layer, from 0
     * @return the magnitude; NaN if one of them is NaN
     */
    default double largestParameter(int layer) {
        double largest = 0;
        for (List<Tensor> group : parameters().groups().values()) {
            for (double x : layer < group.size() ? group.get(layer).toDoubles() : new double[0]) {
                largest = Math.max(largest, Math.abs(x));
            }
        }
        return largest;
    }

    /** Frees what the core holds; called once, on any thread where the engine was forgotten. */
    default void close() {}
}
