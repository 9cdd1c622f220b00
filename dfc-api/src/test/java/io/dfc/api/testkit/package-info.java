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
 * <p>Every test carries the number of the rule of {@link io.dfc.api.spi} that it checks. A plan
 * that the backend declines is skipped with the backend's own reason; a minimum may not be
 * declined.
 */
package io.dfc.api.testkit;
