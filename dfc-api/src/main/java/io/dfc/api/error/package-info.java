/**
 * Errors: unchecked, one root ({@link io.dfc.api.error.DfcException}), one class per thing that a
 * caller can act on.
 */
@Stability(Stability.Level.STABLE)
package io.dfc.api.error;

import io.dfc.api.stability.Stability;
