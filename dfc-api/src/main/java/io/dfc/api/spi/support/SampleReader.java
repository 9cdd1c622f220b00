package io.dfc.api.spi.support;

import io.dfc.api.spi.ForwardResult;
import io.dfc.api.spi.SampleBuffer;
import io.dfc.api.spi.TargetKind;

/**
 * What an {@link EngineCore} also is if it reads samples where a caller wrote them. It saves the
 * copy into the core's own array, with its own distance of rows. A core that is none is handed
 * ordinary tensors that the shell keeps, which is best where a minibatch is packed or sent
 * elsewhere in any case.
 *
 * <p>The shell asks for a buffer once for each number of samples and kind, and keeps it; so all
 * buffers of a core may lie in the same arrays, those in which the core puts the minibatches that
 * it copies. It lets a caller write only between a request and the pass, refuses phases in between,
 * and passes on no buffer but the one requested last, with labels that are classes. What a core has
 * to do itself:
 *
 * <ul>
 *   <li>clear what its kernels take for zeros: the gaps between rows and the rows that fill up a
 *       tile may hold anything, of a caller or of a larger minibatch;
 *   <li>refuse bad numbers if it {@link EngineCore#checksNumbers}: {@link
 *       SampleBuffer#requireInputs} and {@link SampleBuffer#requireTargets}.
 * </ul>
 */
public interface SampleReader {
    /**
     * Where samples are to be written.
     *
     * @param samples number of samples, from 1 to the plan's maximum
     * @param kind kind of targets, one that the plan allows
     * @return rows of n_0 numbers, and a target of that kind
     */
    SampleBuffer buffer(int samples, TargetKind kind);

    /**
     * The feedforward pass of what was written.
     *
     * @param buffer a buffer of this core
     * @return its results
     */
    ForwardResult forward(SampleBuffer buffer);
}
