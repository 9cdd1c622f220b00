/**
 * The test kit for backends: extend {@link io.dfc.api.testkit.BackendContract} beside JUnit 5 and
 * this test-jar, name the provider, done.
 *
 * <pre>{@code
 * class MyBackendTest extends BackendContract {
 *     @Override
 *     protected BackendProvider provider() {
 *         return new MyBackendProvider();
 *     }
 * }
 * }</pre>
 *
 * <p>What is compared with what: exact simulation with the reference backend, trajectories time
 * point by time point and sample by sample; what {@code Solver.Auto} does not simulate with the
 * kit's own reduced-order loop in float64. The backend is opened once for each number of threads.
 *
 * <p>Every test carries the number of the rule of {@link io.dfc.api.spi} that it checks. A plan
 * that the backend declines is skipped with the backend's own reason; forward passes may not be
 * declined. Rules of use ask whatever trains among the plans that the backend supports. A backend
 * that solves loops in output space extends {@link io.dfc.api.testkit.OutputSpaceAccuracyContract}
 * as well.
 */
package io.dfc.api.testkit;
