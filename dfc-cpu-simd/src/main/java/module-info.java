/**
 * SIMD backend for CPUs. Exports nothing: it is found through {@link
 * io.dfc.api.spi.BackendProvider}.
 *
 * <p>Packages, from the bottom up: {@code kernel} and {@code product} (arithmetic on arrays),
 * {@code runtime} and {@code tuning} (virtual machine and processor), {@code model} (parameters and
 * feedforward pass), {@code loop} (the controlled loop as it is simulated), {@code reduced}, {@code
 * wide} and {@code steady} (the loop in fewer numbers or without simulation), {@code learn}
 * (gradients and optimisers), {@code phase} and {@code program} (phases of a plan), {@code backend}
 * (the SPI). A package uses packages before it alone.
 *
 * <p>Terms of this module; those of the network and the loop are explained in {@code io.dfc.api}.
 *
 * <dl>
 *   <dt>lane
 *   <dd>place of a float32 number in a vector; a vector has as many as {@code Simd.LANES}.
 *   <dt>tile
 *   <dd>samples that one thread carries through all time steps, 32 at most. Its state are
 *       deviations from the feedforward pass ({@code v^-, r^-}), with samples as rows, or side by
 *       side in the lanes of vectors.
 *   <dt>register block
 *   <dd>rows and vectors of a product whose sums all stay in registers. Its shape changes speed,
 *       and no bit of a result.
 *   <dt>panel
 *   <dd>columns of a right factor, a register block wide, stored one row after the other.
 *   <dt>column block
 *   <dd>columns of a product that are finished (filtered, activated) while they are in the cache.
 *   <dt>adjoint
 *   <dd>row of the Jacobian {@code J_i = dr_L/dv_i}, carried down from the output.
 *   <dt>gain
 *   <dd>{@code J_i Q_i}, [n_L, n_L]: effect of a layer's control signal on the output.
 *   <dt>reduced-order loop
 *   <dd>the loop in output space: {@code n_L} numbers to a sample, driven by the gains. It gives
 *       gradients in three forms: linear in the nudge; nonlinear, after one pass with the recovered
 *       voltages; and defect-corrected, from a second run that knows the second-order part of the
 *       output (the defect).
 *   <dt>readout basis
 *   <dd>columns of {@code W_L}, with fewer coordinates than there are outputs: in them the control
 *       signal of a network with many linear outputs is written.
 *   <dt>matrix-free
 *   <dd>of a linear system: solved by products with its matrix, which is never formed.
 *   <dt>workspace
 *   <dd>working memory of a task, used by one thread at a time.
 * </dl>
 */
module io.dfc.cpu.simd {
    requires io.dfc.api;
    requires jdk.incubator.vector;
    // To notice vectors that have become objects; done without where they are missing.
    requires static java.management;
    requires static jdk.management;

    provides io.dfc.api.spi.BackendProvider with
            io.dfc.cpu.simd.backend.SimdBackendProvider;
}
