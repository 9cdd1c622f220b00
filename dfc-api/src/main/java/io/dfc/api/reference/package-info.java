/**
 * The reference backend: the executable specification, in float64 and plain loops. Speed is the
 * other backends' business; here a reader finds each equation in plain loops.
 *
 * <p>Throughout, {@code dv}, {@code db} and {@code dr} are deviations of somatic voltage, basal
 * voltage and rate from the feedforward pass, and arrays of a layer are row-major [samples, n_i].
 */
package io.dfc.api.reference;
