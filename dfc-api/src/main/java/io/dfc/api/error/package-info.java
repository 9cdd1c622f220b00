/**
 * Errors: unchecked, one root ({@link io.dfc.api.error.DfcException}), one class per thing that a
 * caller can act on.
 */
package io.dfc.api.error;
