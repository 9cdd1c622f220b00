/** How stable each package is: {@link io.dfc.api.stability.Stability}. */
@Stability(Stability.Level.STABLE)
package io.dfc.api.stability;
