package io.dfc.api.spi;

import io.dfc.api.network.Parameters;
import io.dfc.api.noise.Noise;
import io.dfc.api.plan.LoopHandle;
import io.dfc.api.plan.PerturbationHandle;
import io.dfc.api.plan.Plan;
import io.dfc.api.plan.ProgramHandle;
import io.dfc.api.plan.Step;
import io.dfc.api.tensor.Tensor;
import io.dfc.api.trajectory.Recording;

/**
 * A compiled {@link Plan}: it owns parameters and optimiser state from {@link #load} to {@link
 * #snapshot} and runs one phase of one minibatch per call. Before the first load its parameters are
 * zero. For one thread at a time: a call while another thread is inside, and any call but {@link
 * #close} after the engine or its backend was closed, is a {@link
 * io.dfc.api.error.MisuseException}, and so is a handle of another plan.
 *
 * <p>Phases work on the minibatch of the last {@link #forward}. A step of weights or biases makes
 * that pass stale: a phase that is run on it throws {@link IllegalStateException}, while a step of
 * other groups leaves it as it is. The gradients of a phase may be applied, each once, until the
 * phase runs again or the next feedforward pass, whatever was stepped since they were formed.
 */
public interface Engine extends AutoCloseable {
    /** {@return the plan} */
    Plan plan();

    /**
     * Replaces parameters and optimiser state; an optimiser missing from the state starts fresh.
     *
     * @param state the state, copied
     * @throws io.dfc.api.error.ShapeMismatchException if it does not fit the plan
     * @throws io.dfc.api.error.BadDataException if a parameter is not finite or beyond what the
     *     compute type holds
     */
    void load(EngineState state);

    /**
     * Replaces parameters and keeps the optimisers' state: the host path for a caller's own
     * optimiser.
     *
     * @param parameters the parameters, copied
     * @throws io.dfc.api.error.ShapeMismatchException if they do not fit the plan
     * @throws io.dfc.api.error.BadDataException if one is not finite or beyond what the compute
     *     type holds
     */
    void setParameters(Parameters parameters);

    /** {@return a copy of parameters and optimiser state} */
    EngineState snapshot();

    /**
     * The feedforward pass of a minibatch, on which phases can work.
     *
     * @param minibatch the samples; not kept
     * @return its results
     * @throws io.dfc.api.error.ShapeMismatchException if the minibatch does not fit the plan
     * @throws io.dfc.api.error.BadDataException if an input or target is not finite or beyond what
     *     the compute type holds
     */
    ForwardResult forward(Minibatch minibatch);

    /**
     * Where the samples of the next minibatch are written, for {@link #forward(SampleBuffer)} to
     * read them without a copy. Ends the pass before it, whose inputs may lie there: neither phases
     * nor steps work on that any more. The buffer is good for one pass of this engine, until
     * another buffer is requested or another minibatch is passed; what it holds at first is
     * undefined. Where this is requested in every minibatch, nothing is allocated once each size
     * has been.
     *
     * @param samples number of samples {@code B}, from 1 to the plan's maximum
     * @param kind what stands for the targets
     * @return the buffer; all samples of it are to be written
     * @throws io.dfc.api.error.ShapeMismatchException if the plan allows no such number or kind
     */
    SampleBuffer buffer(int samples, TargetKind kind);

    /**
     * The feedforward pass of a minibatch that was written into a buffer, on which phases can work.
     * Its results are bit for bit those of the minibatch in tensors of the buffer's types.
     *
     * @param buffer the buffer that {@link #buffer} returned last, written since; not to be written
     *     any more
     * @return its results
     * @throws io.dfc.api.error.MisuseException if it is another buffer, or has been passed
     * @throws io.dfc.api.error.ShapeMismatchException if a label is not a class
     * @throws io.dfc.api.error.BadDataException if an input or target is not finite or beyond what
     *     the compute type holds
     */
    ForwardResult forward(SampleBuffer buffer);

    /**
     * The feedforward pass of inputs without targets. No phase can work on it.
     *
     * @param inputs shape [B, n_0], B from 1 to the plan's maximum; not kept
     * @return its results
     * @throws io.dfc.api.error.ShapeMismatchException if the inputs do not fit the plan
     * @throws io.dfc.api.error.BadDataException if an input is not finite or beyond what the
     *     compute type holds
     */
    Inference infer(Tensor inputs);

    /**
     * Runs a loop.
     *
     * @param loop a loop of the plan
     * @param noise noise, used if the loop has a standard deviation
     * @return its results
     * @throws IllegalStateException if there is no fresh forward pass
     */
    default LoopResult run(LoopHandle loop, Noise noise) {
        return run(loop, noise, Recording.none());
    }

    /**
     * Runs a loop and records it. Updates and results are bit for bit those of a run that records
     * nothing.
     *
     * @param loop a loop of the plan
     * @param noise noise, used if the loop has a standard deviation
     * @param recording what is recorded
     * @return its results
     * @throws IllegalStateException if there is no fresh forward pass
     * @throws io.dfc.api.error.BadConfigurationException if the loop has no such time points
     * @throws io.dfc.api.error.PlanUnsupportedException if the backend cannot record that
     */
    LoopResult run(LoopHandle loop, Noise noise, Recording recording);

    /**
     * Runs a phase in which feedback weights learn without a loop.
     *
     * @param phase a phase of the plan
     * @param noise noise
     * @return its results
     * @throws IllegalStateException if there is no fresh forward pass
     */
    PerturbationResult run(PerturbationHandle phase, Noise noise);

    /**
     * Runs a program.
     *
     * @param program a program of the plan
     * @param noise noise, used if the program draws any
     * @return its results
     * @throws IllegalStateException if there is no fresh forward pass
     */
    ProgramResult run(ProgramHandle program, Noise noise);

    /**
     * Steps parameters: all steps or, if one cannot be taken, none.
     *
     * @param steps steps of the plan, no gradient twice
     * @throws IllegalStateException if a gradient was not formed since the last feedforward pass,
     *     or has been applied already
     */
    void apply(Step... steps);

    /**
     * Largest magnitude among all parameters of a layer.
     *
     * @param layer layer, from 0
     * @return the magnitude; NaN if one of them is NaN
     */
    double largestParameter(int layer);

    /**
     * Frees what the engine holds; a second time, nothing. Results and buffers are good until then.
     * An engine that nobody closed is closed, with a warning, some time after nobody refers to it.
     */
    @Override
    void close();
}
