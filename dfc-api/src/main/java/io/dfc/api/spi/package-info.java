/**
 * The loop-level boundary between callers and backends; three of them, on the JVM alone, on SIMD
 * units and on devices that TornadoVM reaches, pass its test kit.
 *
 * <p>A caller describes what it wants in an immutable {@link io.dfc.api.plan.Plan}; a {@link
 * io.dfc.api.spi.Backend}, found with {@link io.dfc.api.spi.Backends}, compiles it once into an
 * {@link io.dfc.api.spi.Engine}, and one call of the engine runs one phase of one minibatch.
 * Nothing crosses the boundary per time step.
 *
 * <p>Rules that every backend keeps, and that the test kit checks:
 *
 * <ol>
 *   <li>A provider loads and answers {@code probe()} where its technology is absent; it never
 *       throws.
 *   <li>A plan that {@code supports} accepts gives the results of the reference backend, to 1e-4
 *       relative for float32; a plan that it declines comes with a reason in words.
 *   <li>Results do not depend on the number of threads, nor on what the engine ran before.
 *   <li>Networks that are trained side by side ({@link io.dfc.api.spi.ReplicaTraining}) get the
 *       bits that each would get alone.
 *   <li>Any layer sizes and any batch size from 1 to the plan's maximum work.
 *   <li>A failure is a typed error ({@link io.dfc.api.error}); nothing falls back during a run.
 *       Inputs, targets, parameters and recorded noise that are not finite, or beyond what the
 *       compute type holds, are refused by name where they enter, and leave the engine as it was.
 *   <li>An engine serves one thread at a time: a call while another thread is inside is refused, or
 *       waits. Engines of one backend do not see each other, whoever uses them, and a plan that is
 *       refused changes none of them. A closed engine or backend refuses every call, closing twice
 *       excepted. {@link io.dfc.api.spi.support.UseGuard} does all this for a backend, and its
 *       engines check handles, shapes and the order of calls as well, so that a backend writes an
 *       {@link io.dfc.api.spi.support.EngineCore} that computes and nothing else.
 *   <li>What is neither loaded nor learnt is zero: an engine before its first load is one with
 *       parameters of zero.
 *   <li>What a run records changes neither its updates nor its results, bit for bit.
 *   <li>A minibatch that a caller writes where the engine reads it ({@link
 *       io.dfc.api.spi.Engine#buffer}) gives bit for bit what the same minibatch in tensors gives,
 *       whatever lies between its rows.
 *   <li>Updates, error norms and masks are formed from deviations from the feedforward pass, so
 *       that tiny nudges keep their digits.
 * </ol>
 */
@Stability(Stability.Level.EVOLVING)
package io.dfc.api.spi;

import io.dfc.api.stability.Stability;
